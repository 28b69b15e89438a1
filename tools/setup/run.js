#!/usr/bin/env node
/** The way in: sets up what a command needs, then runs it with the Node of the clone. Runs on any Node from 20 on. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { debianPrograms } from './debian.js'
import { node, npmPackages } from './npm.js'
import { environmentPath, pythonEnvironment } from './python.js'
import { explained, root, runSteps, SetupError } from './steps.js'

const servers = () => pythonEnvironment('user', 'JupyterLab')
/** JupyterHub's servers of other years, which must work with this hub unchanged. */
const oldServers = () =>
  ['2.3', '4.1', '5.4'].flatMap((version) => pythonEnvironment(`hub-${version}`, `JupyterHub ${version} for tests`))

const commands = {
  start: { steps: () => [npmPackages, ...servers()], words: ['src/cli/main.ts', 'start'] },
  himalia: { steps: () => [npmPackages, ...servers()], words: ['src/cli/main.ts'] },
  check: { steps: () => [npmPackages], words: ['tools/test/main.ts', '--checks'] },
  test: {
    steps: () => [npmPackages, ...servers(), ...debianPrograms({ bench: false }), ...oldServers()],
    words: ['tools/test/main.ts'],
  },
  bench: { steps: () => [npmPackages, ...servers(), ...debianPrograms({ bench: true })], words: ['bench/main.ts'] },
}

/** Sets up and runs; resolves with the exit code. */
export async function main([name, ...args]) {
  const command = commands[name]
  // Help needs nothing but the code.
  const steps = args.includes('--help') || args.includes('-h') ? [npmPackages] : command.steps()
  try {
    await runSteps(steps)
  } catch (error) {
    const known = explained(error)
    if (!(known instanceof SetupError)) throw error
    process.stderr.write(`${known.message}\n${known.hint}\n`)
    return 1
  }
  return launch([...command.words.with(0, join(root, command.words[0])), ...args])
}

/** Runs Node with our own input and output; signals that reach only this process are passed on. */
function launch(words) {
  return new Promise((resolve) => {
    const env = { ...process.env, HIMALIA_PYTHON: environmentPath('user') }
    const child = spawn(node, words, { stdio: 'inherit', env })
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
    // A terminal sends Ctrl-C to both; this process waits for the other to end.
    process.on('SIGINT', () => {})
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })
}

process.exitCode = await main(process.argv.slice(2))

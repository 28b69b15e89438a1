import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { node } from './npm.js'
import { made, root } from './paths.js'

/**
 * How the hub's processes are run: a small space for young objects (its answers are short; 25 MB less memory), and code
 * that is compiled once, not at each start (a third of the time to the first answer, 20 MB less memory), and one heap
 * of glibc's for all threads (13 MB less after a load; Node's threads hardly meet there).
 */
export const nodeFlags = ['--max-semi-space-size=4']
/** What is over in a moment collects no garbage while it runs: a third of a check's time. */
export const briefFlags = ['--min-semi-space-size=32']
export const nodeEnvironment = { NODE_COMPILE_CACHE: join(made, 'compile-cache'), MALLOC_ARENA_MAX: '1' }

/**
 * Runs a file with the Node of the clone in place of this process: same terminal, same signals, same exit code.
 * Never returns.
 * @param {string[]} args @param {Record<string, string>} env
 */
export function handOver(args, env) {
  const PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter)
  const child = spawn(node, [...(args[1] === 'config' ? briefFlags : nodeFlags), ...args], {
    stdio: 'inherit',
    env: { ...nodeEnvironment, ...process.env, PATH, ...env },
  })
  const pass = (signal) => child.kill(signal)
  process.on('SIGTERM', pass)
  // A terminal sends these to every process in front of it, the child among them; passing them on would double them.
  const atTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) process.on(signal, atTerminal ? () => {} : pass)
  if (process.env.npm_command === 'exec') followParent(() => child.kill('SIGTERM'))
  child.on('error', (error) => {
    process.stderr.write(`himalia: ${node} can't be run: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)))
  return new Promise(() => {})
}

/** `npx` puts a shell in between, and a signal to npx ends only that shell. */
function followParent(orphaned) {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    orphaned()
  }, 300)
}

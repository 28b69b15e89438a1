/** Runs a program of the set-up: its output is kept in a log, its last line shown. */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { explain, SetupError } from './failure.js'
import { made, root } from './paths.js'

const logFile = join(made, 'setup.log')
/** Programs that run now. */
const running = new Set()

/** For a set-up that is interrupted. */
export function endCommands() {
  for (const child of running) child.kill('SIGTERM')
}

/**
 * @param {readonly string[]} words the program and its arguments
 * @param {{ say?: (line: string) => void, env?: Record<string, string | undefined>, cwd?: string, what: string }} options
 * @returns {Promise<string>} what it printed
 */
export function runCommand([program, ...args], { say = () => {}, env = {}, cwd = root, what }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    running.add(child)
    let output = ''
    const hear = (chunk) => {
      output = (output + chunk).slice(-50_000)
      say(chunk.toString().trimEnd().split('\n').at(-1) ?? '')
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) =>
      reject(new SetupError(`${what} failed: ${program} can't be run (${error.code}).`, `Is ${program} installed?`)),
    )
    child.once('close', (code) => {
      running.delete(child)
      keep(`$ ${program} ${args.join(' ')}\n${output}\n`)
      if (code === 0) resolve(output)
      else reject(explain(what, output, logFile))
    })
  })
}

function keep(text) {
  try {
    mkdirSync(made, { recursive: true })
    appendFileSync(logFile, text)
  } catch {
    // On a full disk the log is lost, the sentence is not.
  }
}

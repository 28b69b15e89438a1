/** Runs a program of the set-up: its output is kept for the error, its last line shown. */
import { spawn } from 'node:child_process'
import { root, SetupError } from './steps.js'

/**
 * @param {readonly string[]} words the program and its arguments
 * @param {{ say?: (line: string) => void, env?: Record<string, string>, cwd?: string, what: string }} options
 */
export function runCommand([program, ...args], { say = () => {}, env = {}, cwd = root, what }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const hear = (chunk) => {
      output = (output + chunk).slice(-20_000)
      say(chunk.toString().trimEnd().split('\n').at(-1) ?? '')
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) =>
      reject(new SetupError(`${what} failed: ${error.message}`, `Is ${program} installed?`)),
    )
    child.once('close', (code) => (code === 0 ? resolve(output) : reject(failure(what, output))))
  })
}

function failure(what, output) {
  const tail = output.trimEnd().split('\n').slice(-15).join('\n')
  if (/ENOSPC|No space left/i.test(output)) {
    return new SetupError(
      `${what} failed: the disk is full.`,
      'Make some room (about 2 GB), then run the same command again.',
    )
  }
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|name resolution|Failed to fetch|Could not resolve/i.test(output)) {
    return new SetupError(
      `${what} failed: the package registry can't be reached.\n${tail}`,
      'Check the network or the proxy settings, then run the same command again.',
    )
  }
  return new SetupError(`${what} failed:\n${tail}`, 'Mend what it says, then run the same command again.')
}

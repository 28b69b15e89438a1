/** Runs programs and waits for conditions. */
import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A program or the cluster failed; the message is for a person. */
export class ClusterError extends Error {}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly timeoutMs?: number
}

/** What the program printed. Throws `ClusterError` with what it complained about. */
export async function run(words: readonly string[], options: RunOptions = {}): Promise<string> {
  const [program = '', ...args] = words
  try {
    const running = execute(program, args, {
      env: { ...process.env, ...options.env },
      cwd: options.cwd,
      timeout: options.timeoutMs ?? 120_000,
      maxBuffer: 64 * 1024 * 1024,
    })
    running.child.stdin?.on('error', () => {})
    running.child.stdin?.end(options.input)
    return (await running).stdout
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as { stdout?: string; stderr?: string; message: string }
    throw new ClusterError(`${words.join(' ')}: ${(stderr || stdout || message).trim()}`)
  }
}

/** Whether the program can be run and ends well. */
export async function succeeds(words: readonly string[], options?: RunOptions): Promise<boolean> {
  return run(words, options).then(
    () => true,
    () => false,
  )
}

/** The first answer that is neither null nor false. Throws `ClusterError` when there is none in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T | null | false>,
  { timeoutMs = 120_000, everyMs = 200 } = {},
): Promise<T> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const answer = await look()
    if (answer !== null && answer !== false) return answer
    if (Date.now() > end) throw new ClusterError(`Waited ${timeoutMs / 1000} s in vain: ${what}`)
    await sleep(everyMs)
  }
}

/** Programs of others: run to their end, line by line, and ended with all that they started. */
import { spawn } from 'node:child_process'
import { errors } from './errors.ts'
import { endChildrenFirst, endGroup } from './processes.ts'

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  readonly signal?: AbortSignal
  /** Standard output and error, as they come. */
  readonly onLine?: (line: string) => void
  /** For builders, which tidy up when what they run is ended before them: processes that belong to them beside their children. */
  readonly endFirst?: () => readonly number[]
  /** What the program is for, should it be missing: "to fetch repositories". */
  readonly purpose: string
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  /** The last lines of standard error, for a sentence. */
  readonly stderr: string
}

const keptErrors = 8192

/** Resolves whatever the exit code is; rejects when the program is missing or the signal ends it. */
export function runProgram(words: readonly [string, ...string[]], options: RunOptions): Promise<Ended> {
  const [program, ...args] = words
  options.signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    // A group of its own, so that a build's whole tree of processes can be ended.
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    let stdout = ''
    let stderr = ''
    const end = () => endGroup(child.pid)
    const abort = () => void (options.endFirst ? endChildrenFirst(child, options.endFirst) : end())
    options.signal?.addEventListener('abort', abort, { once: true })
    process.once('exit', end)
    const emit = options.onLine ?? (() => {})
    const out = lineSplitter(emit)
    const err = lineSplitter(emit)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (!options.onLine) stdout += text
      out.push(text)
    })
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-keptErrors)
      err.push(text)
    })
    child.stdin?.on('error', () => {}).end(options.input)
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? errors.PROGRAM_MISSING({ name: program, purpose: options.purpose }) : error),
    )
    child.on('close', (code, signal) => {
      options.signal?.removeEventListener('abort', abort)
      process.off('exit', end)
      out.flush()
      err.flush()
      if (options.signal?.aborted) return reject(options.signal.reason)
      resolve({ code: code ?? (signal ? 128 : 1), stdout, stderr: stderr.trim() })
    })
  })
}

/** Lines end with `\n`, or with a `\r` that no `\n` follows, as progress bars do. */
export function lineSplitter(emit: (line: string) => void): { push(text: string): void; flush(): void } {
  let rest = ''
  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?=[^\n])/)
      rest = lines.pop() ?? ''
      for (const line of lines) emit(line)
    },
    flush() {
      if (rest !== '') emit(rest)
      rest = ''
    },
  }
}

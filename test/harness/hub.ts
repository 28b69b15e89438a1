/** A real hub, run as its user runs it: the command line in a process of its own, in a data directory of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pythonEnvironment } from './python.ts'

const root = join(import.meta.dirname, '..', '..')

export interface HubOptions {
  /** The text of config.yaml; null for none. */
  readonly config: string | null
  /** Files beside it, by their names. */
  readonly files?: Readonly<Record<string, string>>
  /** Keep or share a data directory between starts. */
  readonly dataDir?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** More words for the command line. */
  readonly flags?: readonly string[]
}

export interface RunningHub extends AsyncDisposable {
  readonly dataDir: string
  /** `http://127.0.0.1:<port>`, no trailing slash. */
  readonly url: string
  readonly process: ChildProcess
  /** The one-time link, where one was printed. */
  readonly signInLink: string | null
  readonly adminToken: string
  /** All that it printed so far. */
  output(): string
  api(path: string, init?: RequestInit & { token?: string }): Promise<Response>
  /** `kill -9`, and waits until the process is gone. The proxy and the servers stay. */
  kill(): Promise<void>
  /** Ends the hub, its proxy and its servers; removes the data directory if it was made here. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Starts a hub and resolves when it says that it is ready. */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const made = options.dataDir === undefined
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'himalia-')))
  const flags = [
    '--data-dir',
    dataDir,
    '--port',
    `${options.port ?? 0}`,
    '--admin-token-file',
    join(dataDir, 'admin-token'),
    ...(options.flags ?? []),
  ]
  for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(dataDir, name), text)
  if (options.config !== null) {
    writeFileSync(join(dataDir, 'config.yaml'), options.config)
    flags.push('--config', join(dataDir, 'config.yaml'))
  }
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), 'start', ...flags], {
    env: { ...process.env, HIMALIA_PYTHON: pythonEnvironment('6.1'), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!text.includes('Ctrl-C stops')) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The hub did not start:\n${text}`)
    await sleep(20)
  }
  const [, url = ''] = /ready at (\S+?)\/?\s/.exec(text) ?? []
  const adminToken = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()
  const api: RunningHub['api'] = (path, { token = adminToken, ...init } = {}) =>
    fetch(`${url}/hub/api${path}`, { ...init, headers: { authorization: `token ${token}`, ...init.headers } })
  return {
    dataDir,
    url,
    process: child,
    signInLink: /^ {2}(http\S+)$/m.exec(text)?.[1] ?? null,
    adminToken,
    output: () => text,
    api,
    async kill() {
      child.kill('SIGKILL')
      await exited
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        await stopServers(api)
        child.kill('SIGTERM')
        await exited
      }
      if (made) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function stopServers(api: RunningHub['api']): Promise<void> {
  try {
    await api('/shutdown', { method: 'POST', body: JSON.stringify({ servers: true, proxy: true }) })
  } catch {
    // A hub that no longer answers has no servers to stop.
  }
}

/** Polls until `check` gives a value that is neither null nor false; fails with what was awaited after `ms`. */
export async function eventually<T>(what: string, check: () => Promise<T | null | false>, ms = 60_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await check()
    if (value !== null && value !== false) return value
    if (Date.now() > deadline) throw new Error(`Not within ${ms / 1000} s: ${what}`)
    await sleep(100)
  }
}

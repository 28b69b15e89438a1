/** What is kept of one server on disk: `<dataDir>/servers/<id>/`. */
import { randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ProcessIdentity } from './identity.ts'

const mostLogBytes = 8 * 1024 ** 2
const tailBytes = 64 * 1024

export interface ServerFolder {
  readonly path: string
  readonly log: string
  /** Where the launcher of an attempt writes who it is. */
  record(attempt: number): string
  /** Leave to launch an attempt, written before the launcher is called; the path of a new one. Older ones are void. */
  ticket(attempt: number): string
  /** Linked from its ticket by the one launcher that runs the attempt. */
  taken(attempt: number): string
  identity(attempt: number): ProcessIdentity | null
  /** Milliseconds since the ticket of a launch that has no record yet; null when none is under way. */
  launchAgeMs(attempt: number): number | null
  isTaken(attempt: number): boolean
  port(attempt: number): number | null
  keepPort(attempt: number, port: number): void
  exit(attempt: number): Exit | null
  keepExit(attempt: number, exit: Exit): void
  /** The newest attempt that left a trace; null when there is none. */
  lastAttempt(): number | null
  /** Forgets attempts before this one. */
  forgetBefore(attempt: number): void
  logTail(lines: number): readonly string[]
  /** An empty log for a new attempt. */
  newLog(): void
  /** Cuts a log that grew too large: a chatty server must not fill the disk. */
  boundLog(): void
  remove(): void
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

export function serverFolder(dataDir: string, serverId: number): ServerFolder {
  const path = join(dataDir, 'servers', `${serverId}`)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const file = (kind: string, attempt: number) => join(path, `${kind}-${attempt}`)
  const log = join(path, 'log')
  return {
    path,
    log,
    record: (attempt) => file('record', attempt),
    ticket(attempt) {
      for (const old of ticketsOf(path, attempt)) rmSync(old, { force: true })
      const made = `${file('ticket', attempt)}-${randomUUID()}`
      writeFileSync(made, '', { mode: 0o600 })
      return made
    },
    taken: (attempt) => file('taken', attempt),
    identity: (attempt) => parseIdentity(read(file('record', attempt))),
    launchAgeMs: (attempt) => ageOf(ticketsOf(path, attempt)[0] ?? file('taken', attempt)),
    isTaken: (attempt) => existsSync(file('taken', attempt)),
    port: (attempt) => Number(read(file('port', attempt))) || null,
    keepPort: (attempt, port) => writeWhole(file('port', attempt), `${port}`),
    exit: (attempt) => JSON.parse(read(file('exit', attempt)) ?? 'null') as Exit | null,
    keepExit: (attempt, exit) => writeWhole(file('exit', attempt), JSON.stringify(exit)),
    lastAttempt: () => attempts(path).sort((a, b) => b - a)[0] ?? null,
    forgetBefore(attempt) {
      for (const entry of readdirSync(path)) {
        const number = attemptOf(entry)
        if (number !== null && number < attempt) rmSync(join(path, entry), { recursive: true, force: true })
      }
    },
    logTail: (lines) => [...tail(`${log}.1`, lines), ...tail(log, lines)].slice(-lines),
    boundLog: () => bound(log),
    newLog() {
      rmSync(`${log}.1`, { force: true })
      closeSync(openSync(log, 'w', 0o600))
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

function attempts(path: string): number[] {
  return readdirSync(path)
    .filter((entry) => entry.startsWith('ticket-') || entry.startsWith('taken-'))
    .flatMap((entry) => attemptOf(entry) ?? [])
}

function ticketsOf(path: string, attempt: number): string[] {
  return readdirSync(path)
    .filter((entry) => entry.startsWith(`ticket-${attempt}-`))
    .map((entry) => join(path, entry))
}

function attemptOf(entry: string): number | null {
  const [, digits] = /^(?:record|ticket|taken|port|exit)-(\d+)(?:-|$)/.exec(entry) ?? []
  return digits === undefined ? null : Number(digits)
}

function parseIdentity(text: string | null): ProcessIdentity | null {
  const [pid, boot, started] = text?.trimEnd().split('\n') ?? []
  return pid && boot && started ? { pid: Number(pid), boot, started } : null
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function ageOf(file: string): number | null {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return null
  }
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

function tail(file: string, lines: number): readonly string[] {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(descriptor)
    const buffer = Buffer.alloc(Math.min(size, tailBytes))
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length)
    const all = buffer.toString('utf8').trimEnd().split('\n')
    return all.slice(-lines).filter((line, index) => line !== '' || index > 0)
  } finally {
    closeSync(descriptor)
  }
}

/** The server appends, so cutting the file under it is safe; the last part stays readable in `log.1`. */
function bound(file: string): void {
  let descriptor: number
  try {
    if (statSync(file).size <= mostLogBytes) return
    descriptor = openSync(file, 'r+')
  } catch {
    return
  }
  try {
    const kept = tail(file, 1000)
    // First: on a full disk this is what makes room.
    ftruncateSync(descriptor, 0)
    writeFileSync(`${file}.1`, `${kept.join('\n')}\n`, { mode: 0o600 })
  } finally {
    closeSync(descriptor)
  }
}

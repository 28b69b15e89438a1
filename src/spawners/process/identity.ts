/** Telling one process from another that got the same pid later. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** A process as its launcher wrote it down: the pid alone may be another's after a while. */
export interface ProcessIdentity {
  readonly pid: number
  /** The machine's boot; a pid of an earlier boot is nobody's. `-` where the system has none. */
  readonly boot: string
  /** When it started, as the system says it; never parsed, only compared. */
  readonly started: string
}

/** Whether this very process still runs. A zombie does not. */
export function isRunning(process: ProcessIdentity): boolean {
  return process.boot === bootId() && startOf(process.pid) === process.started
}

/** Null when there is no such process, or only a zombie of it. */
export function startOf(pid: number): string | null {
  return hasProc ? startInProc(pid) : startByPs(pid)
}

function startInProc(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`)
  if (stat === null) return null
  // The name stands in parentheses and may hold spaces; the state is the 3rd field, the start the 22nd.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null)
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/** Every process whose environment holds `NAME=value`, this one apart: a server's kernels and terminals inherit it. */
export function processesMarked(mark: string): readonly number[] {
  if (!hasProc) return []
  const wanted = Buffer.from(`${mark}\0`)
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => `\0${readOrNull(`/proc/${pid}/environ`) ?? ''}`.includes(`\0${wanted.toString()}`))
    .map(Number)
    .filter((pid) => startOf(pid) !== null)
}

const hasProc = readOrNull('/proc/self/stat') !== null

let boot: string | null = null
export function bootId(): string {
  boot ??= readOrNull('/proc/sys/kernel/random/boot_id')?.trim() ?? '-'
  return boot
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

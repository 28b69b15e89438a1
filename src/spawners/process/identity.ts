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
  return statFields(pid)?.[19] ?? null
}

/** From the state on: the name before it stands in parentheses and may hold spaces. */
function statFields(pid: number): readonly string[] | null {
  const stat = readOrNull(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? ['X']
  return fields[0] === 'Z' || fields[0] === 'X' ? null : fields
}

function startByPs(pid: number): string | null {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}

/**
 * Every process of a server, this one apart: those whose environment holds `NAME=value`, as its kernels and terminals
 * inherit it, and those that descend from them or share their session, whatever they did to their environment.
 */
export function processesMarked(mark: string): readonly number[] {
  if (!hasProc) return []
  const alive = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? (relationsOf(Number(entry)) ?? []) : []))
  const own = alive.find(({ pid }) => pid === process.pid)
  const others = alive.filter(({ pid, session }) => pid !== process.pid && session !== own?.session)
  const found = new Set(others.filter(({ pid }) => isMarked(pid, mark)).map(({ pid }) => pid))
  for (let before = -1; before !== found.size; ) {
    before = found.size
    for (const { pid, parent, session } of others) if (found.has(parent) || found.has(session)) found.add(pid)
  }
  return [...found]
}

function isMarked(pid: number, mark: string): boolean {
  return `\0${readOrNull(`/proc/${pid}/environ`) ?? ''}`.includes(`\0${mark}\0`)
}

/** The processes that one is bound to; null when it is gone, or a zombie. */
function relationsOf(pid: number): { pid: number; parent: number; session: number } | null {
  const fields = statFields(pid)
  return fields && { pid, parent: Number(fields[1]), session: Number(fields[3]) }
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

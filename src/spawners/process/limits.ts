/** Memory and CPU limits through control groups (version 2, or 1 where the system still has it). */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Limits {
  readonly memLimitBytes: number | null
  readonly cpuLimit: number | null
}

/** The control group of one server. */
export interface LimitGroup {
  /** Files that the launcher writes its pid to. */
  readonly members: readonly string[]
  /** Whether a process of the group was killed because its memory was used up. */
  ranOutOfMemory(): boolean
  /** Null: no limit. */
  memLimitBytes(): number | null
  processes(): readonly number[]
  /** False while a process of it is still ending. */
  remove(): boolean
}

export interface Limiter {
  /** Makes the group with these limits; one that is there gets them. */
  group(name: string, limits: Limits): LimitGroup
  /** The group as it is, or null. */
  existing(name: string): LimitGroup | null
}

const root = '/sys/fs/cgroup'
const period = 100_000

/** What this machine lets this process do; null: limits can't be enforced. */
export function findLimiter(): Limiter | null {
  const limiter = existsSync(join(root, 'cgroup.controllers')) ? versionTwo() : versionOne()
  if (!limiter) return null
  try {
    limiter.group(`trial-${randomUUID()}`, { memLimitBytes: 1024 ** 3, cpuLimit: 1 }).remove()
    return limiter
  } catch {
    return null
  }
}

function versionTwo(): Limiter {
  const parent = join(root, 'himalia')
  const groupAt = (path: string) =>
    groupOf([path], { kills: () => counter(join(path, 'memory.events'), 'oom_kill'), limit: join(path, 'memory.max') })
  return {
    existing: (name) => (existsSync(join(parent, name)) ? groupAt(join(parent, name)) : null),
    group(name, { memLimitBytes, cpuLimit }) {
      mkdirSync(parent, { recursive: true })
      for (const folder of [root, parent]) write(join(folder, 'cgroup.subtree_control'), '+memory +cpu')
      const path = join(parent, name)
      mkdirSync(path, { recursive: true })
      write(join(path, 'memory.max'), memLimitBytes === null ? 'max' : `${memLimitBytes}`)
      write(join(path, 'cpu.max'), cpuLimit === null ? `max ${period}` : `${Math.round(cpuLimit * period)} ${period}`)
      return groupAt(path)
    },
  }
}

function versionOne(): Limiter | null {
  const memory = join(root, 'memory')
  const cpu = [join(root, 'cpu'), join(root, 'cpu,cpuacct')].find((path) => existsSync(path))
  if (!existsSync(memory) || !cpu) return null
  const pathsOf = (name: string) => [join(memory, 'himalia', name), join(cpu, 'himalia', name)] as const
  const groupAt = (paths: readonly [string, string]) =>
    groupOf(paths, {
      kills: () => counter(join(paths[0], 'memory.oom_control'), 'oom_kill'),
      limit: join(paths[0], 'memory.limit_in_bytes'),
    })
  return {
    existing: (name) => (existsSync(pathsOf(name)[0]) ? groupAt(pathsOf(name)) : null),
    group(name, { memLimitBytes, cpuLimit }) {
      const paths = pathsOf(name)
      for (const path of paths) mkdirSync(path, { recursive: true })
      write(join(paths[0], 'memory.limit_in_bytes'), `${memLimitBytes ?? -1}`)
      write(join(paths[1], 'cpu.cfs_period_us'), `${period}`)
      write(join(paths[1], 'cpu.cfs_quota_us'), `${cpuLimit === null ? -1 : Math.round(cpuLimit * period)}`)
      return groupAt(paths)
    },
  }
}

function groupOf(paths: readonly string[], { kills, limit }: { kills: () => number; limit: string }): LimitGroup {
  const members = paths.map((path) => join(path, 'cgroup.procs'))
  const processes = () => [...new Set(members.flatMap((file) => read(file).split('\n').filter(Boolean).map(Number)))]
  return {
    members,
    ranOutOfMemory: () => kills() > 0,
    memLimitBytes() {
      const bytes = Number(read(limit).trim())
      // "No limit" is the word `max`, or a number beyond any machine's memory.
      return bytes > 0 && bytes < 2 ** 60 ? bytes : null
    },
    processes,
    remove() {
      return paths.map((path) => !existsSync(path) || removeFolder(path)).every(Boolean)
    },
  }
}

function removeFolder(path: string): boolean {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) removeFolder(join(path, entry.name))
    rmdirSync(path)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EBUSY' && code !== 'ENOENT') throw error
    return code === 'ENOENT'
  }
}

function counter(file: string, name: string): number {
  const [, count] = new RegExp(`^${name} (\\d+)$`, 'm').exec(read(file)) ?? []
  return Number(count ?? 0)
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function write(file: string, text: string): void {
  writeFileSync(file, text)
}

/** A control group for one build: it holds every process that the build starts, also those that leave their parents. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import { kill } from '../processes.ts'

export interface ControlGroup extends Disposable {
  /** Runs the command that follows inside of the group. */
  readonly prefix: readonly string[]
  members(): number[]
}

/** Null where this machine lets us make none, unless the memory is to be limited: then that is said. */
export function openControlGroup(memoryBytes: number | null): ControlGroup | null {
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const parent = isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory'
  const folder = join(parent, `himalia-build-${process.pid}-${counter()}`)
  try {
    mkdirSync(folder)
    if (memoryBytes !== null) limit(folder, memoryBytes, isUnified)
  } catch (error) {
    if (memoryBytes === null) return null
    throw errors.BUILD_MEMORY_UNENFORCED({ why: `no control group can be made (${messageOf(error)})` }, error)
  }
  const members = () => readMembers(folder)
  return {
    prefix: ['sh', '-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'sh'],
    members,
    [Symbol.dispose]() {
      // A program that a step has put into the background ends with the build.
      for (const pid of members()) kill(pid)
      removeWhenEmpty(folder)
    },
  }
}

let opened = 0
function counter(): number {
  opened += 1
  return opened
}

function limit(folder: string, bytes: number, isUnified: boolean): void {
  writeFileSync(join(folder, isUnified ? 'memory.max' : 'memory.limit_in_bytes'), String(bytes))
  if (isUnified) writeFileSync(join(folder, 'memory.swap.max'), '0')
}

function readMembers(folder: string): number[] {
  try {
    return readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** The kernel takes a moment to forget processes that have been killed; an empty group that stays harms nobody. */
function removeWhenEmpty(folder: string, attempts = 50): void {
  try {
    rmdirSync(folder)
  } catch {
    if (attempts > 0) setTimeout(() => removeWhenEmpty(folder, attempts - 1), 100).unref()
  }
}

/** A limit on a build's memory, by a control group of its own. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'

export interface MemoryGroup extends Disposable {
  /** Runs the command that follows inside of the group. */
  readonly prefix: readonly string[]
}

export function limitMemory(bytes: number): MemoryGroup {
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers')
  const parent = isUnified ? '/sys/fs/cgroup' : '/sys/fs/cgroup/memory'
  const folder = join(parent, `himalia-build-${process.pid}-${Date.now()}`)
  try {
    mkdirSync(folder)
    writeFileSync(join(folder, isUnified ? 'memory.max' : 'memory.limit_in_bytes'), String(bytes))
    if (isUnified) writeFileSync(join(folder, 'memory.swap.max'), '0')
  } catch (error) {
    throw errors.BUILD_MEMORY_UNENFORCED({ why: `no control group can be made (${messageOf(error)})` }, error)
  }
  return {
    prefix: ['sh', '-c', `echo $$ > ${join(folder, 'cgroup.procs')} && exec "$@"`, 'sh'],
    [Symbol.dispose]() {
      try {
        rmdirSync(folder)
      } catch {
        // A process of the build that has not ended yet keeps it; it is empty and harms nobody.
      }
    },
  }
}

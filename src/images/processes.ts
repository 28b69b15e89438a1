/** Ending programs of others with all that they have started. */
import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const graceMs = 20_000
const everyMs = 100

export function endGroup(pid: number | undefined): void {
  if (pid !== undefined) kill(-pid)
}

/**
 * A builder whose command dies removes its container and ends by itself; one that is killed leaves both behind. So what
 * it runs is ended, again and again, and the builder itself only when it does not end by then. `members` are those that
 * belong to it although they have left their parents.
 */
export async function endChildrenFirst(child: ChildProcess, members: () => readonly number[]): Promise<void> {
  const { pid } = child
  for (let waited = 0; pid !== undefined && isRunning(child) && waited < graceMs; waited += everyMs) {
    const others = new Set([...descendants(pid), ...members()])
    for (const other of others) if (other !== pid && !isBuilder(other)) kill(other)
    await sleep(everyMs)
  }
  if (isRunning(child)) endGroup(pid)
}

const isRunning = (child: ChildProcess) => child.exitCode === null && child.signalCode === null

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

/** Buildah and Podman run parts of themselves as processes of their own. */
function isBuilder(pid: number): boolean {
  return /^(\/proc\/self\/exe|buildah|podman|storage-|fuse-overlayfs)/.test(readOr(`/proc/${pid}/cmdline`, ''))
}

/** Of Linux; elsewhere there are none to be found, and the group is ended. */
function descendants(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of entries('/proc')) {
    const [, parent] = /\) \S (\d+) /.exec(readOr(`/proc/${name}/stat`, '')) ?? []
    if (parent) parents.set(Number(parent), [...(parents.get(Number(parent)) ?? []), Number(name)])
  }
  const found: number[] = []
  for (let queue = parents.get(pid) ?? []; queue.length > 0; queue = queue.flatMap((other) => parents.get(other) ?? []))
    found.push(...queue)
  return found
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}

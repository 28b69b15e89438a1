/** A build may not run for ever, nor fill the disk: what goes beyond is ended with all its processes. */
import { statfsSync } from 'node:fs'
import { formatBytes } from '#base/bytes.ts'
import { errors } from '../errors.ts'
import type { BuildLimits } from './request.ts'

const everyMs = 500

export interface Watch extends Disposable {
  readonly signal: AbortSignal
}

/** `folder` is on the disk that is watched. */
export function watchLimits(limits: BuildLimits, folder: string, signal: AbortSignal): Watch {
  const ended = new AbortController()
  const timers: NodeJS.Timeout[] = []
  const { seconds, diskBytes } = limits
  if (seconds !== null) {
    const late = () => ended.abort(errors.BUILD_TIMED_OUT({ limit: `${seconds} seconds` }))
    timers.push(setTimeout(late, seconds * 1000))
  }
  if (diskBytes !== null) {
    const start = freeBytes(folder)
    const look = () => {
      if (start - freeBytes(folder) > diskBytes) ended.abort(errors.BUILD_DISK_LIMIT({ limit: formatBytes(diskBytes) }))
    }
    timers.push(setInterval(look, everyMs))
  }
  return {
    signal: AbortSignal.any([signal, ended.signal]),
    [Symbol.dispose]() {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

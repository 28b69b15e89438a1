import { messageOf } from '#base/errors.ts'
import { errors } from '../../errors.ts'
import type { Repository } from '../../repository/tree.ts'
import { readRuntime } from '../parts/runtime.ts'

/** The last release of each line. */
const releases: Record<string, string> = {
  '4.6': '4.6.1',
  '4.5': '4.5.1',
  '4.4': '4.4.2',
  '4.3': '4.3.3',
  '4.2': '4.2.3',
  '4.1': '4.1.3',
  '4.0': '4.0.5',
  '3.6': '3.6.3',
  '3.5': '3.5.3',
  '3.4': '3.4.4',
  '3.3': '3.3.3',
}
const byDefault = '4.4.2'
/** Posit's snapshots begin here; those of before were Microsoft's, which ended. */
const firstDay = '2018-12-07'

export function rVersion(repository: Repository): string {
  const runtime = readRuntime(repository)
  const wanted = (runtime?.name === 'r' ? runtime.version : null) ?? lockedVersion(repository)
  if (wanted === null) return byDefault
  if (/^\d+\.\d+\.\d+$/.test(wanted)) return wanted
  const release = releases[wanted]
  if (!release) throw errors.R_VERSION_UNKNOWN({ version: wanted, known: Object.keys(releases).join(', ') })
  return release
}

/** Null: the lock of renv names its own repositories. */
export function snapshotDate(repository: Repository, today: string): string | null {
  const runtime = readRuntime(repository)
  if (runtime?.name === 'r' && runtime.date !== null) {
    if (runtime.date < firstDay)
      throw errors.FILE_INVALID({
        file: runtime.file,
        why: `asks for CRAN of ${runtime.date}; snapshots begin on ${firstDay}`,
      })
    return runtime.date
  }
  // Today's and yesterday's may not be there yet.
  return new Date(Date.parse(`${today}T00:00:00Z`) - 2 * 86_400_000).toISOString().slice(0, 10)
}

function lockedVersion(repository: Repository): string | null {
  const file = repository.config('renv.lock')
  if (!file) return null
  try {
    const lock = JSON.parse(repository.text(file)) as { R?: { Version?: string } }
    return lock.R?.Version ?? null
  } catch (error) {
    throw errors.FILE_INVALID({ file, why: `is no JSON: ${messageOf(error)}` }, error)
  }
}

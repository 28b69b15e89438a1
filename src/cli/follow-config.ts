/** Takes up changes of the configuration while the hub runs. */
import { stat } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { formatProblems, hasErrors, type Loaded, type Settings } from '#config'

export interface ConfigFiles {
  /** All that was read, those that references name included; none: there is nothing to follow. */
  readonly read: readonly string[]
  /** Reads them again. */
  readonly load: () => Promise<Loaded>
  /** Calls `ask` when something else than the files says that there is news; until the signal. */
  readonly listen?: (ask: () => void, signal: AbortSignal) => Promise<void>
}

export interface Taker {
  /** Returns the keys that wait for a restart. */
  reload(settings: Settings): Promise<readonly string[]>
  refuse(why: string): void
}

/** What the log says of each change; the doctor reads it there. */
export const reloadSentences = {
  taken: 'The changed configuration is in use',
  refused: 'The changed configuration has errors; the one before stays in use',
} as const

/** Editors write in steps: a file is read when it has been still for so long. */
const everyMs = 1000

/**
 * Looks at the files every second, and at once after SIGHUP, until the signal. Looking, not being told: a ConfigMap's
 * files are links that change their target, and network file systems tell nothing.
 */
export async function followConfig(
  files: ConfigFiles,
  { taker, log }: { taker: Taker; log: Log },
  signal: AbortSignal,
): Promise<void> {
  if (files.read.length === 0) return
  let { read } = files
  let taken = await stampOf(read)
  let before = taken
  let isAsked = false
  const ask = () => {
    isAsked = true
  }
  process.on('SIGHUP', ask)
  const listening = files.listen?.(ask, signal)
  try {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal }).catch(() => {})
      const now = await stampOf(read)
      const isStill = now === before
      before = now
      if (signal.aborted || !(isAsked || (isStill && now !== taken))) continue
      isAsked = false
      taken = now
      read = await takeUp(files, { taker, log })
      before = await stampOf(read)
      taken = before
    }
  } finally {
    process.off('SIGHUP', ask)
    await listening
  }
}

async function takeUp(
  { read, load }: ConfigFiles,
  { taker, log }: { taker: Taker; log: Log },
): Promise<readonly string[]> {
  const { settings, problems, readFiles } = await load()
  try {
    if (settings === null)
      throw new Error(
        formatProblems(
          problems.filter((one) => hasErrors([one])),
          { color: false },
        ),
      )
    const waiting = await taker.reload(settings)
    log.info({ files: read, waiting }, reloadSentences.taken)
    if (waiting.length > 0) log.warn({ waiting }, 'Some of its changes need a restart of the hub')
  } catch (error) {
    const why = messageOf(error)
    taker.refuse(why)
    log.error({ files: read, problem: why }, reloadSentences.refused)
  }
  return readFiles
}

/** Differs when a file was written, replaced, made or removed. */
async function stampOf(files: readonly string[]): Promise<string> {
  const stamps = await Promise.all(
    files.map(async (file) => {
      const { ino, size, mtimeMs } = await stat(file).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }))
      return `${ino}/${size}/${mtimeMs}`
    }),
  )
  return stamps.join(' ')
}

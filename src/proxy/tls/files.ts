/** The pair of two files, taken up again when they change, without a restart and without a dropped connection. */
import { stat } from 'node:fs/promises'
import type { Server } from 'node:https'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { contextOptions } from './context.ts'
import { type Pair, type PairFiles, readPair } from './pair.ts'

/** Looking, not being told: the files of a Secret are links that change their target. */
const everyMs = 2_000
const warnBeforeMs = 14 * 86_400_000

export interface FollowDeps {
  readonly log: Log
  readonly clock: Clock
  readonly ciphers: string | null
}

/** Runs until the signal. A pair that does not fit is reported once, and the one before stays. */
export async function followFiles(
  server: Server,
  { files, first }: { files: PairFiles; first: Pair },
  deps: FollowDeps,
  signal: AbortSignal,
): Promise<void> {
  const { log, clock } = deps
  let pair = first
  let taken = await stampOf(files)
  let warned = false
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal).catch(() => {})
    if (signal.aborted) return
    const stamp = await stampOf(files)
    if (stamp !== taken) {
      taken = stamp
      pair = await takeUp(server, { files, before: pair }, deps)
      warned = false
    }
    if (!warned && pair.expiresAt - clock.now() < warnBeforeMs) {
      warned = true
      log.warn({ cert: files.cert, expires: new Date(pair.expiresAt).toISOString() }, 'The certificate expires soon')
    }
  }
}

async function takeUp(
  server: Server,
  { files, before }: { files: PairFiles; before: Pair },
  { log, clock, ciphers }: FollowDeps,
): Promise<Pair> {
  try {
    const pair = await readPair(files, clock.now())
    server.setSecureContext(contextOptions(pair, ciphers))
    const expires = new Date(pair.expiresAt).toISOString()
    log.info({ cert: files.cert, names: pair.names, expires }, 'The changed certificate is in use')
    return pair
  } catch (error) {
    log.error(
      { cert: files.cert, problem: messageOf(error) },
      'The changed certificate is not used; the one before stays',
    )
    return before
  }
}

async function stampOf({ key, cert }: PairFiles): Promise<string> {
  const stamps = [key, cert].map(async (file) => {
    const { ino, size, mtimeMs } = await stat(file).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }))
    return `${ino}/${size}/${mtimeMs}`
  })
  return (await Promise.all(stamps)).join(' ')
}

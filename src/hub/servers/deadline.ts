import type { Clock } from '#base/clock.ts'

/** Thrown in place of a result that did not come in time. */
export class DeadlinePassed extends Error {
  override readonly name = 'DeadlinePassed'
}

/** One for all: an abort without a reason makes an error with its stack each time. */
const finished = new Error('It is done')

/**
 * Gives `work` a signal that is aborted after `ms` or with `signal`, and stops waiting for it `graceMs` later, even if
 * it does not listen.
 */
export async function within<T>(
  clock: Clock,
  { ms, signal, graceMs = 0 }: { ms: number; signal: AbortSignal; graceMs?: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const over = new AbortController()
  const done = new AbortController()
  clock.sleep(Math.max(ms, 0), done.signal).then(
    () => over.abort(new DeadlinePassed(`Not done within ${ms} ms`)),
    () => {},
  )
  const both = AbortSignal.any([signal, over.signal])
  const aborted = new Promise<never>((_, reject) => {
    const giveUp = () => clock.sleep(graceMs, done.signal).then(() => reject(both.reason), reject)
    both.addEventListener('abort', () => void giveUp(), { once: true, signal: done.signal })
  })
  try {
    return await Promise.race([work(both), aborted])
  } finally {
    done.abort(finished)
  }
}

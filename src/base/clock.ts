/** Time comes in from outside, so tests are exact. All instants inside Himalia are integer milliseconds since 1970. */
export type Millis = number

export interface Clock {
  now(): Millis
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const timer = setTimeout(done, ms)
      const abort = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      function done() {
        signal?.removeEventListener('abort', abort)
        resolve()
      }
      signal?.addEventListener('abort', abort, { once: true })
    }),
}

/** `2026-08-20T12:00:00.123000Z`, the form of all times in JupyterHub's JSON; null stays null. */
export function isoTime(at: Millis | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, -1)}000Z`
}

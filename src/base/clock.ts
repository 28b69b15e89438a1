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

const dayMs = 86_400_000
let lastDay = Number.NaN
let lastDate = ''

/**
 * `2026-08-20T12:00:00.123000Z`, the form of all times in JupyterHub's JSON; null stays null. A list of users is made
 * of little else, so the date is kept (0.1 µs a time against 0.4).
 */
export function isoTime(at: Millis | null): string | null {
  if (at === null) return null
  const day = Math.floor(at / dayMs)
  if (day !== lastDay) {
    lastDate = new Date(day * dayMs).toISOString().split('T', 1)[0]!
    lastDay = day
  }
  const ms = Math.floor(at - day * dayMs)
  const seconds = Math.floor(ms / 1000)
  const minutes = Math.floor(seconds / 60)
  const time = `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}`
  return `${lastDate}T${time}.${String(ms % 1000).padStart(3, '0')}000Z`
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}

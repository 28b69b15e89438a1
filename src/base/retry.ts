import type { Clock } from './clock.ts'

export interface RetryOptions {
  attempts: number
  /** Delay before the second attempt, in ms; doubles after each. */
  firstDelayMs: number
  maxDelayMs: number
  /** False means: give up now and throw. Default: every error is worth another attempt. */
  isRetryable?: (error: unknown) => boolean
  signal?: AbortSignal
  /** A float in [0, 1); full jitter when given. */
  fraction?: () => number
}

/** The one retry loop. Throws the last error. */
export async function retry<T>(clock: Clock, options: RetryOptions, work: (attempt: number) => Promise<T>): Promise<T> {
  let delay = options.firstDelayMs
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt)
    } catch (error) {
      options.signal?.throwIfAborted()
      if (attempt >= options.attempts || options.isRetryable?.(error) === false) throw error
      await clock.sleep(delay * (options.fraction?.() ?? 1), options.signal)
      delay = Math.min(delay * 2, options.maxDelayMs)
    }
  }
}

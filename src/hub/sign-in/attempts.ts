import type { Millis } from '#base/clock.ts'
import { errors } from './errors.ts'

interface Failures {
  readonly count: number
  readonly lastAt: Millis
}

const longestWaitMs = 300_000
/** After so long without any, failures are forgotten. */
const forgottenAfterMs = 900_000
const capacity = 50_000

/** Slows down guessing: failures are counted by who guesses, and for what. */
export class Attempts {
  readonly #failures = new Map<string, Failures>()
  /** So many may fail; then each one has to wait twice as long as the one before. */
  readonly #free: number

  constructor({ free }: { free: number }) {
    this.#free = free
  }

  /**
   * Counts an attempt before its outcome is known, so that many at once are counted, too; `succeeded` takes it back.
   * Errors: TOO_MANY_ATTEMPTS.
   */
  begin(key: string, now: Millis): void {
    this.#check(key, now)
    this.#count(key, now)
  }

  succeeded(key: string): void {
    this.#failures.delete(key)
  }

  #check(key: string, now: Millis): void {
    const failures = this.#failures.get(key)
    if (!failures || failures.count < this.#free) return
    const waitMs = Math.min(1000 * 2 ** (failures.count - this.#free), longestWaitMs)
    const leftMs = failures.lastAt + waitMs - now
    if (leftMs > 0) throw errors.TOO_MANY_ATTEMPTS({ retryAfterSeconds: Math.ceil(leftMs / 1000) })
  }

  #count(key: string, now: Millis): void {
    const before = this.#failures.get(key)
    const count = before && now - before.lastAt < forgottenAfterMs ? before.count + 1 : 1
    this.#failures.delete(key)
    if (this.#failures.size >= capacity) this.#failures.delete(this.#failures.keys().next().value!)
    this.#failures.set(key, { count, lastAt: now })
  }
}

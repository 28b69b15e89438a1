import { addFailure, clearFailures, failuresOf } from '#store'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'

type Parts = Pick<HubContext, 'store' | 'clock'>

const longestWaitMs = 300_000
/** After so long without any, failures are forgotten. */
const forgottenAfterMs = 900_000

/** Slows down guessing: failures are counted by who guesses, and for what, for all hubs of a database together. */
export class Attempts {
  readonly #parts: Parts
  readonly #what: string
  /** So many may fail; then each one has to wait twice as long as the one before. */
  readonly #free: number

  constructor(parts: Parts, { what, free }: { what: string; free: number }) {
    this.#parts = parts
    this.#what = what
    this.#free = free
  }

  /**
   * Counts an attempt before its outcome is known, so that many at once are counted, too; `succeeded` takes it back.
   * Errors: TOO_MANY_ATTEMPTS.
   */
  async begin(who: string): Promise<void> {
    const { store, clock } = this.#parts
    const key = `${this.#what} ${who}`
    const now = clock.now()
    const { count, lastAt } = await failuresOf(store.db, key, now)
    this.#check(count, lastAt + waitMs(count - this.#free) - now)
    const counted = await addFailure(store.db, { key, now, forgetAt: now + forgottenAfterMs })
    // Others came in between.
    if (counted > count + 1) this.#check(counted - 1, waitMs(counted - 1 - this.#free))
  }

  async succeeded(who: string): Promise<void> {
    await clearFailures(this.#parts.store.db, `${this.#what} ${who}`)
  }

  #check(count: number, leftMs: number): void {
    if (count < this.#free || leftMs <= 0) return
    throw errors.TOO_MANY_ATTEMPTS({ retryAfterSeconds: Math.ceil(leftMs / 1000) })
  }
}

const waitMs = (tooMany: number): number => Math.min(1000 * 2 ** tooMany, longestWaitMs)

import { errors } from '../errors.ts'

const limitMs = 15_000

/**
 * Lets one writer in at a time, in the order of asking. Errors: DATABASE_BUSY after 15 s, which also turns the mistake
 * of using the outer `db` inside a transaction into an error instead of a wait without end.
 */
export class WriteLock {
  #held = false
  readonly #waiting: { enter: () => void }[] = []

  async enter(): Promise<void> {
    if (!this.#held) {
      this.#held = true
      return
    }
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1)
        reject(errors.DATABASE_BUSY({ seconds: limitMs / 1000 }))
      }, limitMs)
      const waiter = {
        enter: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiting.push(waiter)
    })
  }

  /** Hands the lock to the next in line. */
  leave(): void {
    const next = this.#waiting.shift()
    if (next) next.enter()
    else this.#held = false
  }
}

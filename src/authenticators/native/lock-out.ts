import type { Millis } from '#base/clock.ts'

interface Failures {
  readonly count: number
  readonly lastAt: Millis
}

export interface LockRule {
  /** 0: never locked. */
  readonly allowed: number
  readonly lockMs: number
}

const capacity = 50_000

/** Counts wrong passwords by name, known or not, so that a lock tells nothing about who exists. */
export class LockOut {
  readonly #failures = new Map<string, Failures>()

  /** How long the name stays locked; 0 when it is not. */
  remainingMs(name: string, { allowed, lockMs }: LockRule, now: Millis): number {
    const failures = this.#failures.get(name)
    if (!failures || allowed === 0 || failures.count < allowed) return 0
    return Math.max(0, failures.lastAt + lockMs - now)
  }

  /** Failures are forgotten after the time that a lock lasts. */
  failed(name: string, { lockMs }: LockRule, now: Millis): void {
    const before = this.#failures.get(name)
    const count = before && now - before.lastAt < lockMs ? before.count + 1 : 1
    this.#failures.delete(name)
    if (this.#failures.size >= capacity) this.#failures.delete(this.#failures.keys().next().value!)
    this.#failures.set(name, { count, lastAt: now })
  }

  succeeded(name: string): void {
    this.#failures.delete(name)
  }
}

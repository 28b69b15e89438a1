import type { Clock, Millis } from '#base/clock.ts'
import type { ServerLease } from '#store'

/** Thrown inside a step whose lease is gone: stop at once and write nothing more. */
export class LeaseLost extends Error {}
/** Thrown inside a step that the changed wish made pointless. */
export class WishChanged extends Error {}

const nothingSeen = 'nothing was heard of it'
/** One for all: an abort without a reason makes an error with its stack each time. */
const woken = new Error('There is news')

/** One server in this process's hands, from the claim of its lease to its release. */
export class Work {
  readonly lease: ServerLease
  readonly claimedAt: Millis
  /** Of the row that the present step was decided on. */
  generation: number | null = null
  /** What the last look gave, in words, for the sentence of a timeout. */
  lastSeen = nothingSeen
  /** The bar never goes back. */
  progress = 0
  /** Since when something that may be any web application answers at the server's address. */
  plainSince: Millis | null = null
  /** How long the attempt may take; what it is to be does not change under way. */
  patience: { readonly attempt: number; readonly startSeconds: number; readonly answerSeconds: number } | null = null
  readonly #heard = new Set<string>()
  #tries = 0
  #isWoken = false
  #nap: AbortController | null = null
  readonly #end = new AbortController()
  #step = new AbortController()

  constructor(lease: ServerLease, claimedAt: Millis) {
    this.lease = lease
    this.claimedAt = claimedAt
  }

  /** Aborted when the lease is lost or the hub ends. */
  get signal(): AbortSignal {
    return this.#end.signal
  }

  /** Aborted, besides, when the wish changes. */
  get stepSignal(): AbortSignal {
    return AbortSignal.any([this.#end.signal, this.#step.signal])
  }

  /** Something happened that no look has followed yet. */
  get isWoken(): boolean {
    return this.#isWoken
  }

  /** Those of the news that were not told before. */
  unheard<T extends { readonly key: string }>(news: readonly T[]): readonly T[] {
    const fresh = news.filter(({ key }) => !this.#heard.has(key))
    for (const { key } of fresh) this.#heard.add(key)
    return fresh
  }

  abandon(reason: Error): void {
    this.#end.abort(reason)
  }

  interrupt(): void {
    this.#step.abort(new WishChanged('The wish has changed'))
    this.wake()
  }

  /** A new look at the row: what was news before is known now. */
  look(generation: number): void {
    this.#isWoken = false
    if (this.#step.signal.aborted) this.#step = new AbortController()
    if (generation !== this.generation) {
      this.again()
      this.progress = 0
      this.lastSeen = nothingSeen
    }
    this.generation = generation
  }

  /** Ends a pause, or the next one before it begins. */
  wake(): void {
    this.#isWoken = true
    this.#nap?.abort(woken)
  }

  /** The next pause is a short one again. */
  again(): void {
    this.#tries = 0
  }

  /** Waits, longer each time, or until woken. Throws when the work is over. */
  async pause(clock: Clock, { firstMs, maxMs }: { firstMs: number; maxMs: number }): Promise<void> {
    const ms = Math.min(firstMs * 1.5 ** this.#tries, maxMs)
    this.#tries += 1
    if (!this.#isWoken) {
      const nap = new AbortController()
      this.#nap = nap
      await clock.sleep(ms, AbortSignal.any([this.signal, nap.signal])).catch(() => {})
      this.#nap = null
    }
    this.#isWoken = false
    this.signal.throwIfAborted()
  }
}

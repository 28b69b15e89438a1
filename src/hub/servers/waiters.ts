import type { Clock } from '#base/clock.ts'
import type { Store } from '#store'
import { serverTopic } from './deps.ts'

/** Notices may be lost, and on SQLite they do not reach other processes. */
const pollMs = 1_000

/** Waits for "something about this server changed": one subscription for all who wait in this process. */
export class Waiters {
  readonly #clock: Clock
  readonly #waiting = new Map<number, Set<() => void>>()
  readonly #unsubscribe: () => void

  constructor(store: Store, clock: Clock) {
    this.#clock = clock
    this.#unsubscribe = store.notices.subscribe(serverTopic, (id) => {
      for (const wake of this.#waiting.get(id) ?? []) wake()
    })
  }

  /** Begins to listen; a change between this and `next` is not missed. */
  listen(serverId: number): { next(ms: number, signal?: AbortSignal): Promise<void>; end(): void } {
    let isWoken = false
    let nap: AbortController | null = null
    const wake = () => {
      isWoken = true
      nap?.abort()
    }
    const ofServer = this.#waiting.get(serverId) ?? new Set()
    this.#waiting.set(serverId, ofServer.add(wake))
    return {
      next: async (ms, signal) => {
        if (!isWoken) {
          nap = new AbortController()
          const either = signal ? AbortSignal.any([nap.signal, signal]) : nap.signal
          await this.#clock.sleep(Math.min(ms, pollMs), either).catch(() => {})
        }
        isWoken = false
      },
      end: () => {
        ofServer.delete(wake)
        if (ofServer.size === 0) this.#waiting.delete(serverId)
      },
    }
  }

  close(): void {
    this.#unsubscribe()
  }
}

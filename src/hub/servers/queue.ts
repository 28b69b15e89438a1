import type { Clock, Millis } from '#base/clock.ts'
import { queueOrder, type ServerRow, type Store } from '#store'
import type { Server } from './contract.ts'
import { serverOf } from './state.ts'

const freshMs = 500

/** Places in the queue. Many look at once while a class starts, so all share one reading of half a second. */
export class Queue {
  readonly #store: Store
  readonly #clock: Clock
  #readAt: Millis = Number.NEGATIVE_INFINITY
  #places: Promise<ReadonlyMap<number, number>> = Promise.resolve(new Map())

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  async server(row: ServerRow): Promise<Server> {
    return serverOf(row, row.phase === 'queued' ? await this.#place(row.id) : null)
  }

  /** From 1; null when it is not in the queue. A server that came in just now is looked for again. */
  async #place(serverId: number): Promise<number | null> {
    const known = (await this.#read(freshMs)).get(serverId)
    return known ?? (await this.#read(0)).get(serverId) ?? null
  }

  #read(maxAgeMs: number): Promise<ReadonlyMap<number, number>> {
    const now = this.#clock.now()
    if (now - this.#readAt <= maxAgeMs) return this.#places
    this.#readAt = now
    this.#places = queueOrder(this.#store.db).then((ids) => new Map(ids.map((id, index) => [id, index + 1])))
    this.#places.catch(() => {
      this.#readAt = Number.NEGATIVE_INFINITY
    })
    return this.#places
  }
}

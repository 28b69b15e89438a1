import type { Journal } from '../state/journal.ts'
import type { Change, StoredRoute } from '../state/records.ts'
import type { RouteTable } from './table.ts'

interface Entry {
  readonly change: Change
  readonly resolve: (done: boolean) => void
  readonly reject: (error: unknown) => void
}

/**
 * The one writer of the table. A change is on disk first and in the table next, before its promise resolves; changes
 * that come while the disk is busy share the next write.
 */
export class RouteStore {
  readonly table: RouteTable
  readonly #journal: Journal
  #waiting: Entry[] = []
  #working: Promise<void> | null = null
  #saved = 0

  constructor(table: RouteTable, journal: Journal) {
    this.table = table
    this.#journal = journal
  }

  /** Resolves when the change is durable and routed; false when it deletes what is not there. Errors: PROXY_STATE_NOT_WRITABLE. */
  commit(change: Change): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ change, resolve, reject })
      this.#working ??= this.#work()
    })
  }

  /** Saves when the routes were last used, if that changed. */
  async saveActivity(): Promise<void> {
    await this.#working
    let newest = 0
    for (const { activity } of this.table.all()) newest = Math.max(newest, activity.at)
    if (newest <= this.#saved || this.#working) return
    this.#saved = newest
    this.#working = this.#journal.rewrite(storedRoutes(this.table)).finally(() => this.#continue())
    await this.#working
  }

  /** Changes come no more. */
  async close(): Promise<void> {
    while (this.#working) await this.#working
    await this.saveActivity()
    await this.#journal.close()
  }

  async #work(): Promise<void> {
    // Also lets the changes of this turn gather, and the caller note that there is work.
    await Promise.resolve()
    const batch = this.#waiting
    this.#waiting = []
    try {
      const changes = batch.map(({ change }) => change).filter((change) => this.#matters(change, batch))
      if (changes.length > 0) await this.#journal.append(changes, () => storedRoutes(this.table))
      for (const { change, resolve } of batch) resolve(this.#apply(change))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
    this.#continue()
  }

  #continue(): void {
    this.#working = this.#waiting.length > 0 ? this.#work() : null
  }

  #matters(change: Change, batch: readonly Entry[]): boolean {
    if (change.kind === 'set' || this.table.get(change.key)) return true
    return batch.some(({ change: other }) => other.kind === 'set' && other.key === change.key)
  }

  #apply(change: Change): boolean {
    if (change.kind === 'delete') return this.table.delete(change.key)
    this.table.set(change.key, change.data, change.at)
    return true
  }
}

export function* storedRoutes(table: RouteTable): Iterable<StoredRoute> {
  for (const { key, data, activity } of table.all()) yield { key, data, at: activity.at }
}

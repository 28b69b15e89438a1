import type { Kysely } from 'kysely'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** One open database. Query modules are functions whose first argument is a `Database` (or a transaction of it). */
export interface Store {
  readonly db: Database
  readonly engine: 'sqlite' | 'postgresql'
  /** Milliseconds since 1970 on the database's own clock: leases of several replicas must agree on the time. */
  now(): Promise<number>
  /**
   * Runs `work` in one transaction that is serialised against other writers; retried where the engine asks for it, so
   * `work` does nothing but talk to the `db` it is given (using the outer one inside waits for itself: DATABASE_BUSY).
   * Notices are published after it.
   */
  transaction<T>(work: (db: Database) => Promise<T>): Promise<T>
  /** The counter of a topic, as cheap as the engine allows: caches are keyed by it. */
  revision(topic: string): Promise<number>
  readonly notices: Notices
  close(): Promise<void>
}

/**
 * Notices between replicas: "something about this changed, look". LISTEN/NOTIFY on PostgreSQL; on SQLite this process
 * hears at once and others by polling. A notice may be lost or come twice: it only ever shortens a wait.
 */
export interface Notices {
  publish(topic: string, id: number): void
  subscribe(topic: string, heard: (id: number) => void): () => void
}

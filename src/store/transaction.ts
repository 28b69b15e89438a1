import { setTimeout as sleep } from 'node:timers/promises'
import { syntaxOf } from './dialects/dialect.ts'
import type { Database } from './store.ts'

const attempts = 5

/**
 * Runs `work` in the transaction that `db` is, or else in one of its own, which is run again from the start when the
 * engine gave it up. So `work` must do nothing but talk to its database.
 */
export async function atomically<T>(db: Database, work: (db: Database) => Promise<T>): Promise<T> {
  if (db.isTransaction) return work(db)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (attempt >= attempts || !syntaxOf(db).isTransient(error)) throw error
    }
    await sleep(5 * 2 ** attempt)
  }
}

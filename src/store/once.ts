import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import { sha256 } from './token-hash.ts'

/** Whether `key` comes for the first time, to any hub; it is remembered until `until`. */
export async function firstTime(db: Database, key: string, until: Millis): Promise<boolean> {
  const row = await db
    .insertInto('seen_once')
    .values({ hashed: sha256(key), expires_at: until })
    .onConflict((conflict) => conflict.column('hashed').doNothing())
    .returning('hashed')
    .executeTakeFirst()
  return row !== undefined
}

/** Wrong attempts, counted for all hubs together. What they were for is kept as a hash: it may hold names that nobody has. */
import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import { sha256 } from './token-hash.ts'

export interface FailureCount {
  readonly count: number
  readonly lastAt: Millis
}

export async function failuresOf(db: Database, key: string, now: Millis): Promise<FailureCount> {
  const row = await db
    .selectFrom('failures')
    .select(['count', 'last_at'])
    .where('hashed', '=', sha256(key))
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ? { count: row.count, lastAt: row.last_at } : { count: 0, lastAt: 0 }
}

/** How many there are with this one. */
export async function addFailure(
  db: Database,
  { key, now, forgetAt }: { key: string; now: Millis; forgetAt: Millis },
): Promise<number> {
  const row = await db
    .insertInto('failures')
    .values({ hashed: sha256(key), count: 1, last_at: now, expires_at: forgetAt })
    .onConflict((conflict) =>
      conflict.column('hashed').doUpdateSet((eb) => ({
        count: eb
          .case()
          .when('failures.expires_at', '>', now)
          .then(eb('failures.count', '+', 1))
          .else(1)
          .end(),
        last_at: now,
        expires_at: forgetAt,
      })),
    )
    .returning('count')
    .executeTakeFirstOrThrow()
  return row.count
}

export async function clearFailures(db: Database, key: string): Promise<void> {
  await db.deleteFrom('failures').where('hashed', '=', sha256(key)).execute()
}

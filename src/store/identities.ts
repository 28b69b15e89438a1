import type { Selectable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import type { Tables } from './tables.ts'

export type IdentityRow = Selectable<Tables['identities']>

/** Who this is at the issuer, if they have been here before. */
export async function findIdentity(db: Database, issuer: string, subject: string): Promise<IdentityRow | null> {
  const row = await db
    .selectFrom('identities')
    .selectAll()
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return row ?? null
}

export interface SeenIdentity {
  readonly userId: number
  readonly issuer: string
  readonly subject: string
  readonly now: Millis
  /** The way of signing in that it came by. */
  readonly way: string
}

/** Records that this user came as this identity. An identity that is known stays with the user it had. */
export async function saveIdentity(
  db: Database,
  { userId, issuer, subject, now, way }: SeenIdentity,
): Promise<IdentityRow> {
  return db
    .insertInto('identities')
    .values({ user_id: userId, issuer, subject, created_at: now, last_seen_at: now, way, refreshed_at: now })
    .onConflict((conflict) =>
      conflict.columns(['issuer', 'subject']).doUpdateSet({ last_seen_at: now, way, refreshed_at: now }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function identitiesOfUser(db: Database, userId: number): Promise<readonly IdentityRow[]> {
  return db.selectFrom('identities').selectAll().where('user_id', '=', userId).orderBy('id').execute()
}

/** Of several hubs one may ask the issuer: true for the one, if it was last asked at `notAfter` or before. */
export async function claimRefresh(
  db: Database,
  id: number,
  { now, notAfter }: { now: Millis; notAfter: Millis },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('identities')
    .set({ refreshed_at: now })
    .where('id', '=', id)
    .where('refreshed_at', '<=', notAfter)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

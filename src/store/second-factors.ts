/** A second factor a user: the secret of an authenticator app, and codes for when it is lost. */
import type { Millis } from '#base/clock.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import { sha256 } from './token-hash.ts'

export interface SecondFactorRow {
  readonly userId: number
  /** Encrypted. */
  readonly sealed: string
  /** How many codes are left. */
  readonly recoveryLeft: number
  readonly createdAt: Millis
}

export async function findSecondFactor(db: Database, userId: number): Promise<SecondFactorRow | null> {
  const row = await db.selectFrom('second_factors').selectAll().where('user_id', '=', userId).executeTakeFirst()
  if (!row) return null
  return { userId, sealed: row.sealed, recoveryLeft: fromJson(row.recovery).length, createdAt: row.created_at }
}

/** Sets or replaces it. Only hashes of the recovery codes are kept. */
export async function saveSecondFactor(
  db: Database,
  { userId, sealed, recovery, now }: { userId: number; sealed: string; recovery: readonly string[]; now: Millis },
): Promise<void> {
  const values = { sealed, recovery: toJson(recovery.map(sha256)), created_at: now }
  await db
    .insertInto('second_factors')
    .values({ user_id: userId, ...values })
    .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values))
    .execute()
}

export async function setRecoveryCodes(db: Database, userId: number, recovery: readonly string[]): Promise<void> {
  await db
    .updateTable('second_factors')
    .set({ recovery: toJson(recovery.map(sha256)) })
    .where('user_id', '=', userId)
    .execute()
}

/** True if it is one of the codes; it is used up. Of two takers one gets it. */
export async function takeRecoveryCode(db: Database, userId: number, code: string): Promise<boolean> {
  const row = await db.selectFrom('second_factors').select('recovery').where('user_id', '=', userId).executeTakeFirst()
  const left = row ? fromJson(row.recovery) : []
  if (!row || !left.includes(sha256(code))) return false
  const { numUpdatedRows } = await db
    .updateTable('second_factors')
    .set({ recovery: toJson(left.filter((one) => one !== sha256(code))) })
    .where('user_id', '=', userId)
    .where('recovery', '=', row.recovery)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** True if there was one. */
export async function deleteSecondFactor(db: Database, userId: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('second_factors').where('user_id', '=', userId).executeTakeFirst()
  return numDeletedRows > 0n
}

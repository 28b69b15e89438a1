import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'

export interface PasswordRow {
  readonly user_id: number
  readonly hash: string
  readonly created_at: number
  /** An administrator has let the sign-up in. */
  readonly approved: boolean
}

export interface NewPassword {
  readonly userId: number
  readonly hash: string
  readonly approved: boolean
  readonly now: Millis
}

/** Sets or replaces the user's password. A replacement keeps an approval that was given. */
export async function savePassword(db: Database, { userId, hash, approved, now }: NewPassword): Promise<void> {
  await db
    .insertInto('passwords')
    .values({ user_id: userId, hash, created_at: now, approved: Number(approved) })
    .onConflict((conflict) =>
      conflict.column('user_id').doUpdateSet((eb) => ({
        hash,
        created_at: now,
        approved: approved ? 1 : eb.ref('passwords.approved'),
      })),
    )
    .execute()
}

export async function findPassword(db: Database, userId: number): Promise<PasswordRow | null> {
  const row = await db.selectFrom('passwords').selectAll().where('user_id', '=', userId).executeTakeFirst()
  return row ? { ...row, approved: row.approved === 1 } : null
}

/** True if the user has a password. */
export async function approve(db: Database, userId: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('passwords')
    .set({ approved: 1 })
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Names of the users that wait for an approval, oldest first. */
export async function awaitingApproval(db: Database): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('passwords')
    .innerJoin('users', 'users.id', 'user_id')
    .select('users.name')
    .where('approved', '=', 0)
    .orderBy('passwords.created_at')
    .execute()
  return rows.map(({ name }) => name)
}

export interface AccountRow {
  readonly name: string
  readonly admin: boolean
  /** Null: there is no password. */
  readonly approved: boolean | null
}

/** All users by name, with what there is of a password. */
export async function usersWithPasswords(db: Database): Promise<readonly AccountRow[]> {
  const rows = await db
    .selectFrom('users')
    .leftJoin('passwords', 'user_id', 'users.id')
    .select(['name', 'admin', 'approved'])
    .orderBy('name')
    .execute()
  return rows.map(({ name, admin, approved }) => ({
    name,
    admin: admin === 1,
    approved: approved === null ? null : approved === 1,
  }))
}

/** Whether an administrator can come in with a password. */
export async function adminHasPassword(db: Database): Promise<boolean> {
  const row = await db
    .selectFrom('users')
    .innerJoin('passwords', 'user_id', 'users.id')
    .select('users.id')
    .where('admin', '=', 1)
    .where('approved', '=', 1)
    .executeTakeFirst()
  return row !== undefined
}

/** True if there was one. */
export async function deletePassword(db: Database, userId: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('passwords').where('user_id', '=', userId).executeTakeFirst()
  return numDeletedRows > 0n
}

import type { Selectable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { syntaxOf } from './dialects/dialect.ts'
import { errors } from './errors.ts'
import { fromJson, toJson } from './json.ts'
import { prepared } from './prepared.ts'
import type { Database } from './store.ts'
import type { UserTable } from './tables.ts'
import { atomically } from './transaction.ts'

type Stored = Omit<Selectable<UserTable>, 'encrypted_auth_state'>

/** A user without the encrypted auth state, which is read on its own. */
export type UserRow = Omit<Stored, 'admin' | 'user_info'> & {
  readonly admin: boolean
  readonly user_info: Readonly<Record<string, unknown>> | null
}

export const userColumns = [
  'users.id',
  'users.name',
  'users.admin',
  'users.created_at',
  'users.last_activity',
  'users.cookie_id',
  'users.user_info',
] as const

export function userRow<T extends Stored>(
  row: T,
): Omit<T, 'admin' | 'user_info'> & Pick<UserRow, 'admin' | 'user_info'> {
  return { ...row, admin: row.admin === 1, user_info: row.user_info === null ? null : fromJson(row.user_info) }
}

export async function findUser(db: Database, name: string): Promise<UserRow | null> {
  const row = await db.selectFrom('users').select(userColumns).where('name', '=', name).executeTakeFirst()
  return row ? userRow(row) : null
}

export async function userById(db: Database, id: number): Promise<UserRow | null> {
  const row = await db.selectFrom('users').select(userColumns).where('id', '=', id).executeTakeFirst()
  return row ? userRow(row) : null
}

/** The user whose login cookie holds this id. */
export async function userByCookieId(db: Database, cookieId: string): Promise<UserRow | null> {
  const row = await db.selectFrom('users').select(userColumns).where('cookie_id', '=', cookieId).executeTakeFirst()
  return row ? userRow(row) : null
}

/** Ids by name of those that exist. */
export async function idsOfUsers(db: Database, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'name'])
    .where((eb) => syntaxOf(db).isIn(eb.ref('name'), names))
    .execute()
  return new Map(rows.map(({ id, name }) => [name, id]))
}

export interface NewUser {
  readonly name: string
  readonly admin: boolean
  /** 32 hex. */
  readonly cookieId: string
}

/** Errors: USER_EXISTS. */
export async function createUser(db: Database, user: NewUser & { readonly now: Millis }): Promise<UserRow> {
  const [row] = await createUsers(db, { users: [user], now: user.now })
  if (!row) throw errors.USER_EXISTS({ name: user.name })
  return row
}

/**
 * Creates many users in a fixed number of statements, each with the role `user`, and `admin` where it fits. Names that
 * exist are left out of the answer and stay as they are.
 */
export async function createUsers(
  db: Database,
  { users, now }: { users: readonly NewUser[]; now: Millis },
): Promise<readonly UserRow[]> {
  const unique = new Map(users.map((user) => [user.name, user]))
  const given = [...unique.values()].map(({ name, admin, cookieId }) => ({ name, admin: Number(admin), cookieId }))
  const columns = { name: 'text', admin: 'number', cookieId: 'text' } as const
  return atomically(db, async (tx) => {
    const rows = await tx
      .insertInto('users')
      .columns(['name', 'admin', 'created_at', 'cookie_id'])
      .expression((eb) =>
        eb
          .selectFrom(syntaxOf(tx).rows<NewUserFields>(columns, given).as('given'))
          .select((given) => ['given.name', 'given.admin', given.val(now).as('created_at'), 'given.cookieId'])
          // SQLite would read the ON of ON CONFLICT as a join's without a WHERE in between.
          .where('given.name', 'is not', null),
      )
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning(userColumns)
      .execute()
    await giveDefaultRoles(
      tx,
      rows.map(({ id }) => id),
    )
    return rows.map(userRow)
  })
}

type NewUserFields = { name: string; admin: number; cookieId: string }

/** The role `user` for each, and `admin` for those with the flag; roles that do not exist are not given. */
export async function giveDefaultRoles(db: Database, userIds: readonly number[]): Promise<void> {
  await db
    .insertInto('user_roles')
    .columns(['user_id', 'role_id', 'managed_by_auth'])
    .expression((eb) =>
      eb
        .selectFrom('users')
        .innerJoin('roles', (join) =>
          join.on((on) =>
            on.or([on('roles.name', '=', 'user'), on.and([on('roles.name', '=', 'admin'), on('users.admin', '=', 1)])]),
          ),
        )
        .select((select) => ['users.id', 'roles.id', select.val(0).as('managed_by_auth')])
        .where((where) => syntaxOf(db).isIn(where.ref('users.id'), userIds)),
    )
    .onConflict((conflict) => conflict.columns(['user_id', 'role_id']).doNothing())
    .execute()
}

/** Errors: USER_EXISTS. */
export async function renameUser(db: Database, id: number, name: string): Promise<void> {
  try {
    await db.updateTable('users').set({ name }).where('id', '=', id).execute()
  } catch (error) {
    if (syntaxOf(db).isUniqueViolation(error)) throw errors.USER_EXISTS({ name }, error)
    throw error
  }
}

/** Sets the flag and, in step with it, the role `admin`. */
export async function setAdmin(db: Database, id: number, admin: boolean): Promise<void> {
  await atomically(db, async (tx) => {
    await tx
      .updateTable('users')
      .set({ admin: Number(admin) })
      .where('id', '=', id)
      .execute()
    if (admin) return giveDefaultRoles(tx, [id])
    await tx
      .deleteFrom('user_roles')
      .where('user_id', '=', id)
      .where('role_id', 'in', (eb) => eb.selectFrom('roles').select('id').where('name', '=', 'admin'))
      .execute()
  })
}

export async function setUserInfo(db: Database, id: number, info: UserRow['user_info']): Promise<void> {
  await db
    .updateTable('users')
    .set({ user_info: info && toJson(info) })
    .where('id', '=', id)
    .execute()
}

/** With all that is the user's: servers, tokens, sessions, memberships. True if there was one. */
export async function deleteUser(db: Database, id: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('users').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Never moves back in time. Callers limit how often. */
export async function touchUser(db: Database, id: number, at: Millis): Promise<void> {
  await db
    .updateTable('users')
    .set({ last_activity: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_activity', 'is', null), eb('last_activity', '<', at)]))
    .execute()
}

/** What changes about a user without the revision `access` going up. */
export interface UserPulse {
  readonly last_activity: Millis | null
  readonly hasServers: boolean
}

/** For the call that servers make for every visitor: one small query. Null when there is no such user. */
export async function userPulse(db: Database, id: number): Promise<UserPulse | null> {
  const [row] = await pulse(db, { id })
  return row ? { last_activity: row.last_activity, hasServers: row.server !== null } : null
}

const pulse = prepared(['id'], (db, { id }) =>
  db
    .selectFrom('users')
    .leftJoin('servers', 'servers.user_id', 'users.id')
    .select(['users.last_activity', 'servers.id as server'])
    .where('users.id', '=', id)
    .limit(1),
)

/** The Fernet token, or null. */
export async function encryptedAuthState(db: Database, id: number): Promise<string | null> {
  const row = await db.selectFrom('users').select('encrypted_auth_state').where('id', '=', id).executeTakeFirst()
  return row?.encrypted_auth_state ?? null
}

export async function saveEncryptedAuthState(db: Database, id: number, sealed: string | null): Promise<void> {
  await db.updateTable('users').set({ encrypted_auth_state: sealed }).where('id', '=', id).execute()
}

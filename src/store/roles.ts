import { sql } from 'kysely'
import { syntaxOf } from './dialects/dialect.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import { atomically } from './transaction.ts'
import { giveDefaultRoles } from './users.ts'

export interface RoleRow {
  readonly id: number
  readonly name: string
  readonly description: string
  readonly scopes: readonly string[]
  /** The authenticator gave it at a sign-in; the config file does not delete it. */
  readonly managed_by_auth: boolean
}

export interface RoleDefinition {
  readonly name: string
  readonly description: string
  readonly scopes: readonly string[]
  readonly managedByAuth?: boolean
}

/** Who holds roles, and the table that says so. */
const holders = {
  user: { table: 'user_roles', column: 'user_id', parent: 'users' },
  group: { table: 'group_roles', column: 'group_id', parent: 'groups' },
  service: { table: 'service_roles', column: 'service_id', parent: 'services' },
} as const

export type RoleHolder = keyof typeof holders

/** Creates the role, or replaces what it means. A role that says the same already is not written. */
export async function saveRole(db: Database, role: RoleDefinition): Promise<RoleRow> {
  return atomically(db, async (tx) => {
    const known = await findRole(tx, role.name)
    const values = {
      description: role.description,
      scopes: toJson([...role.scopes]),
      managed_by_auth: Number(role.managedByAuth ?? false),
    }
    if (known && isSame(known, role)) return known
    const row = await tx
      .insertInto('roles')
      .values({ name: role.name, ...values })
      .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
      .returningAll()
      .executeTakeFirstOrThrow()
    return roleRow(row)
  })
}

function isSame(known: RoleRow, role: RoleDefinition): boolean {
  return (
    known.description === role.description &&
    known.managed_by_auth === (role.managedByAuth ?? false) &&
    JSON.stringify(known.scopes) === JSON.stringify(role.scopes)
  )
}

/** Saves the roles that every hub has, and gives `user` and `admin` to the users that lack them. */
export async function saveDefaultRoles(db: Database, roles: readonly RoleDefinition[]): Promise<void> {
  await atomically(db, async (tx) => {
    for (const role of roles) await saveRole(tx, role)
    const lacking = await tx
      .selectFrom('users')
      .innerJoin('roles', (join) =>
        join.on((on) =>
          on.or([on('roles.name', '=', 'user'), on.and([on('roles.name', '=', 'admin'), on('users.admin', '=', 1)])]),
        ),
      )
      .leftJoin('user_roles', (join) =>
        join.onRef('user_roles.user_id', '=', 'users.id').onRef('user_roles.role_id', '=', 'roles.id'),
      )
      .select('users.id')
      .where('user_roles.user_id', 'is', null)
      .execute()
    if (lacking.length > 0) await giveDefaultRoles(tx, [...new Set(lacking.map(({ id }) => id))])
  })
}

export async function findRole(db: Database, name: string): Promise<RoleRow | null> {
  const row = await db.selectFrom('roles').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? roleRow(row) : null
}

export async function allRoles(db: Database): Promise<readonly RoleRow[]> {
  const rows = await db.selectFrom('roles').selectAll().orderBy('id').execute()
  return rows.map(roleRow)
}

/** True if there was one. */
export async function deleteRole(db: Database, name: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('roles').where('name', '=', name).executeTakeFirst()
  return numDeletedRows > 0n
}

/** The user's own roles and those of the user's groups, each once. */
export async function rolesOf(db: Database, userId: number): Promise<readonly RoleRow[]> {
  const rows = await db
    .selectFrom('roles')
    .selectAll()
    .where((eb) =>
      eb.or([
        eb('id', 'in', eb.selectFrom('user_roles').select('role_id').where('user_id', '=', userId)),
        eb(
          'id',
          'in',
          eb
            .selectFrom('group_roles')
            .innerJoin('user_groups', 'user_groups.group_id', 'group_roles.group_id')
            .select('role_id')
            .where('user_id', '=', userId),
        ),
      ]),
    )
    .orderBy('id')
    .execute()
  return rows.map(roleRow)
}

export async function rolesOfService(db: Database, serviceId: number): Promise<readonly RoleRow[]> {
  const rows = await db
    .selectFrom('roles')
    .innerJoin('service_roles', 'role_id', 'roles.id')
    .selectAll('roles')
    .where('service_id', '=', serviceId)
    .orderBy('roles.id')
    .execute()
  return rows.map(roleRow)
}

export interface RoleAssignment {
  readonly role: string
  readonly holder: RoleHolder
  /** The id of the user, group or service. */
  readonly id: number
}

/** Gives a role; giving it twice is once. Nothing happens when role or holder do not exist. */
export async function assignRole(db: Database, { role, holder, id }: RoleAssignment): Promise<void> {
  const { table, column, parent } = holders[holder]
  await changing(db, { role, holder }, async (tx) => {
    await sql`insert into ${sql.table(table)} (${sql.ref(column)}, role_id)
      select parent.id, roles.id from ${sql.table(parent)} as parent, roles
      where parent.id = ${id} and roles.name = ${role} on conflict do nothing`.execute(tx)
  })
}

export async function withdrawRole(db: Database, { role, holder, id }: RoleAssignment): Promise<void> {
  const { table, column } = holders[holder]
  await changing(db, { role, holder }, async (tx) => {
    await sql`delete from ${sql.table(table)}
      where ${sql.ref(column)} = ${id} and role_id in (select id from roles where name = ${role})`.execute(tx)
  })
}

/** Makes these (by name) the holders of the role, exactly: what the config file lists has the last word. */
export async function setHolders(
  db: Database,
  { role, holder, names }: { role: string; holder: RoleHolder; names: readonly string[] },
): Promise<void> {
  const { table, column, parent } = holders[holder]
  const wanted = sql`select id from ${sql.table(parent)} where ${syntaxOf(db).isIn(sql.ref('name'), names)}`
  await changing(db, { role, holder }, async (tx) => {
    await sql`delete from ${sql.table(table)} where role_id in (select id from roles where name = ${role})
      and ${sql.ref(column)} not in (${wanted})`.execute(tx)
    await sql`insert into ${sql.table(table)} (${sql.ref(column)}, role_id)
      select parent.id, roles.id from ${sql.table(parent)} as parent, roles
      where roles.name = ${role} and parent.id in (${wanted}) on conflict do nothing`.execute(tx)
  })
}

/** Keeps the flag `admin` of users in step with who holds the role. */
async function changing(
  db: Database,
  { role, holder }: { role: string; holder: RoleHolder },
  work: (tx: Database) => Promise<void>,
): Promise<void> {
  await atomically(db, async (tx) => {
    await work(tx)
    if (role !== 'admin' || holder !== 'user') return
    const admins = sql`select user_id from user_roles join roles on roles.id = role_id where roles.name = 'admin'`
    await sql`update users set admin = 0 where admin = 1 and id not in (${admins})`.execute(tx)
    await sql`update users set admin = 1 where admin = 0 and id in (${admins})`.execute(tx)
  })
}

/** Names of those that hold the role. */
export async function holdersOf(db: Database, role: string, holder: RoleHolder): Promise<readonly string[]> {
  const { table, column, parent } = holders[holder]
  const { rows } = await sql<{ name: string }>`select parent.name from ${sql.table(parent)} as parent
    join ${sql.table(table)} as held on held.${sql.ref(column)} = parent.id
    join roles on roles.id = held.role_id where roles.name = ${role} order by parent.name`.execute(db)
  return rows.map(({ name }) => name)
}

function roleRow(row: {
  id: number
  name: string
  description: string
  scopes: string
  managed_by_auth: number
}): RoleRow {
  return { ...row, scopes: fromJson<string[]>(row.scopes), managed_by_auth: row.managed_by_auth === 1 }
}

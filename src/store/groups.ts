import { syntaxOf } from './dialects/dialect.ts'
import { errors } from './errors.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import { atomically } from './transaction.ts'

export interface GroupRow {
  readonly id: number
  readonly name: string
  readonly properties: Readonly<Record<string, unknown>>
}

export type GroupWithAll = GroupRow & { readonly users: readonly string[]; readonly roles: readonly string[] }

export async function findGroup(db: Database, name: string): Promise<GroupWithAll | null> {
  const row = await db.selectFrom('groups').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? ((await withAll(db, [groupRow(row)]))[0] ?? null) : null
}

/** Errors: GROUP_EXISTS. */
export async function createGroup(
  db: Database,
  { name, properties = {} }: { name: string; properties?: GroupRow['properties'] },
): Promise<GroupRow> {
  const row = await db
    .insertInto('groups')
    .values({ name, properties: toJson({ ...properties }) })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row) throw errors.GROUP_EXISTS({ name })
  return groupRow(row)
}

export async function setGroupProperties(db: Database, id: number, properties: GroupRow['properties']): Promise<void> {
  await db
    .updateTable('groups')
    .set({ properties: toJson({ ...properties }) })
    .where('id', '=', id)
    .execute()
}

/** True if there was one. Its members lose what its roles gave. */
export async function deleteGroup(db: Database, id: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('groups').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Adds users by id; those that are members stay. */
export async function addMembers(db: Database, groupId: number, userIds: readonly number[]): Promise<void> {
  if (userIds.length === 0) return
  await db
    .insertInto('user_groups')
    .columns(['user_id', 'group_id'])
    .expression((eb) =>
      eb
        .selectFrom('users')
        .select((select) => ['users.id', select.val(groupId).as('group_id')])
        .where((where) => syntaxOf(db).isIn(where.ref('users.id'), userIds)),
    )
    .onConflict((conflict) => conflict.columns(['user_id', 'group_id']).doNothing())
    .execute()
}

export async function removeMembers(db: Database, groupId: number, userIds: readonly number[]): Promise<void> {
  await db
    .deleteFrom('user_groups')
    .where('group_id', '=', groupId)
    .where((eb) => syntaxOf(db).isIn(eb.ref('user_id'), userIds))
    .execute()
}

/** Names of the user's groups, sorted. */
export async function groupsOf(db: Database, userId: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('user_groups')
    .innerJoin('groups', 'groups.id', 'group_id')
    .select('groups.name')
    .where('user_id', '=', userId)
    .orderBy('groups.name')
    .execute()
  return rows.map(({ name }) => name)
}

/** Makes these the user's groups, exactly; groups that do not exist are made. No write when nothing changes. */
export async function setGroupsOf(db: Database, userId: number, names: readonly string[]): Promise<void> {
  const wanted = [...new Set(names)].sort()
  if (JSON.stringify(wanted) === JSON.stringify(await groupsOf(db, userId))) return
  await atomically(db, async (tx) => {
    const { isIn } = syntaxOf(tx)
    for (const name of wanted) {
      await tx
        .insertInto('groups')
        .values({ name, properties: '{}' })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute()
    }
    await tx.deleteFrom('user_groups').where('user_id', '=', userId).execute()
    await tx
      .insertInto('user_groups')
      .columns(['user_id', 'group_id'])
      .expression((eb) =>
        eb
          .selectFrom('groups')
          .select((select) => [select.val(userId).as('user_id'), 'groups.id'])
          .where((where) => isIn(where.ref('groups.name'), wanted)),
      )
      .execute()
  })
}

/** The groups of each named user, for decisions about scopes filtered by group; users without groups are left out. */
export async function groupsOfUsers(
  db: Database,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (names.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .innerJoin('user_groups', 'user_id', 'users.id')
    .innerJoin('groups', 'groups.id', 'group_id')
    .select(['users.name as user', 'groups.name as group'])
    .where((eb) => syntaxOf(db).isIn(eb.ref('users.name'), names))
    .execute()
  const byUser = Map.groupBy(rows, ({ user }) => user)
  return new Map([...byUser].map(([user, groups]) => [user, groups.map(({ group }) => group)]))
}

export interface GroupQuery {
  readonly onlyNames?: readonly string[]
  readonly offset: number
  readonly limit: number
}

/** By id. */
export async function pageOfGroups(db: Database, query: GroupQuery): Promise<{ rows: GroupWithAll[]; total: number }> {
  const { onlyNames } = query
  const matching = db
    .selectFrom('groups')
    .$if(onlyNames !== undefined, (all) => all.where((eb) => syntaxOf(db).isIn(eb.ref('groups.name'), onlyNames ?? [])))
  const [rows, { total }] = await Promise.all([
    matching.selectAll().orderBy('id').offset(query.offset).limit(query.limit).execute(),
    matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { rows: await withAll(db, rows.map(groupRow)), total }
}

async function withAll(db: Database, groups: readonly GroupRow[]): Promise<GroupWithAll[]> {
  const ids = groups.map(({ id }) => id)
  const { isIn } = syntaxOf(db)
  const [users, roles] = await Promise.all([
    db
      .selectFrom('user_groups')
      .innerJoin('users', 'users.id', 'user_id')
      .select(['group_id', 'users.name'])
      .where((eb) => isIn(eb.ref('group_id'), ids))
      .orderBy('users.name')
      .execute(),
    db
      .selectFrom('group_roles')
      .innerJoin('roles', 'roles.id', 'role_id')
      .select(['group_id', 'roles.name'])
      .where((eb) => isIn(eb.ref('group_id'), ids))
      .orderBy('roles.name')
      .execute(),
  ])
  const usersOf = Map.groupBy(users, ({ group_id }) => group_id)
  const rolesOf = Map.groupBy(roles, ({ group_id }) => group_id)
  return groups.map((group) => ({
    ...group,
    users: (usersOf.get(group.id) ?? []).map(({ name }) => name),
    roles: (rolesOf.get(group.id) ?? []).map(({ name }) => name),
  }))
}

function groupRow(row: { id: number; name: string; properties: string }): GroupRow {
  return { ...row, properties: fromJson<Record<string, unknown>>(row.properties) }
}

import type { ExpressionBuilder, Selectable } from 'kysely'
import { syntaxOf } from './dialects/dialect.ts'
import type { Database } from './store.ts'
import type { ServerTable, Tables } from './tables.ts'
import { type UserRow, userColumns, userRow } from './users.ts'

export interface UserQuery {
  /** `active`: a server that is not stopped; `ready`: one that is ready; `inactive`: none active. Default: all. */
  readonly state?: 'active' | 'ready' | 'inactive' | null
  /** Users never active come first, or last when descending. Default `id`. */
  readonly sort?: UserSort
  /** A part of the name, letter case aside. */
  readonly nameFilter?: string | null
  /** When one of these is given, only the users named or in one of the groups. */
  readonly onlyNames?: readonly string[]
  readonly onlyGroups?: readonly string[]
  readonly offset: number
  readonly limit: number
}

export type UserSort = 'id' | 'name' | 'last_activity' | '-id' | '-name' | '-last_activity'

export type UserWithAll = UserRow & {
  readonly groups: readonly string[]
  /** The user's own, without those of groups. */
  readonly roles: readonly string[]
  readonly servers: readonly Selectable<ServerTable>[]
}

/** One page, and how many there are in all. Five queries whatever the size. */
export async function pageOfUsers(db: Database, query: UserQuery): Promise<{ rows: UserWithAll[]; total: number }> {
  // Without a condition the engine counts an index and not every row.
  const matching = db
    .selectFrom('users')
    .$if(isFiltered(query), (users) => users.where((eb) => conditions(db, eb, query)))
  const [users, { total }] = await Promise.all([
    sorted(matching.select(userColumns), query.sort ?? 'id')
      .offset(query.offset)
      .limit(query.limit)
      .execute(),
    matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { rows: await withAll(db, users.map(userRow)), total }
}

/** One user with all that the model of the REST API shows. */
export async function userWithAll(db: Database, user: UserRow): Promise<UserWithAll> {
  const [row] = await withAll(db, [user])
  return row!
}

async function withAll(db: Database, users: readonly UserRow[]): Promise<UserWithAll[]> {
  if (users.length === 0) return []
  const ids = users.map(({ id }) => id)
  const { isIn } = syntaxOf(db)
  const [groups, roles, servers] = await Promise.all([
    db
      .selectFrom('user_groups')
      .innerJoin('groups', 'groups.id', 'group_id')
      .select(['user_id', 'groups.name'])
      .where((eb) => isIn(eb.ref('user_id'), ids))
      .orderBy('groups.name')
      .execute(),
    db
      .selectFrom('user_roles')
      .innerJoin('roles', 'roles.id', 'role_id')
      .select(['user_id', 'roles.name'])
      .where((eb) => isIn(eb.ref('user_id'), ids))
      .orderBy('roles.name')
      .execute(),
    db
      .selectFrom('servers')
      .selectAll()
      .where((eb) => isIn(eb.ref('user_id'), ids))
      .orderBy('name')
      .execute(),
  ])
  const groupsOf = Map.groupBy(groups, ({ user_id }) => user_id)
  const rolesOf = Map.groupBy(roles, ({ user_id }) => user_id)
  const serversOf = Map.groupBy(servers, ({ user_id }) => user_id)
  return users.map((user) => ({
    ...user,
    groups: (groupsOf.get(user.id) ?? []).map(({ name }) => name),
    roles: (rolesOf.get(user.id) ?? []).map(({ name }) => name),
    servers: serversOf.get(user.id) ?? [],
  }))
}

type Users = ExpressionBuilder<Tables, 'users'>

function isFiltered({ state, nameFilter, onlyNames, onlyGroups }: UserQuery): boolean {
  return Boolean(state || nameFilter || onlyNames || onlyGroups)
}

function conditions(db: Database, eb: Users, { state, nameFilter, onlyNames, onlyGroups }: UserQuery) {
  const { isIn, contains } = syntaxOf(db)
  const all = []
  if (state === 'active') all.push(eb.exists(serversOf(eb).where('phase', 'not in', ['stopped', 'failed'])))
  if (state === 'ready') all.push(eb.exists(serversOf(eb).where('phase', '=', 'ready')))
  if (state === 'inactive') {
    all.push(eb.not(eb.exists(serversOf(eb).where('phase', 'not in', ['stopped', 'failed']))))
  }
  if (nameFilter) all.push(contains(eb.ref('users.name'), nameFilter))
  if (onlyNames || onlyGroups) {
    const inGroup = eb
      .selectFrom('user_groups')
      .innerJoin('groups', 'groups.id', 'group_id')
      .select('user_id')
      .where((inner) => isIn(inner.ref('groups.name'), onlyGroups ?? []))
    all.push(eb.or([isIn(eb.ref('users.name'), onlyNames ?? []), eb('users.id', 'in', inGroup)]))
  }
  return eb.and(all)
}

function serversOf(eb: Users) {
  return eb.selectFrom('servers').select('servers.id').whereRef('servers.user_id', '=', 'users.id')
}

function sorted<Q extends Sortable<Q>>(query: Q, sort: UserSort): Q {
  const column = sort.replace(/^-/, '') as 'id' | 'name' | 'last_activity'
  const order = query.orderBy(`users.${column}`, (by) =>
    sort.startsWith('-') ? by.desc().nullsLast() : by.asc().nullsFirst(),
  )
  // Users of one instant need an order of their own, or pages would overlap.
  return column === 'last_activity'
    ? order.orderBy('users.id', (by) => (sort.startsWith('-') ? by.desc() : by.asc()))
    : order
}

interface Sortable<Q> {
  orderBy(
    column: 'users.id' | 'users.name' | 'users.last_activity',
    direction: (by: import('kysely').OrderByItemBuilder) => import('kysely').OrderByItemBuilder,
  ): Q
}

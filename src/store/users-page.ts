import type { ExpressionBuilder, Selectable } from 'kysely'
import { syntaxOf } from './dialects/dialect.ts'
import { prepared } from './prepared.ts'
import type { Database, Store } from './store.ts'
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

export interface UserPage {
  readonly rows: readonly UserWithAll[]
  /** How many there are in all. */
  readonly total: number
}

type Membership = Pick<UserWithAll, 'groups' | 'roles'>

/** What changes with the revision `access` only, and is kept until it does. */
interface Kept {
  readonly revision: number
  total: number | null
  /** By user id. */
  readonly memberships: Map<number, Membership>
}

/** So many memberships are kept; a hub with more users than that is read in pages, too. */
const capacity = 20_000

/** The users page by page: two queries a page as long as nobody comes, goes, or changes groups or roles. */
export class UserPages {
  readonly #store: Pick<Store, 'db' | 'revision'>
  #kept: Kept = { revision: -1, total: null, memberships: new Map() }

  constructor(store: Pick<Store, 'db' | 'revision'>) {
    this.#store = store
  }

  async page(query: UserQuery): Promise<UserPage> {
    const { db } = this.#store
    // Before anything is read: what is read may be newer than the revision that it is kept under, never older.
    const kept = await this.#upToDate()
    const { users, total } = await (isFiltered(query) ? filteredPage(db, query) : plainPage(db, query, kept))
    return { rows: await withAll(db, users.map(userRow), kept.memberships), total }
  }

  async #upToDate(): Promise<Kept> {
    const revision = await this.#store.revision('access')
    const isFull = this.#kept.memberships.size > capacity
    if (revision !== this.#kept.revision || isFull) this.#kept = { revision, total: null, memberships: new Map() }
    return this.#kept
  }
}

async function filteredPage(db: Database, query: UserQuery) {
  const matching = db.selectFrom('users').where((eb) => conditions(db, eb, query))
  const [users, { total }] = await Promise.all([
    sorted(matching.select(userColumns), query.sort ?? 'id')
      .offset(query.offset)
      .limit(query.limit)
      .execute(),
    matching.select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ])
  return { users, total }
}

/** What lists without a filter ask for is always the same. */
async function plainPage(db: Database, { sort = 'id', offset, limit }: UserQuery, kept: Kept) {
  const users = await plainPages[sort](db, { offset, limit })
  kept.total ??= (await countUsers(db, {}))[0]?.total ?? 0
  return { users, total: kept.total }
}

const plainPageBy = (sort: UserSort) =>
  prepared(['offset', 'limit'], (db, { offset, limit }) =>
    sorted(db.selectFrom('users').select(userColumns), sort).offset(offset).limit(limit),
  )

const plainPages: Readonly<Record<UserSort, ReturnType<typeof plainPageBy>>> = {
  id: plainPageBy('id'),
  name: plainPageBy('name'),
  last_activity: plainPageBy('last_activity'),
  '-id': plainPageBy('-id'),
  '-name': plainPageBy('-name'),
  '-last_activity': plainPageBy('-last_activity'),
}

// Without a condition the engine counts an index and not every row.
const countUsers = prepared([], (db) => db.selectFrom('users').select((eb) => eb.fn.countAll<number>().as('total')))

/** One user with all that the model of the REST API shows. */
export async function userWithAll(db: Database, user: UserRow): Promise<UserWithAll> {
  const [row] = await withAll(db, [user], new Map())
  return row!
}

async function withAll(
  db: Database,
  users: readonly UserRow[],
  memberships: Map<number, Membership>,
): Promise<UserWithAll[]> {
  if (users.length === 0) return []
  const ids = users.map(({ id }) => id)
  const [servers] = await Promise.all([
    serversOfAll(db, { ids: syntaxOf(db).list(ids) }),
    learn(
      db,
      ids.filter((id) => !memberships.has(id)),
      memberships,
    ),
  ])
  const serversOf = Map.groupBy(servers, ({ user_id }) => user_id)
  // One after the other, not by spreading: a list is made of little else, and records of one shape are quick to write.
  return users.map(({ id, name, admin, created_at, last_activity, cookie_id, user_info }) => {
    const { groups, roles } = memberships.get(id) ?? nothing
    const own = serversOf.get(id) ?? []
    return { id, name, admin, created_at, last_activity, cookie_id, user_info, groups, roles, servers: own }
  })
}

const nothing: Membership = { groups: [], roles: [] }

/** Adds the memberships of these users. */
async function learn(db: Database, missing: readonly number[], memberships: Map<number, Membership>): Promise<void> {
  if (missing.length === 0) return
  const ids = syntaxOf(db).list(missing)
  const [groups, roles] = await Promise.all([groupsOfAll(db, { ids }), rolesOfAll(db, { ids })])
  const groupsOf = Map.groupBy(groups, ({ user_id }) => user_id)
  const rolesOf = Map.groupBy(roles, ({ user_id }) => user_id)
  const namesOf = (rows: readonly { name: string }[] = []) => rows.map(({ name }) => name)
  for (const id of missing) memberships.set(id, { groups: namesOf(groupsOf.get(id)), roles: namesOf(rolesOf.get(id)) })
}

const groupsOfAll = prepared(['ids'], (db, { ids }) =>
  db
    .selectFrom('user_groups')
    .innerJoin('groups', 'groups.id', 'group_id')
    .select(['user_id', 'groups.name'])
    .where((eb) => syntaxOf(db).isInList(eb.ref('user_id'), ids))
    .orderBy('groups.name'),
)

const rolesOfAll = prepared(['ids'], (db, { ids }) =>
  db
    .selectFrom('user_roles')
    .innerJoin('roles', 'roles.id', 'role_id')
    .select(['user_id', 'roles.name'])
    .where((eb) => syntaxOf(db).isInList(eb.ref('user_id'), ids))
    .orderBy('roles.name'),
)

const serversOfAll = prepared(['ids'], (db, { ids }) =>
  db
    .selectFrom('servers')
    .selectAll()
    .where((eb) => syntaxOf(db).isInList(eb.ref('user_id'), ids))
    .orderBy('name'),
)

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

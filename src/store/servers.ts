/**
 * Servers: the wish (`desired`, `generation`), the queue, the leases, and what is observed. Words: a *wish* is what
 * the user asked for last; a *run* is what was launched for one wish; whoever holds a row's lease may write about
 * the run, and each such write names the lease's fencing number.
 */
import { type Selectable, type SelectQueryBuilder, sql, type Updateable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { syntaxOf } from './dialects/dialect.ts'
import { fromJson, toJson } from './json.ts'
import { prepared } from './prepared.ts'
import type { Database } from './store.ts'
import type { ServerTable, Tables } from './tables.ts'

type JsonRecord = Readonly<Record<string, unknown>>

export type ServerRow = Omit<
  Selectable<ServerTable>,
  'user_options' | 'handle' | 'failure' | 'remove_when_stopped' | 'phase'
> & {
  readonly user_name: string
  readonly phase: ServerPhase
  readonly user_options: JsonRecord
  readonly handle: JsonRecord | null
  readonly failure: unknown
  readonly remove_when_stopped: boolean
}

export const serverPhases = [
  'stopped',
  'queued',
  'starting',
  'waiting',
  'routing',
  'ready',
  'stopping',
  'failed',
] as const
export type ServerPhase = (typeof serverPhases)[number]

/** `due_at` of a row that waits for nothing. */
export const never = Number.MAX_SAFE_INTEGER

/** One process's right to write about one server, until it runs out or somebody else gets a higher fence. */
export interface ServerLease {
  readonly serverId: number
  readonly owner: string
  readonly fence: number
}

function rows(db: Database) {
  return db
    .selectFrom('servers')
    .innerJoin('users', 'users.id', 'servers.user_id')
    .selectAll('servers')
    .select('users.name as user_name')
}

/** As the engine gives it. */
export type StoredServer = Selectable<ServerTable>
type Stored = StoredServer & { user_name: string }

export function serverRow(row: Stored): ServerRow {
  return {
    ...row,
    // Safe: only this module and its callers' `Observed` write it.
    phase: row.phase as ServerPhase,
    user_options: fromJson(row.user_options),
    handle: row.handle === null ? null : fromJson(row.handle),
    failure: row.failure === null ? null : fromJson(row.failure),
    remove_when_stopped: row.remove_when_stopped === 1,
  }
}

async function first(query: SelectQueryBuilder<Tables, 'servers' | 'users', Stored>): Promise<ServerRow | null> {
  const row = await query.executeTakeFirst()
  return row ? serverRow(row) : null
}

const byId = prepared(['id'], (db, { id }) => rows(db).where('servers.id', '=', id))

export async function serverById(db: Database, id: number): Promise<ServerRow | null> {
  const [row] = await byId(db, { id })
  return row ? serverRow(row) : null
}

export function findServer(db: Database, userId: number, name: string): Promise<ServerRow | null> {
  return first(rows(db).where('user_id', '=', userId).where('servers.name', '=', name))
}

export async function serversOfUser(db: Database, userId: number): Promise<readonly ServerRow[]> {
  return (await rows(db).where('user_id', '=', userId).orderBy('servers.name').execute()).map(serverRow)
}

export async function serversInPhase(db: Database, phases: readonly ServerPhase[]): Promise<readonly ServerRow[]> {
  return (await rows(db).where('phase', 'in', phases).orderBy('servers.id').execute()).map(serverRow)
}

export type RoutedServer = Pick<ServerRow, 'user_name' | 'name' | 'phase' | 'url'>

/** Servers that have a route, or may have one. Read every few seconds, so no more than is needed. */
export async function serversWithRoutes(db: Database): Promise<readonly RoutedServer[]> {
  const found = await db
    .selectFrom('servers')
    .innerJoin('users', 'users.id', 'servers.user_id')
    .select(['users.name as user_name', 'servers.name', 'servers.phase', 'servers.url'])
    .where('phase', 'in', ['starting', 'waiting', 'routing', 'ready', 'stopping'] satisfies ServerPhase[])
    .execute()
  // Safe: the phases were asked for.
  return found as readonly RoutedServer[]
}

/** How many servers are neither stopped nor failed. */
export async function countActiveServers(db: Database): Promise<number> {
  const active = serverPhases.filter((phase) => phase !== 'stopped' && phase !== 'failed')
  const { count } = await db
    .selectFrom('servers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('phase', 'in', active)
    .executeTakeFirstOrThrow()
  return count
}

export async function createServer(
  db: Database,
  server: { userId: number; name: string; displayName: string; userOptions?: JsonRecord; now: Millis },
): Promise<ServerRow> {
  const { id } = await db
    .insertInto('servers')
    .values({
      user_id: server.userId,
      name: server.name,
      display_name: server.displayName,
      desired: 'stopped',
      generation: 0,
      user_options: toJson(server.userOptions ?? {}),
      remove_when_stopped: 0,
      phase: 'stopped',
      phase_since: server.now,
      attempt: 0,
      created_at: server.now,
      lease_fence: 0,
      lease_expires_at: 0,
      due_at: never,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return (await serverById(db, id))!
}

/** Changes what is neither wish nor observation. */
export async function describeServer(
  db: Database,
  id: number,
  changes: { name?: string; displayName?: string; userOptions?: JsonRecord },
): Promise<void> {
  const values: Updateable<ServerTable> = {}
  if (changes.name !== undefined) values.name = changes.name
  if (changes.displayName !== undefined) values.display_name = changes.displayName
  if (changes.userOptions !== undefined) values.user_options = toJson(changes.userOptions)
  if (Object.keys(values).length > 0) await db.updateTable('servers').set(values).where('id', '=', id).execute()
}

/** Records that the server is wanted, and puts it into the queue if nothing of it runs. */
export async function wishRunning(
  db: Database,
  { id, userOptions, now }: { id: number; userOptions: JsonRecord; now: Millis },
): Promise<void> {
  await db
    .updateTable('servers')
    .set((eb) => ({
      desired: 'running',
      generation: eb('generation', '+', 1),
      attempt: eb('attempt', '+', 1),
      user_options: toJson(userOptions),
      remove_when_stopped: 0,
      // Who only changes the options keeps the place in the queue.
      requested_at: eb.case().when('phase', '=', 'queued').then(eb.ref('requested_at')).else(now).end(),
      due_at: 0,
      phase_since: eb.case().when('phase', 'in', ['stopped', 'failed']).then(now).else(eb.ref('phase_since')).end(),
      phase: eb.case().when('phase', 'in', ['stopped', 'failed']).then('queued').else(eb.ref('phase')).end(),
    }))
    .where('id', '=', id)
    .execute()
}

/** Records that the server is not wanted; `remove` deletes the row once it is stopped. */
export async function wishStopped(db: Database, { id, remove }: { id: number; remove: boolean }): Promise<void> {
  await db
    .updateTable('servers')
    .set((eb) => ({
      desired: 'stopped',
      generation: eb('generation', '+', 1),
      due_at: 0,
      ...(remove ? { remove_when_stopped: 1 } : {}),
    }))
    .where('id', '=', id)
    .execute()
}

export interface ClaimOptions {
  readonly owner: string
  /** The database's clock. */
  readonly now: Millis
  readonly ttlMs: number
  readonly limit: number
}

/** Takes the leases of servers that are due. A leased server is due again when its lease runs out. */
export async function claimServers(db: Database, { owner, now, ttlMs, limit }: ClaimOptions): Promise<ServerLease[]> {
  const until = now + ttlMs
  const claimed = await db
    .updateTable('servers')
    .set((eb) => ({
      lease_owner: owner,
      lease_fence: eb('lease_fence', '+', 1),
      lease_expires_at: until,
      due_at: until,
    }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('servers as due')
        .select('due.id')
        .where('due.due_at', '<=', now)
        .where('due.lease_expires_at', '<=', now)
        .orderBy('due.due_at')
        .limit(limit),
    )
    // Asked again: on PostgreSQL another hub may have been faster between the look and the update.
    .where('lease_expires_at', '<=', now)
    .returning(['id', 'lease_fence'])
    .execute()
  return claimed.map((row) => ({ serverId: row.id, owner, fence: row.lease_fence }))
}

/** What the owner learns when it prolongs: a lease that is missing in the answer is lost. */
export interface RenewedLease {
  readonly serverId: number
  readonly fence: number
  readonly generation: number
}

export async function renewLeases(
  db: Database,
  { owner, ids, now, ttlMs }: { owner: string; ids: readonly number[]; now: Millis; ttlMs: number },
): Promise<readonly RenewedLease[]> {
  if (ids.length === 0) return []
  const renewed = await db
    .updateTable('servers')
    .set((eb) => ({
      lease_expires_at: now + ttlMs,
      due_at: eb
        .case()
        .when('due_at', '=', 0)
        .then(0)
        .else(now + ttlMs)
        .end(),
    }))
    .where((eb) => syntaxOf(db).isIn(eb.ref('id'), ids))
    .where('lease_owner', '=', owner)
    .returning(['id', 'lease_fence', 'generation'])
    .execute()
  return renewed.map((row) => ({ serverId: row.id, fence: row.lease_fence, generation: row.generation }))
}

/** What the holder of the lease may write. */
export interface Observed {
  readonly phase?: ServerPhase
  readonly phase_since?: Millis
  /** The wish of this generation has come to its end: the server is not wanted any more, unless asked for since. */
  readonly spentGeneration?: number
  readonly run_generation?: number | null
  readonly handle?: JsonRecord | null
  readonly url?: string | null
  readonly listen_url?: string | null
  readonly sealed_token?: string | null
  readonly failure?: unknown
  readonly started_at?: Millis | null
  readonly ready_at?: Millis | null
  readonly due_at?: Millis
}

/** Writes about the run. Returns false, and writes nothing, when the lease is lost. */
export async function writeObserved(db: Database, lease: ServerLease, observed: Observed): Promise<boolean> {
  const { numUpdatedRows } = await underLease(db, lease).set(observedValues(observed)).executeTakeFirst()
  return numUpdatedRows > 0n
}

/**
 * Writes the last word about the run and gives the lease back. Returns false, and writes nothing, when the lease is
 * lost or somebody made the server due since `takeNote`: then there is something new to look at.
 */
export async function writeAndRelease(db: Database, lease: ServerLease, observed: Observed): Promise<boolean> {
  const { numUpdatedRows } = await underLease(db, lease)
    .set({ due_at: never, ...observedValues(observed), lease_owner: null, lease_expires_at: 0 })
    .where('due_at', '>', 0)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** "I am about to look": what makes the server due after this is news. False when the lease is lost. */
export async function takeNote(db: Database, lease: ServerLease): Promise<boolean> {
  const { numUpdatedRows } = await underLease(db, lease)
    .set((eb) => ({ due_at: eb.ref('lease_expires_at') }))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function underLease(db: Database, lease: ServerLease) {
  return db
    .updateTable('servers')
    .where('id', '=', lease.serverId)
    .where('lease_owner', '=', lease.owner)
    .where('lease_fence', '=', lease.fence)
}

function observedValues({ handle, failure, spentGeneration, ...plain }: Observed) {
  return {
    ...plain,
    ...(spentGeneration === undefined
      ? {}
      : { desired: sql<'stopped'>`case when generation = ${spentGeneration} then 'stopped' else desired end` }),
    ...(handle === undefined ? {} : { handle: handle && toJson(handle) }),
    ...(failure === undefined ? {} : { failure: failure === null ? null : toJson(failure) }),
  }
}

/** Deletes the row of a stopped server, as `writeAndRelease` would write. */
export async function deleteServer(db: Database, lease: ServerLease): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('servers')
    .where('id', '=', lease.serverId)
    .where('lease_owner', '=', lease.owner)
    .where('lease_fence', '=', lease.fence)
    .where('due_at', '>', 0)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Something may have happened to a server that was ready: somebody shall look at it. True if it was ready. */
export async function makeDueIfReady(db: Database, id: number): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('servers')
    .set({ due_at: 0 })
    .where('id', '=', id)
    .where('phase', '=', 'ready')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Gives all leases of a process back, so that others go on at once; for its orderly end. */
export async function releaseLeases(db: Database, owner: string): Promise<void> {
  await db
    .updateTable('servers')
    .set({ lease_owner: null, lease_expires_at: 0, due_at: 0 })
    .where('lease_owner', '=', owner)
    .execute()
}

/** With their codes and the tokens that they were given. */
export async function deleteOauthClientsOfServer(db: Database, serverId: number): Promise<void> {
  await db.deleteFrom('oauth_clients').where('server_id', '=', serverId).execute()
}

export interface SeenActivity {
  readonly userName: string
  readonly serverName: string
  readonly at: Millis
}

/** Moves `last_activity` of servers and their users forward, never back. Unknown names are passed over. */
export async function recordActivity(db: Database, seen: readonly SeenActivity[]): Promise<void> {
  if (seen.length === 0) return
  const columns = { userName: 'text', serverName: 'text', at: 'number' } as const
  const given = () => syntaxOf(db).rows(columns, seen)
  await sql`update servers set last_activity = given.at from ${given()} as given, users
    where users.name = given."userName" and servers.user_id = users.id and servers.name = given."serverName"
    and (servers.last_activity is null or servers.last_activity < given.at)`.execute(db)
  await sql`update users set last_activity = given.at
    from (select "userName", max(at) as at from ${given()} as each_one group by "userName") as given
    where users.name = given."userName" and (users.last_activity is null or users.last_activity < given.at)`.execute(db)
}

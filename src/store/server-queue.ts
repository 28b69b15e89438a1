/** The queue of starts: who is next, and how many may be under way at once, counted over all hubs. */
import { sql } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { syntaxOf } from './dialects/dialect.ts'
import type { ServerPhase } from './servers.ts'
import type { Database } from './store.ts'

/** A start under way: these count against the limit of concurrent starts. */
const underWay = ['starting', 'waiting', 'routing'] as const satisfies readonly ServerPhase[]

/** Ids of the queue in the order of admission: who has fewer starts under way comes first, then who asked first. */
export async function queueOrder(db: Database, limit: number | null = null): Promise<readonly number[]> {
  const { rows: ordered } = await sql<{ id: number }>`
    with busy as (
      select user_id, count(*) as starts from servers
      where phase in (${sql.join(underWay)}) group by user_id
    ), line as (
      select servers.id, requested_at,
        row_number() over (partition by servers.user_id order by requested_at, servers.id) + coalesce(starts, 0) as turn
      from servers left join busy on busy.user_id = servers.user_id
      where phase = 'queued' and desired = 'running'
    )
    select id from line order by turn, requested_at, id ${limit === null ? sql`` : sql`limit ${limit}`}`.execute(db)
  return ordered.map(({ id }) => id)
}

/**
 * Lets servers out of the queue while fewer than `limit` starts (0: any number) are under way, counted over all hubs.
 * Must run in a transaction. Returns the ids of those let in.
 */
export async function admitServers(
  db: Database,
  { limit, now }: { limit: number; now: Millis },
): Promise<readonly number[]> {
  const queued = await db.selectFrom('servers').select('id').where('phase', '=', 'queued').limit(1).execute()
  if (queued.length === 0) return []
  const { count } = await db
    .selectFrom('servers')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('phase', 'in', underWay)
    .executeTakeFirstOrThrow()
  const places = limit === 0 ? null : limit - count
  if (places !== null && places <= 0) return []
  const ids = await queueOrder(db, places)
  if (ids.length === 0) return []
  await db
    .updateTable('servers')
    .set((eb) => ({
      phase: 'starting',
      phase_since: now,
      started_at: now,
      last_activity: now,
      ready_at: null,
      run_generation: eb.ref('generation'),
      handle: null,
      url: null,
      listen_url: null,
      sealed_token: null,
      failure: null,
      due_at: 0,
    }))
    .where((eb) => syntaxOf(db).isIn(eb.ref('id'), ids))
    .execute()
  return ids
}

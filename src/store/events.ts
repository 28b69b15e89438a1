/** What happened to servers, as rows: every replica can tell every viewer, also one who comes late. */
import type { Selectable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { fromJson, toJson } from './json.ts'
import { prepared } from './prepared.ts'
import type { ServerLease } from './servers.ts'
import type { Database } from './store.ts'
import type { ServerEventTable } from './tables.ts'

export type ServerEventKind = 'progress' | 'ready' | 'failed' | 'stopped'

const eventColumns = ['attempt', 'at', 'kind', 'progress', 'message', 'html_message', 'raw_event'] as const

export type ServerEventRow = Omit<Selectable<ServerEventTable>, 'raw_event' | 'kind'> & {
  readonly raw_event: unknown
  readonly kind: ServerEventKind
}

export interface NewServerEvent {
  readonly serverId: number
  readonly attempt: number
  readonly at: Millis
  readonly kind: ServerEventKind
  /** 0–100; null leaves the bar as it is. */
  readonly progress: number | null
  readonly message: string
  readonly htmlMessage?: string | null
  readonly rawEvent?: unknown
}

export async function addServerEvent(db: Database, event: NewServerEvent): Promise<void> {
  const { server_id, ...rest } = eventValues(event)
  await db
    .insertInto('server_events')
    .values({ server_id, ...rest })
    .execute()
}

const insertUnder = prepared(
  [...eventColumns, 'server_id', 'owner', 'fence'],
  (db, { server_id, owner, fence, ...values }) =>
    db
      .insertInto('server_events')
      .columns(['server_id', ...eventColumns])
      .expression((eb) =>
        eb
          .selectFrom('servers')
          .select((row) => [
            'servers.id as server_id',
            ...eventColumns.map((column) => row.val(values[column]).as(column)),
          ])
          .where('servers.id', '=', server_id)
          .where('servers.lease_owner', '=', owner)
          .where('servers.lease_fence', '=', fence),
      )
      .returning('id'),
)

/** Adds the event only while the lease holds; true if it did. */
export async function addServerEventUnder(db: Database, lease: ServerLease, event: NewServerEvent): Promise<boolean> {
  const { owner, fence } = lease
  const added = await insertUnder(db, { ...eventValues(event), owner, fence })
  return added.length > 0
}

function eventValues(event: NewServerEvent) {
  return {
    server_id: event.serverId,
    attempt: event.attempt,
    at: event.at,
    kind: event.kind,
    progress: event.progress,
    message: event.message,
    html_message: event.htmlMessage ?? null,
    raw_event: event.rawEvent === undefined || event.rawEvent === null ? null : toJson(event.rawEvent),
  }
}

/** Events of one attempt with a higher id than `afterId`, in order, at most 500. */
export async function serverEventsAfter(
  db: Database,
  { serverId, attempt, afterId }: { serverId: number; attempt: number; afterId: number },
): Promise<readonly ServerEventRow[]> {
  const rows = await db
    .selectFrom('server_events')
    .selectAll()
    .where('server_id', '=', serverId)
    .where('id', '>', afterId)
    .where('attempt', '=', attempt)
    .orderBy('id')
    .limit(500)
    .execute()
  return rows.map((row) => ({
    ...row,
    kind: row.kind as ServerEventKind,
    raw_event: row.raw_event === null ? null : fromJson(row.raw_event),
  }))
}

/** Deletes what is older than `before`, but nothing of a server's latest attempt. Returns how many rows. */
export async function trimServerEvents(db: Database, before: Millis): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('server_events')
    .where('at', '<', before)
    .where((eb) =>
      eb(
        'attempt',
        '<',
        eb.selectFrom('servers').select('servers.attempt').whereRef('servers.id', '=', 'server_events.server_id'),
      ),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}

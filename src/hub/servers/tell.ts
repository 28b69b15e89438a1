/** What the reconciler tells those who look on: events in the database, and a notice that there are some. */
import { addServerEvent, addServerEventUnder, type Database, type NewServerEvent, type ServerRow } from '#store'
import { type ServersDeps, serverTopic } from './deps.ts'
import { LeaseLost, type Work } from './work.ts'

export type Told = Pick<NewServerEvent, 'message'> &
  Partial<Pick<NewServerEvent, 'kind' | 'progress' | 'htmlMessage' | 'rawEvent'>>

/** An event of its own, written while the lease holds. */
export async function tell(
  deps: ServersDeps,
  work: Work,
  { row, told }: { row: ServerRow; told: Told },
): Promise<void> {
  const event = eventOf(deps, work, { row, told })
  if (!(await addServerEventUnder(deps.store.db, work.lease, event))) throw new LeaseLost()
  deps.store.notices.publish(serverTopic, row.id)
}

/** An event inside a transaction that has checked the lease already. */
export async function tellIn(
  db: Database,
  deps: ServersDeps,
  { work, row, told }: { work: Work; row: ServerRow; told: Told },
): Promise<void> {
  await addServerEvent(db, eventOf(deps, work, { row, told }))
}

function eventOf(deps: ServersDeps, work: Work, { row, told }: { row: ServerRow; told: Told }): NewServerEvent {
  const given = told.progress ?? null
  if (given !== null) work.progress = Math.max(work.progress, Math.min(Math.max(Math.round(given), 0), 100))
  return {
    serverId: row.id,
    attempt: row.attempt,
    at: deps.clock.now(),
    kind: 'progress',
    ...told,
    progress: given === null ? null : work.progress,
  }
}

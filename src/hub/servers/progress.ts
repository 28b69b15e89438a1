/** The story of a start, for whoever looks on: from the beginning, from where a viewer left off, and live. */
import { type ServerEventRow, type ServerRow, serverById, serverEventsAfter } from '#store'
import type { ProgressEvent } from './contract.ts'
import type { ServersDeps } from './deps.ts'
import type { Queue } from './queue.ts'
import { failureMessage, isSettled } from './state.ts'
import type { Waiters } from './waiters.ts'

const pollMs = 1_000

export interface Viewer {
  readonly serverId: number
  readonly afterId: number
  readonly signal: AbortSignal
}

/**
 * A final event is told once nothing is under way any more: a server that is stopped and started anew is `ready` in
 * the middle of its story. Where it stands is told in any case, also to a viewer who has heard all of it before.
 */
export async function* progress(
  deps: ServersDeps,
  { waiters, queue }: { waiters: Waiters; queue: Queue },
  { serverId, afterId, signal }: Viewer,
): AsyncGenerator<ProgressEvent> {
  const listening = waiters.listen(serverId)
  let lastId = afterId
  let place = 0
  try {
    while (!signal.aborted) {
      // The row first: its events were written with it or before it.
      const row = await serverById(deps.store.db, serverId)
      if (!row) return
      const events = await serverEventsAfter(deps.store.db, { serverId, attempt: row.attempt, afterId: lastId })
      for (const event of events) {
        lastId = event.id
        if (event.kind === 'progress') yield eventOf(event)
      }
      if (events.length >= 500) continue
      if (isSettled(row)) return void (yield finalEvent(row, { events, lastId }))
      if (row.phase === 'queued') {
        const { state } = await queue.server(row)
        const now = state.phase === 'queued' ? state.position : 0
        if (now > 0 && now !== place) yield placeEvent(deps, { place: now, lastId })
        place = now
      }
      await listening.next(pollMs, signal)
    }
  } finally {
    listening.end()
  }
}

function eventOf(row: ServerEventRow): ProgressEvent {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    progress: row.progress,
    message: row.message,
    htmlMessage: row.html_message,
    rawEvent: row.raw_event,
  }
}

/** Places change too often to be kept as rows; a viewer who comes back is told the present one. */
function placeEvent(deps: ServersDeps, { place, lastId }: { place: number; lastId: number }): ProgressEvent {
  const message = place === 1 ? 'Next in the queue' : `Waiting in the queue, at place ${place}`
  return { ...bare, id: lastId, at: deps.clock.now(), progress: 0, message, rawEvent: { queue_position: place } }
}

const bare = { kind: 'progress', progress: null, htmlMessage: null, rawEvent: null } as const

/** The stored one, if this viewer has not heard it; else one made from where the server stands. */
function finalEvent(
  row: ServerRow,
  { events, lastId }: { events: readonly ServerEventRow[]; lastId: number },
): ProgressEvent {
  const kind = row.phase === 'ready' ? 'ready' : row.phase === 'failed' ? 'failed' : 'stopped'
  const stored = events.findLast((event) => event.kind === kind)
  if (stored) return eventOf(stored)
  const messages = { ready: () => 'Server ready', failed: failureMessage, stopped: () => 'The server has stopped' }
  const message = messages[kind](row)
  return { ...bare, id: lastId, at: row.phase_since ?? row.created_at, kind, progress: 100, message }
}

import type { FailureReason } from '#spawners'
import { type ServerRow, type StoredServer, serverRow } from '#store'
import type { Server, ServerState } from './contract.ts'

/** What a row means to everybody outside; `position` is its place in the queue, from 1, where it is queued. */
export function stateOf(row: ServerRow, position: number | null): ServerState {
  const since = row.phase_since ?? row.created_at
  switch (row.phase) {
    case 'stopped':
      return { phase: 'stopped' }
    case 'queued':
      return { phase: 'queued', position: position ?? 0 }
    case 'starting':
    case 'waiting':
    case 'routing':
      return { phase: 'starting', since: row.started_at ?? since }
    case 'ready':
      return { phase: 'ready', since: row.ready_at ?? since, url: row.url ?? '' }
    case 'stopping':
      // To be started again with other options: to everybody outside it is on its way up.
      return row.desired === 'running' ? { phase: 'starting', since } : { phase: 'stopping', since }
    case 'failed':
      return { phase: 'failed', reason: row.failure as FailureReason }
  }
}

/** Nothing is under way and nothing is wanted that is not there. */
export function isSettled(row: ServerRow): boolean {
  if (row.phase === 'stopped' || row.phase === 'failed') return row.desired === 'stopped' && !row.remove_when_stopped
  return row.phase === 'ready' && row.desired === 'running' && row.run_generation === row.generation
}

/** Of a failed server: whether it never came up, or was ready and is gone. */
export function failureMessage(row: ServerRow): string {
  // Safe: the reconciler writes a FailureReason there.
  const { message } = row.failure as FailureReason
  return row.ready_at === null ? `Spawn failed: ${message}` : `The server is gone: ${message}`
}

export function serverOf(row: ServerRow, position: number | null): Server {
  return {
    id: row.id,
    userId: row.user_id,
    userName: row.user_name,
    name: row.name,
    displayName: row.display_name,
    userOptions: row.user_options,
    state: stateOf(row, position),
    startedAt: row.phase === 'stopped' || row.phase === 'failed' ? null : row.started_at,
    lastActivity: row.last_activity,
    createdAt: row.created_at,
    attempt: row.attempt,
    handle: row.handle,
  }
}

/** Servers out of a list of users, without their places in the queue. */
export function serversOf(user: { readonly name: string; readonly servers: readonly StoredServer[] }): Server[] {
  return user.servers.map((row) => serverOf(serverRow({ ...row, user_name: user.name }), null))
}

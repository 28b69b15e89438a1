/**
 * What the routes and pages may ask of the servers. A call writes what is wanted and returns; the reconciler brings
 * it about. Nothing here waits for a server but `settled`.
 */
import type { Millis } from '#base/clock.ts'
import type { Belonging, Edition, FailureReason } from '#spawners'
import type { Offer } from './offers.ts'

/** A server as everything outside the reconciler sees it. */
export interface Server {
  readonly id: number
  readonly userId: number
  readonly userName: string
  /** Empty for the default server. */
  readonly name: string
  readonly displayName: string
  readonly userOptions: Readonly<Record<string, unknown>>
  readonly state: ServerState
  readonly startedAt: Millis | null
  readonly lastActivity: Millis | null
  readonly createdAt: Millis
  readonly attempt: number
  readonly handle: Readonly<Record<string, unknown>> | null
  /** What a start now would change; absent where nobody has looked. */
  readonly newer?: readonly EditionChange[]
}

/** One thing that a running server has otherwise than a start now would give it; null: not at all. */
export interface EditionChange {
  /** `image`, `folders`, or the name of a resource: `memory`, `cpu`, `nvidia.com/gpu`. */
  readonly what: string
  readonly before: string | null
  readonly after: string | null
}

export type ServerState =
  | { readonly phase: 'stopped' }
  /** Waits for a free place; `position` counts from 1, and is 0 in lists, where it is not worked out. */
  | { readonly phase: 'queued'; readonly position: number }
  | { readonly phase: 'starting'; readonly since: Millis }
  | { readonly phase: 'ready'; readonly since: Millis; readonly url: string }
  | { readonly phase: 'stopping'; readonly since: Millis }
  | { readonly phase: 'failed'; readonly reason: FailureReason }

export interface ProgressEvent {
  /** Goes up; the `id:` of the event stream, for `Last-Event-ID`. */
  readonly id: number
  readonly at: Millis
  readonly kind: 'progress' | 'ready' | 'failed' | 'stopped'
  readonly progress: number | null
  readonly message: string
  readonly htmlMessage: string | null
  readonly rawEvent: unknown
}

export interface StartWish {
  readonly userId: number
  readonly serverName: string
  /** null: as last time. */
  readonly userOptions: Readonly<Record<string, unknown>> | null
  readonly displayName?: string
}

export interface ServerChanges {
  readonly name?: string
  readonly displayName?: string
  readonly userOptions?: Readonly<Record<string, unknown>>
}

export interface Servers {
  /**
   * Records that the server is wanted with these options. A running or starting server with other options is
   * replaced only when `replace` is set ("switch environment").
   * Errors: SERVER_ALREADY_RUNNING, SERVER_STOPPING, OPTIONS_INVALID, NAMED_SERVERS_OFF, NAMED_SERVER_LIMIT,
   * SERVER_NAME_INVALID, ACTIVE_SERVER_LIMIT.
   */
  start(wish: StartWish, options?: { replace?: boolean }): Promise<Server>
  /** Records that it is to be stopped (and with `remove` deleted after). Returns null when there is no such server. */
  stop(userId: number, serverName: string, options?: { remove?: boolean }): Promise<Server | null>
  /** Makes a named server without starting it. Errors: SERVER_EXISTS and those of `start`. */
  create(wish: StartWish): Promise<Server>
  /** Changes a server that is not active. Errors: SERVER_UNKNOWN, SERVER_ACTIVE, SERVER_EXISTS, and those of `start`. */
  update(userId: number, serverName: string, changes: ServerChanges): Promise<Server>
  find(userId: number, serverName: string): Promise<Server | null>
  ofUser(userId: number): Promise<readonly Server[]>
  /** The server with what a start now would change of it; nothing where it does not run or that can't be told. */
  compared(server: Server): Promise<Server>
  /** What each profile would give that user, by slug, as far as that can be told before a start. */
  offers(offer: Offer): ReadonlyMap<string, Edition>
  /** Resolves when the server is ready, failed or stopped, or after `ms` with what is then. */
  settled(serverId: number, ms: number): Promise<Server | null>
  /** Events of the present attempt after `afterId`, first what is stored, then live ones; ends after a final event. */
  progress(serverId: number, afterId: number, signal: AbortSignal): AsyncIterable<ProgressEvent>
  /** What there is of servers that the hub does not know, for administrators. */
  strays(): Promise<readonly Belonging[]>
  /** Last lines of its log. */
  log(serverId: number, lines: number): Promise<readonly string[]>
}

/** The `pending` field of the REST API. */
export function pending(state: ServerState): 'spawn' | 'stop' | null {
  switch (state.phase) {
    case 'queued':
    case 'starting':
      return 'spawn'
    case 'stopping':
      return 'stop'
    case 'stopped':
    case 'ready':
    case 'failed':
      return null
  }
}

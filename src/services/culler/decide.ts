/** Who is idle for too long. The rules are those of jupyterhub-idle-culler. */
import type { Millis } from '#base/clock.ts'

export interface CullOptions {
  readonly timeoutSeconds: number
  /** 0: half the timeout, at most 10 minutes. */
  readonly everySeconds: number
  /** How long a server (or, with `users`, a user) may live, idle or not; 0: for ever. */
  readonly maxAgeSeconds: number
  /** How many requests at once; 0: any number. */
  readonly concurrency: number
  /** Idle users are deleted, too. */
  readonly users: boolean
  /** With `users`: administrators, too. */
  readonly adminUsers: boolean
  readonly removeNamedServers: boolean
}

/** The parts of the REST API's user that count here; instants as text. */
export interface CullableUser {
  readonly name: string
  readonly admin?: boolean | undefined
  readonly created?: string | null | undefined
  readonly last_activity?: string | null | undefined
  /** Active ones, by name. */
  readonly servers?: Readonly<Record<string, CullableServer>> | undefined
}

export interface CullableServer {
  readonly pending: string | null
  readonly ready: boolean
  readonly started: string | null
  readonly last_activity: string | null
}

export interface Decision {
  readonly stop: readonly { readonly server: string; readonly remove: boolean; readonly why: 'idle' | 'old' }[]
  /** Delete the user once all these servers are stopped; never while another one is active. */
  readonly deleteUser: 'idle' | 'old' | null
}

export function decide(user: CullableUser, options: CullOptions, now: Millis): Decision {
  const servers = Object.entries(user.servers ?? {})
  const stop = servers.flatMap(([server, { pending, ready, started, last_activity }]) => {
    if (pending !== null || !ready) return []
    const why = isOver({ began: started, lastActivity: last_activity }, options, now)
    return why ? [{ server, remove: server !== '' && options.removeNamedServers, why }] : []
  })
  const isSpared = !options.users || stop.length < servers.length || (user.admin === true && !options.adminUsers)
  const times = { began: user.created ?? null, lastActivity: user.last_activity ?? null }
  return { stop, deleteUser: isSpared ? null : isOver(times, options, now) }
}

/** Without any activity, the time counts from the beginning. What has neither is left alone. */
function isOver(
  { began, lastActivity }: { began: string | null; lastActivity: string | null },
  { timeoutSeconds, maxAgeSeconds }: CullOptions,
  now: Millis,
): 'idle' | 'old' | null {
  const age = secondsSince(began, now)
  const idle = lastActivity === null ? age : secondsSince(lastActivity, now)
  if (idle !== null && idle >= timeoutSeconds) return 'idle'
  return maxAgeSeconds > 0 && age !== null && age >= maxAgeSeconds ? 'old' : null
}

function secondsSince(instant: string | null, now: Millis): number | null {
  const at = instant === null ? Number.NaN : Date.parse(instant)
  return Number.isNaN(at) ? null : (now - at) / 1000
}

/** As the original: half the timeout, but at least every ten minutes. */
export function intervalSeconds({ everySeconds, timeoutSeconds }: CullOptions): number {
  return everySeconds > 0 ? everySeconds : Math.max(Math.min(timeoutSeconds / 2, 600), 1)
}

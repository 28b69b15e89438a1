import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Settings } from '#config'
import { touchSession, touchToken, touchUser } from '#store'
import type { HubContext } from './context.ts'
import type { KnownCaller } from './known-caller.ts'

/** Held: so many; when full, those that came first go. */
const capacity = 20_000

/** Keeps who is behind a token or login until anything about users, roles, tokens or sessions changes. */
export class CallerCache {
  readonly context: HubContext
  #revision = -1
  #settings: Settings | null = null
  #known = new Map<string, KnownCaller>()
  /** Survives changes: activity is written at most once in `activity_resolution`. */
  #touched = new Map<string, Millis>()

  constructor(context: HubContext) {
    this.context = context
  }

  async get(key: string, look: () => Promise<KnownCaller | null>): Promise<KnownCaller | null> {
    const { store, clock } = this.context
    const revision = await store.revision('access')
    const settings = this.context.settings()
    if (revision !== this.#revision || settings !== this.#settings) {
      this.#known = new Map()
      this.#revision = revision
      this.#settings = settings
    }
    const known = this.#known
    const held = known.get(key)
    if (held) return held.expiresAt !== null && held.expiresAt <= clock.now() ? null : held
    const found = await look()
    // If something changed meanwhile, this map is not in use any more.
    if (found) keep(known, key, found)
    return found
  }

  /** Never fails the request that it is about. */
  async touch(key: string, { caller, isServer }: KnownCaller): Promise<void> {
    const { store, clock, log } = this.context
    const now = clock.now()
    const last = this.#touched.get(key)
    if (last !== undefined && now - last < this.context.settings().hub.activityResolutionSeconds * 1000) return
    this.#touched.delete(key)
    keep(this.#touched, key, now)
    try {
      if (caller.kind !== 'anonymous' && caller.tokenId !== null) await touchToken(store.db, caller.tokenId, now)
      if (caller.kind !== 'user') return
      if (!isServer) await touchUser(store.db, caller.userId, now)
      if (caller.via === 'cookie') await touchSession(store.db, caller.sessionId!, now)
    } catch (error) {
      log.warn({ user: caller.kind === 'user' ? caller.name : null, error: messageOf(error) }, 'Activity not recorded')
    }
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= capacity) map.delete(map.keys().next().value!)
  map.set(key, value)
}

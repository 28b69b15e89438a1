/**
 * What one hub does for all: it keeps the proxy's routes right, looks after ready servers, lets the queue move on and
 * clears away what has expired. Any hub can be the one; a lease says which.
 */
import { atOnce } from '#base/at-once.ts'
import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import {
  acquireLease,
  makeDueIfReady,
  purgeExpired,
  recordActivity,
  releaseLease,
  type ServerRow,
  serversInPhase,
  trimServerEvents,
} from '#store'
import type { ProxyRoute } from '../proxy-client/index.ts'
import { within } from './deadline.ts'
import { type ServersDeps, wishTopic } from './deps.ts'
import { putRoutesRight } from './put-routes-right.ts'
import { refOf } from './run.ts'
import { admit } from './steps.ts'
import { strays } from './strays.ts'

const lease = 'routes'
const ttlMs = 6_000
const everyMs = 2_000
/** A proxy that does not answer is asked more often: it may be back, and empty. */
const retryMs = 250
const straysEveryMs = 600_000
const purgeEveryMs = 3_600_000
const keepEventsMs = 14 * 86_400_000
const observeMs = 10_000
const observedAtOnce = 20

export class Leader {
  readonly #deps: ServersDeps
  readonly #owner: string
  readonly #doneAt = new Map<string, Millis>()
  #isObserving: Promise<void> | null = null

  constructor(deps: ServersDeps) {
    this.#deps = deps
    this.#owner = `${deps.replica}/${deps.random.hex32()}`
  }

  async run(signal: AbortSignal): Promise<void> {
    const { store, clock, log } = this.#deps
    let wasLeader = false
    while (!signal.aborted) {
      let pauseMs = everyMs
      try {
        const now = await store.now()
        const isLeader = (await acquireLease(store.db, { name: lease, owner: this.#owner, now, ttlMs })) !== null
        if (isLeader !== wasLeader) log.info({ leader: isLeader }, 'The lead among the hubs has changed')
        if (isLeader && !wasLeader) this.#doneAt.clear()
        wasLeader = isLeader
        if (isLeader) pauseMs = await this.#lead(signal)
      } catch (error) {
        if (!signal.aborted) log.warn({ problem: messageOf(error) }, 'The duties of the leading hub could not be done')
      }
      await clock.sleep(pauseMs, signal).catch(() => {})
    }
    await this.#isObserving
    if (wasLeader) await releaseLease(store.db, { name: lease, owner: this.#owner }).catch(() => {})
  }

  /** Returns how long to wait before the next round. */
  async #lead(signal: AbortSignal): Promise<number> {
    const { store, clock, log } = this.#deps
    const settings = this.#deps.settings()
    await admit(this.#deps)
    const isRouted = await this.#routes().then(
      () => true,
      (error) => {
        log.warn({ problem: messageOf(error) }, 'Routes could not be compared')
        return false
      },
    )
    if (this.#isDue('observe', settings.spawner.pollIntervalSeconds * 1000)) {
      // Beside the rounds: a spawner that is slow to answer must not hold up the routes.
      this.#isObserving ??= this.#observe(signal)
        .catch((error) => log.warn({ problem: messageOf(error) }, 'Ready servers could not be looked at'))
        .finally(() => {
          this.#isObserving = null
        })
    }
    if (this.#isDue('strays', straysEveryMs)) await this.#tellOfStrays()
    if (this.#isDue('purge', purgeEveryMs)) {
      await purgeExpired(store.db, clock.now())
      await trimServerEvents(store.db, clock.now() - keepEventsMs)
    }
    return isRouted ? everyMs : retryMs
  }

  async #tellOfStrays(): Promise<void> {
    const found = await strays(this.#deps)
    if (found.length === 0) return
    const names = found.slice(0, 20).map(({ what, name }) => `${what} ${name}`)
    this.#deps.log.warn(
      { count: found.length, names },
      'There are pods or volumes of servers that the hub does not know',
    )
  }

  #isDue(duty: string, everyMs: number): boolean {
    const now = this.#deps.clock.now()
    const isDue = now - (this.#doneAt.get(duty) ?? Number.NEGATIVE_INFINITY) >= everyMs
    if (isDue) this.#doneAt.set(duty, now)
    return isDue
  }

  async #routes(): Promise<void> {
    const current = await putRoutesRight(this.#deps, { leads: true })
    if (this.#isDue('activity', this.#deps.settings().hub.lastActivityIntervalSeconds * 1000)) {
      await recordActivity(this.#deps.store.db, activityOf(current))
    }
  }

  /** Watching may miss what happened while nobody watched; so every ready server is looked at now and then. */
  async #observe(signal: AbortSignal): Promise<void> {
    const rows = await serversInPhase(this.#deps.store.db, ['ready'])
    await atOnce(observedAtOnce, rows, async (row) => {
      if (!signal.aborted) await this.#observeOne(row, signal)
    })
  }

  async #observeOne(row: ServerRow, signal: AbortSignal): Promise<void> {
    const { clock, spawner, store, log } = this.#deps
    try {
      const seen = await within(clock, { ms: observeMs, signal }, () => spawner.observe(refOf(row), row.handle))
      const isWell = seen.phase === 'starting' || (seen.phase === 'running' && seen.url === row.url)
      if (!isWell && (await makeDueIfReady(store.db, row.id))) store.notices.publish(wishTopic, row.id)
    } catch (error) {
      // Not known to be gone: it stays as it was.
      log.debug({ server: row.id, problem: messageOf(error) }, 'It is not known how a server is')
    }
  }
}

/** What the proxy saw of users' servers. */
export function activityOf(routes: ReadonlyMap<string, ProxyRoute>) {
  return [...routes.values()].flatMap(({ data: { user, server_name }, lastActivity }) =>
    typeof user === 'string' && typeof server_name === 'string' && lastActivity !== null
      ? [{ userName: user, serverName: server_name, at: lastActivity }]
      : [],
  )
}

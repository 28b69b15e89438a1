import { httpCall } from '#base/http-call.ts'
import { findServer, type ServerRow, serverById, serversOfUser } from '#store'
import { compared } from './compared.ts'
import type { Servers } from './contract.ts'
import type { ServersDeps } from './deps.ts'
import { Leader } from './leader.ts'
import { offers } from './offers.ts'
import { progress } from './progress.ts'
import { putRoutesRight } from './put-routes-right.ts'
import { Queue } from './queue.ts'
import { Reconciler } from './reconciler.ts'
import { refOf } from './run.ts'
import { isSettled } from './state.ts'
import { strays } from './strays.ts'
import { Waiters } from './waiters.ts'
import { wishCreate, wishStart, wishStop, wishUpdate } from './wishes.ts'

export type { ServersDeps } from './deps.ts'
export { serversOf } from './state.ts'

export interface RunningServers extends Servers {
  /** Reconciles until the signal; then gives its leases back, so that other hubs go on at once. */
  run(signal: AbortSignal): Promise<void>
  /** Resolves when the proxy sends the hub's paths to a hub that answers: this one, or the one that leads. */
  routed(signal: AbortSignal): Promise<void>
  /** Brings the proxy's routes in line with the servers, and resolves when they are. Errors: PROXY_UNAVAILABLE. */
  checkRoutes(): Promise<void>
}

export function createServers(deps: ServersDeps): RunningServers {
  const { db } = deps.store
  const waiters = new Waiters(deps.store, deps.clock)
  const queue = new Queue(deps.store, deps.clock)
  const shown = (row: ServerRow) => queue.server(row)
  const maybe = async (row: ServerRow | null) => row && shown(row)
  return {
    start: async (wish, options = {}) => shown(await wishStart(deps, wish, options)),
    stop: async (userId, serverName, { remove = false } = {}) =>
      maybe(await wishStop(deps, { userId, serverName, remove })),
    create: async (wish) => shown(await wishCreate(deps, wish)),
    update: async (userId, serverName, changes) => shown(await wishUpdate(deps, { userId, serverName }, changes)),
    find: async (userId, serverName) => maybe(await findServer(db, userId, serverName)),
    ofUser: async (userId) => Promise.all((await serversOfUser(db, userId)).map(shown)),
    compared: (server) => compared(deps, server),
    offers: (offer) => offers(deps, offer),
    settled: async (serverId, ms) => maybe(await settled(deps, waiters, { serverId, ms })),
    progress: (serverId, afterId, signal) => progress(deps, { waiters, queue }, { serverId, afterId, signal }),
    strays: () => strays(deps),
    log: async (serverId, lines) => {
      const row = await serverById(db, serverId)
      return row ? deps.spawner.log(refOf(row), row.handle, lines) : []
    },
    run: async (signal) => {
      await Promise.all([new Reconciler(deps).run(signal), new Leader(deps).run(signal)])
      waiters.close()
    },
    routed: (signal) => routed(deps, signal),
    checkRoutes: async () => void (await putRoutesRight(deps, { leads: false })),
  }
}

async function settled(
  { store, clock }: ServersDeps,
  waiters: Waiters,
  { serverId, ms }: { serverId: number; ms: number },
): Promise<ServerRow | null> {
  const until = clock.now() + ms
  const listening = waiters.listen(serverId)
  try {
    for (;;) {
      const row = await serverById(store.db, serverId)
      const left = until - clock.now()
      if (!row || isSettled(row) || left <= 0) return row
      await listening.next(left)
    }
  } finally {
    listening.end()
  }
}

async function routed(deps: ServersDeps, signal: AbortSignal): Promise<void> {
  const { base, hub } = deps.urls
  while (!signal.aborted) {
    const target = await deps.proxy.list().then(
      (routes) => routes.get(base)?.target,
      () => undefined,
    )
    if (target === deps.hubTarget || (target && (await answers(`${target}${hub}api`, signal)))) return
    await deps.clock.sleep(50, signal).catch(() => {})
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await httpCall(url, { signal, timeoutMs: 1_000 })).ok
  } catch {
    return false
  }
}

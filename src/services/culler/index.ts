/** Stops servers that nobody uses, as an outside service would: over the REST API. */
import { type ApiClient, type ItemOf, routes, statusOf } from '#api'
import { atOnce } from '#base/at-once.ts'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { type CullOptions, decide, intervalSeconds } from './decide.ts'

export type { CullOptions } from './decide.ts'

/** What its token must allow; `admin:users` only with `users`. */
export const cullerScopes = ['list:users', 'read:users:activity', 'read:servers', 'delete:servers'] as const

export interface CullerDeps {
  readonly client: ApiClient
  /** Read before each round. */
  readonly options: () => CullOptions
  readonly clock: Clock
  readonly log: Log
}

/** Looks for idle servers until the signal. A round that fails is followed by the next. */
export async function runCuller(deps: CullerDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await cull(deps, signal).catch((error) => {
      if (!signal.aborted) deps.log.warn({ problem: messageOf(error) }, 'Idle servers could not be looked for')
    })
    await deps.clock.sleep(intervalSeconds(deps.options()) * 1000, signal).catch(() => {})
  }
}

type User = ItemOf<typeof routes.listUsers>

/** One round. */
export async function cull(deps: CullerDeps, signal: AbortSignal): Promise<void> {
  const { client } = deps
  const options = deps.options()
  const states = options.users ? (['inactive', 'ready'] as const) : (['ready'] as const)
  // All are read before any is touched: pages would shift under the reader.
  const users = new Map<string, User>()
  for (const state of states) {
    for await (const user of client.items(routes.listUsers, { query: { state }, signal })) users.set(user.name, user)
  }
  await atOnce(options.concurrency || users.size, [...users.values()], async (user) => {
    if (!signal.aborted) await cullOne(deps, user, signal)
  })
}

async function cullOne(deps: CullerDeps, user: User, signal: AbortSignal): Promise<void> {
  const { client, clock, log } = deps
  const { stop, deleteUser } = decide(user, deps.options(), clock.now())
  try {
    let areStopped = true
    for (const { server, remove, why } of stop) {
      log.info({ user: user.name, server, why }, 'An idle server is stopped')
      const params = { user: user.name, server }
      const { status } = await client.request(routes.stopServer, {
        params,
        ...(remove ? { body: { remove } } : {}),
        signal,
      })
      // 202: it takes its time; the user is for the next round.
      if (status === 202) areStopped = false
    }
    if (!deleteUser || !areStopped) return
    log.info({ user: user.name, why: deleteUser }, 'An idle user is deleted')
    await client.call(routes.deleteUser, { params: { user: user.name }, signal })
  } catch (error) {
    // Somebody else was faster.
    if (statusOf(error) === 404 || signal.aborted) return
    log.warn({ user: user.name, problem: messageOf(error) }, 'An idle server or user is still there')
  }
}

import { atOnce } from '#base/at-once.ts'
import { serversWithRoutes } from '#store'
import type { ProxyRoute } from '../proxy-client/index.ts'
import type { ServersDeps } from './deps.ts'
import { routeChanges } from './routes.ts'

const changedAtOnce = 10

/**
 * Compares the proxy's routes with what there should be, changes what differs, and gives those that it found. Who does
 * not lead leaves the hub's own paths with the hub that has them. Errors: PROXY_UNAVAILABLE, PROXY_REFUSED.
 */
export async function putRoutesRight(
  { store, proxy, urls, hubTarget, log, settings }: ServersDeps,
  { leads }: { leads: boolean },
): Promise<ReadonlyMap<string, ProxyRoute>> {
  const current = await proxy.list()
  const servers = await serversWithRoutes(store.db)
  const { services } = settings().hub
  const { extraRoutes } = settings().proxy
  const target = leads ? hubTarget : (current.get(urls.base)?.target ?? hubTarget)
  const changes = routeChanges(current, { base: urls.base, hubTarget: target, servers, services, extraRoutes })
  // The hub's own comes last: a proxy that has it has all, and may be shown to browsers.
  const [own, others] = [changes.add.filter(({ data }) => data.hub), changes.add.filter(({ data }) => !data.hub)]
  for (const routes of [others, own])
    await atOnce(changedAtOnce, routes, ({ path, target: to, data }) => proxy.add(path, to, data))
  await atOnce(changedAtOnce, changes.remove, (path) => proxy.remove(path))
  if (changes.add.length + changes.remove.length > 0) {
    log.info({ added: changes.add.length, removed: changes.remove.length }, 'Routes of the proxy were put right')
  }
  return current
}

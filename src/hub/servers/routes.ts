/** Which routes the proxy should have, and what to change for it to have them. Pure. */
import type { ServiceSetting } from '#config'
import type { RoutedServer } from '#store'
import { quoteName, serverPath } from '../pages/views/server-path.ts'
import type { ProxyRoute } from '../proxy-client/index.ts'
import { routeData } from './steps.ts'

export interface RouteWishes {
  /** `/` or `/prefix/`. */
  readonly base: string
  readonly hubTarget: string
  readonly servers: readonly RoutedServer[]
  readonly services: readonly Pick<ServiceSetting, 'name' | 'url'>[]
  readonly extraRoutes: Readonly<Record<string, string>>
}

export interface WantedRoute {
  readonly path: string
  readonly target: string
  readonly data: Readonly<Record<string, unknown>>
}

export function wantedRoutes({ base, hubTarget, servers, services, extraRoutes }: RouteWishes): readonly WantedRoute[] {
  return [
    { path: base, target: hubTarget, data: { hub: true } },
    ...servers
      .filter((row) => row.phase === 'ready' && row.url !== null)
      .map((row) => ({ path: serverPath(base, row.user_name, row.name), target: row.url!, data: routeData(row) })),
    ...services
      .filter(({ url }) => url)
      .map(({ name, url }) => ({
        path: `${base}services/${quoteName(name)}/`,
        target: new URL(url!).origin,
        data: { service: name },
      })),
    ...Object.entries(extraRoutes).map(([path, target]) => ({
      path: path.endsWith('/') ? path : `${path}/`,
      target,
      data: { extra: true },
    })),
  ]
}

export interface RouteChanges {
  readonly add: readonly WantedRoute[]
  readonly remove: readonly string[]
}

/** `current` must be older than `wishes`: then a route that its server was given in between is not taken for a stray. */
export function routeChanges(current: ReadonlyMap<string, ProxyRoute>, wishes: RouteWishes): RouteChanges {
  const wanted = wantedRoutes(wishes)
  const known = new Set([
    ...wanted.map(({ path }) => path),
    // Those on their way up or down are in other hands.
    ...wishes.servers.map((row) => serverPath(wishes.base, row.user_name, row.name)),
  ])
  return {
    add: wanted.filter(({ path, target }) => current.get(path)?.target !== target),
    remove: [...current.keys()].filter((path) => !known.has(path)),
  }
}

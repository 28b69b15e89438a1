/** Several proxies as if they were one: each is told everything, and what one of them lacks counts as missing. */
import { errors } from './errors.ts'
import type { ProxyClient, ProxyRoute } from './index.ts'

export interface SeveralOptions {
  /** The base addresses of their APIs just now: `http://10.0.0.7:8001`. */
  readonly find: () => Promise<readonly string[]>
  readonly clientOf: (apiUrl: string) => ProxyClient
}

/**
 * A proxy that does not answer is left out as long as another does: it is on its way up or down, and the leading hub
 * compares again soon. Errors: those of a single client, when none answers.
 */
export function severalProxies({ find, clientOf }: SeveralOptions): ProxyClient {
  const clients = new Map<string, ProxyClient>()
  const current = async () => {
    const urls = await find()
    for (const known of clients.keys()) if (!urls.includes(known)) clients.delete(known)
    for (const url of urls) if (!clients.has(url)) clients.set(url, clientOf(url))
    return [...clients.values()]
  }
  const all = async <T>(work: (client: ProxyClient) => Promise<T>): Promise<readonly T[]> => {
    // Nothing was done, and nothing may count as done.
    const known = await current()
    if (known.length === 0) throw errors.PROXY_UNAVAILABLE({ reason: 'there is none yet' })
    const ends = await Promise.allSettled(known.map(work))
    const done = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
    const failed = ends.find((end) => end.status === 'rejected')
    if (done.length === 0 && failed) throw failed.reason
    return done
  }
  return {
    list: async () => merged(await all((client) => client.list())),
    add: async (path, target, data) => void (await all((client) => client.add(path, target, data))),
    remove: async (path) => void (await all((client) => client.remove(path))),
  }
}

type Routes = ReadonlyMap<string, ProxyRoute>

/** The routes of all; one that differs between them has a target that nobody wants, so that it is put right. */
function merged(lists: readonly Routes[]): Routes {
  const [first = new Map<string, ProxyRoute>(), ...others] = lists
  if (others.length === 0) return first
  const paths = new Set(lists.flatMap((list) => [...list.keys()]))
  return new Map(
    [...paths].map((path) => {
      const found = lists.flatMap((list) => list.get(path) ?? [])
      const isSame = found.length === lists.length && found.every(({ target }) => target === found[0]?.target)
      const seen = found.flatMap(({ lastActivity }) => lastActivity ?? [])
      const lastActivity = seen.length === 0 ? null : Math.max(...seen)
      return [path, { target: isSame ? found[0]!.target : '', data: found[0]!.data, lastActivity }]
    }),
  )
}

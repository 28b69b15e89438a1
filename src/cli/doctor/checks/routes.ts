/** The proxies' routes beside the servers that run. */
import type { Pod } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { aboutPod, isReady, type ProxyRoutes, podsOf, type Sight } from '../sight.ts'

/** A server that was ready this long has had time to get its route. */
const settledMs = 60_000

export function routes(sight: Sight): readonly Finding[] {
  return (sight.routes ?? []).flatMap((proxy) => {
    if (proxy.routes === null) return [findings.PROXY_SILENT({ about: `pod/${proxy.pod}`, why: proxy.why })]
    return [...missing(sight, proxy.routes), ...dead(sight, proxy.routes)]
  })
}

type Routes = NonNullable<ProxyRoutes['routes']>

function missing(sight: Sight, table: Routes): readonly Finding[] {
  const targets = new Set(Object.values(table).map(({ target }) => hostOf(target)))
  const settled = podsOf(sight, 'singleuser-server').filter(
    (pod) => isReady(pod) && sight.now - readySince(pod) > settledMs && !pod.metadata.deletionTimestamp,
  )
  return settled
    .filter(({ status }) => !targets.has(status?.podIP ?? ''))
    .map((pod) => findings.ROUTE_MISSING({ about: aboutPod(pod), path: pathOf(pod) }))
}

/** Servers may be reached by name where values say so; those are not judged. */
function dead(sight: Sight, table: Routes): readonly Finding[] {
  const addresses = new Set(podsOf(sight, 'singleuser-server').map(({ status }) => status?.podIP))
  return Object.entries(table)
    .filter(
      ([path, { target }]) => path.includes('/user/') && isAddress(hostOf(target)) && !addresses.has(hostOf(target)),
    )
    .map(([path, { target }]) => findings.ROUTE_DEAD({ about: `route${path}`, path, target }))
}

function readySince({ status }: Pod): number {
  const started = status?.containerStatuses?.map(({ state }) => Date.parse(state?.running?.startedAt ?? ''))
  return Math.max(...(started ?? []).filter(Number.isFinite), 0)
}

function pathOf({ metadata }: Pod): string {
  const { 'hub.jupyter.org/username': user = '', 'hub.jupyter.org/servername': server } = metadata.annotations ?? {}
  return `/user/${user}/${server ? `${server}/` : ''}`
}

function hostOf(target: string): string {
  return URL.canParse(target) ? new URL(target).hostname.replace(/^\[|\]$/g, '') : ''
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host)
}

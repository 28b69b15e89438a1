/** Names and policies: whether the parts can find and reach each other. */
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { podsOf, publicHosts, type Sight } from '../sight.ts'

const accessLabel = 'hub.jupyter.org/network-access-hub'

export function dns(sight: Sight): readonly Finding[] {
  const hosts = publicHosts(sight)
  const [name, why] = [...sight.unresolved].find(([one]) => !hosts.includes(one)) ?? []
  const ofHosts = hosts
    .filter((host) => sight.unresolved.has(host))
    .map((host) => findings.HOST_UNKNOWN({ about: `host/${host}`, host }))
  const about = 'service/kube-dns'
  if (name) return [findings.DNS_DOWN({ about, why: `${name}: ${why}.` }), ...ofHosts]
  const endpoints = (sight.dns ?? []).flatMap((slice) => slice.endpoints ?? [])
  const isDown = (sight.dns ?? []).length > 0 && !endpoints.some(({ conditions }) => conditions?.ready !== false)
  return [...(isDown ? [findings.DNS_DOWN({ about, why: 'none of its pods is ready.' })] : []), ...ofHosts]
}

export function policies(sight: Sight): readonly Finding[] {
  const own = (sight.policies ?? []).find(({ spec }) => spec?.podSelector?.matchLabels?.component === 'hub')
  if (!own) return []
  const about = `networkpolicy/${own.metadata.name}`
  const reaches = (own.spec?.egress ?? []).some(({ to }) => to === undefined || to.some(({ ipBlock }) => ipBlock))
  const cutOff = podsOf(sight, 'singleuser-server').filter(({ metadata }) => metadata.labels?.[accessLabel] !== 'true')
  return [
    ...(reaches ? [] : [findings.HUB_SHUT_IN({ about })]),
    ...(cutOff.length > 0 ? [findings.SERVERS_CUT_OFF({ about, count: cutOff.length })] : []),
  ]
}

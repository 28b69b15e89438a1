/** What NetworkPolicies say of a connection, read as the API's documentation has it. Knows nothing of a kernel. */
import { BlockList, isIPv6 } from 'node:net'
import type { Rendered } from './helm.ts'

export interface End {
  readonly namespace: string
  /** null: no pod, but an address outside. */
  readonly labels: Readonly<Record<string, string>> | null
  readonly address: string
  readonly ports: Readonly<Record<string, number>>
}

// biome-ignore lint/suspicious/noExplicitAny: pieces of a manifest, looked into by name.
type Any = any

/** The policies are of the namespace `own`. */
export function allows(
  policies: readonly Rendered[],
  { from, to, port, own }: { from: End; to: End; port: number; own: string },
): boolean {
  const of = (end: End) =>
    policies.filter(({ spec }) => end.labels && end.namespace === own && fits(spec.podSelector.matchLabels, end.labels))
  const [leaving, entering] = [of(from), of(to)]
  const names = (ports: Any[] | undefined) => ports === undefined || ports.some((one) => isPort(one, to, port))
  const leaves = leaving
    .flatMap(({ spec }) => spec.egress ?? [])
    .some((rule: Any) => names(rule.ports) && meets(rule.to, to, own))
  const enters = entering
    .flatMap(({ spec }) => spec.ingress ?? [])
    .some((rule: Any) => names(rule.ports) && meets(rule.from, from, own))
  return (leaving.length === 0 || leaves) && (entering.length === 0 || enters)
}

function isPort({ port }: { port?: number | string }, to: End, wanted: number): boolean {
  return port === undefined || port === wanted || (typeof port === 'string' && to.ports[port] === wanted)
}

function meets(peers: Any[] | undefined, end: End, own: string): boolean {
  return peers === undefined || peers.some((peer) => isPeer(peer, end, own))
}

function isPeer({ ipBlock, podSelector, namespaceSelector }: Any, end: End, own: string): boolean {
  if (ipBlock)
    return isIn(ipBlock.cidr, end.address) && !(ipBlock.except ?? []).some((cidr: string) => isIn(cidr, end.address))
  if (!end.labels) return false
  const inNamespace = namespaceSelector
    ? fits(namespaceSelector.matchLabels, { 'kubernetes.io/metadata.name': end.namespace })
    : end.namespace === own
  return inNamespace && fits(podSelector?.matchLabels, end.labels)
}

function fits(wanted: Readonly<Record<string, string>> = {}, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value)
}

function isIn(cidr: string, address: string): boolean {
  const [network = '', bits = ''] = cidr.split('/')
  if (isIPv6(network) !== isIPv6(address)) return false
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  const list = new BlockList()
  list.addSubnet(network, Number(bits), family)
  return list.check(address, family)
}

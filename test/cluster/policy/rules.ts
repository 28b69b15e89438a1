/**
 * NetworkPolicies as rules of iptables. Each pod that a policy selects has a chain for each direction that the policy
 * speaks of: what no rule lets back (RETURN) is dropped. Addresses are those of the pods that run now, so the rules are
 * made anew whenever a pod, a namespace or a policy changes.
 */
import { withoutExceptions } from './cidr.ts'
import {
  type Direction,
  type NetworkPolicy,
  type Peer,
  type Pod,
  type PolicyPort,
  selects,
  type World,
} from './model.ts'

/** The chain that all traffic of pods passes; in the table mangle, where kube-proxy lets nothing through before us. */
export const entrance = 'HIMALIA-POLICY'

/** Input of `iptables-restore --noflush`: all chains, without the jump to `entrance`. @param node whose pods */
export function toRules(world: World, node: string): string {
  const pods = world.pods.filter((pod) => pod.spec.nodeName === node && isReachable(pod))
  const chains = pods.flatMap((pod, index) =>
    (['Ingress', 'Egress'] as const).flatMap((direction) => chainOf({ pod, direction, index, world })),
  )
  const lines = [
    `-A ${entrance} -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN`,
    // One pod after the other: traffic between two is let through by the one's egress and the other's ingress.
    ...chains.map(({ name, match }) => `-A ${entrance} ${match} -j ${name}`),
    ...chains.flatMap(({ name, rules }) => [...rules, '-j DROP'].map((rule) => `-A ${name} ${rule}`)),
  ]
  const names = [entrance, ...chains.map(({ name }) => name)]
  return ['*mangle', ...names.map((name) => `:${name} - [0:0]`), ...lines, 'COMMIT', ''].join('\n')
}

const isReachable = ({ spec, status }: Pod) =>
  !spec.hostNetwork && status?.podIP !== undefined && !['Succeeded', 'Failed'].includes(status.phase ?? '')

interface Chain {
  readonly name: string
  readonly match: string
  readonly rules: readonly string[]
}

interface Side {
  readonly pod: Pod
  readonly direction: Direction
  readonly index: number
  readonly world: World
}

/** None where no policy selects the pod: then all is allowed. */
function chainOf({ pod, direction, index, world }: Side): Chain[] {
  const policies = world.policies.filter((policy) => appliesTo(policy, pod, direction))
  if (policies.length === 0) return []
  const rules = policies.flatMap((policy) => {
    const { namespace } = policy.metadata
    const allowed = { direction, world, namespace, target: pod }
    return direction === 'Ingress'
      ? (policy.spec.ingress ?? []).flatMap(({ from, ports }) => allow({ ...allowed, peers: from, ports }))
      : (policy.spec.egress ?? []).flatMap(({ to, ports }) => allow({ ...allowed, peers: to, ports }))
  })
  const side = direction === 'Ingress' ? '-d' : '-s'
  return [{ name: `HIMALIA-${direction.toUpperCase()}-${index}`, match: `${side} ${pod.status?.podIP}`, rules }]
}

/** A policy without types is of ingress, and of egress if it has such rules. */
function appliesTo({ metadata, spec }: NetworkPolicy, pod: Pod, direction: Direction): boolean {
  const types = spec.policyTypes ?? (spec.egress ? ['Ingress', 'Egress'] : ['Ingress'])
  const isNear = metadata.namespace === pod.metadata.namespace
  return isNear && types.includes(direction) && selects(spec.podSelector, pod.metadata.labels)
}

interface Allowed {
  readonly direction: Direction
  readonly world: World
  /** That of the policy. */
  readonly namespace: string
  /** The pod that the policy selects. */
  readonly target: Pod
  readonly peers: readonly Peer[] | undefined
  readonly ports: readonly PolicyPort[] | undefined
}

/** One rule for each pair of an address and a port; no peers or no ports means any. */
function allow(allowed: Allowed): string[] {
  const places = allowed.peers?.length ? allowed.peers.flatMap((peer) => addressesOf(peer, allowed)) : anywhere(allowed)
  return places.flatMap(({ match, pod }) =>
    portsOf(allowed, allowed.direction === 'Ingress' ? allowed.target : pod).map((port) =>
      [match, port, '-j RETURN'].filter(Boolean).join(' '),
    ),
  )
}

interface Place {
  readonly match: string
  /** The pod that lives there, if it is a pod that was meant. */
  readonly pod?: Pod
}

/** A port that is named is another number at each pod that is spoken to. */
function anywhere(allowed: Allowed): Place[] {
  const isNamed = allowed.ports?.some(({ port }) => typeof port === 'string')
  const eachPod = isNamed && allowed.direction === 'Egress' ? addressesOf({ namespaceSelector: {} }, allowed) : []
  return [{ match: '' }, ...eachPod]
}

function addressesOf(peer: Peer, { direction, world, namespace }: Allowed): Place[] {
  const side = direction === 'Ingress' ? '-s' : '-d'
  if (peer.ipBlock)
    return withoutExceptions(peer.ipBlock.cidr, peer.ipBlock.except ?? []).map((match) => ({
      match: `${side} ${match}`,
    }))
  return world.pods
    .filter((pod) => isReachable(pod) && isMeant(pod, peer, namespace, world))
    .map((pod) => ({ match: `${side} ${pod.status?.podIP}`, pod }))
}

/** With neither selector's namespace given, a pod of the policy's own namespace is meant. */
function isMeant(pod: Pod, peer: Peer, own: string, { namespaces }: World): boolean {
  const space = namespaces.find(({ metadata }) => metadata.name === pod.metadata.namespace)
  const isNear = peer.namespaceSelector
    ? space !== undefined && selects(peer.namespaceSelector, space.metadata.labels)
    : pod.metadata.namespace === own
  return isNear && selects(peer.podSelector, pod.metadata.labels)
}

/** @param listener the pod that is spoken to, whose names of ports count; there is none at an address of an ipBlock */
function portsOf({ ports }: Allowed, listener: Pod | undefined): string[] {
  if (!ports?.length) return ['']
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    const match = `-p ${protocol.toLowerCase()}`
    if (port === undefined) return [match]
    if (typeof port === 'number') return [`${match} --dport ${endPort ? `${port}:${endPort}` : port}`]
    return namedPorts(listener, port, protocol).map((number) => `${match} --dport ${number}`)
  })
}

function namedPorts(pod: Pod | undefined, name: string, protocol: string): number[] {
  const ports = pod?.spec.containers.flatMap((container) => container.ports ?? []) ?? []
  return ports
    .filter((port) => port.name === name && (port.protocol ?? 'TCP') === protocol)
    .map(({ containerPort }) => containerPort)
}

/** What is known of the cluster: pods and claims, kept up to date by one watch each; of events the last few. */
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { Cache, type Claim, type Kube, type KubeEvent, keyOf, type Pod } from '#kube'
import { attemptAnnotation, editionAnnotation, idAnnotation, serverAnnotation, userAnnotation } from './metadata.ts'
import { RecentEvents } from './recent-events.ts'

export interface WorldOptions {
  readonly kube: Kube
  readonly clock: Clock
  readonly log: Log
  /** null: servers are in several namespaces. */
  readonly namespace: string | null
  /** Of the pods of servers. */
  readonly componentLabel: string
  readonly withEvents: boolean
  readonly withClaims: boolean
  readonly onPod: (pod: Pod) => void
}

/** How long it is remembered how a pod ended. */
const obituaryMs = 10 * 60_000

export class World {
  readonly pods: Cache<'pods'>
  readonly claims: Cache<'persistentvolumeclaims'>
  readonly events: RecentEvents
  readonly #options: WorldOptions
  readonly #gone = new Map<string, { readonly pod: Pod; readonly at: number }>()
  readonly #watchers = new Map<string, Set<() => void>>()

  constructor(options: WorldOptions) {
    this.#options = options
    const { kube, clock, log, namespace } = options
    const common = { kube, clock, log, namespace }
    this.events = new RecentEvents()
    this.pods = new Cache({
      ...common,
      kind: 'pods',
      labels: `component=${options.componentLabel}`,
      trim: trimmedPod,
      onChange: (after, before) => this.#podChanged(after, before),
    })
    this.claims = new Cache({ ...common, kind: 'persistentvolumeclaims', trim: trimmedClaim })
  }

  async run(signal: AbortSignal): Promise<void> {
    const { kube, clock, log, namespace, withClaims, withEvents } = this.#options
    const all = [this.pods.run(signal)]
    if (withClaims) all.push(this.claims.run(signal))
    if (withEvents) {
      const events = new Cache({
        kube,
        clock,
        log,
        namespace,
        kind: 'events',
        fields: 'involvedObject.kind=Pod',
        passing: true,
        onChange: (event) => event && this.#eventSeen(event),
      })
      all.push(events.run(signal))
    }
    await Promise.all(all)
  }

  /** The pod, or what it was when it went. */
  lastSeen(namespace: string, name: string): { readonly pod: Pod; readonly isGone: boolean } | null {
    const pod = this.pods.get(namespace, name)
    if (pod) return { pod, isGone: false }
    const gone = this.#gone.get(keyOf(namespace, name))
    return gone ? { pod: gone.pod, isGone: true } : null
  }

  /** A pod that was just made: the watch may be a moment behind. */
  learn(pod: Pod): void {
    const { namespace = '', name, uid } = pod.metadata
    const known = this.lastSeen(namespace, name)
    if (known?.pod.metadata.uid !== uid) this.pods.learn(pod)
  }

  /** Resolves at the next change of a pod. */
  async podChange(namespace: string, name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const key = keyOf(namespace, name)
    const change = Promise.withResolvers<void>()
    const wake = () => change.resolve()
    const abort = () => change.reject(signal.reason)
    const watchers = this.#watchers.get(key) ?? new Set()
    this.#watchers.set(key, watchers.add(wake))
    signal.addEventListener('abort', abort, { once: true })
    await change.promise.finally(() => {
      watchers.delete(wake)
      if (watchers.size === 0) this.#watchers.delete(key)
      signal.removeEventListener('abort', abort)
    })
  }

  #podChanged(after: Pod | null, before: Pod | null): void {
    const pod = after ?? before
    if (!pod) return
    if (!after) this.#remember(pod)
    this.#options.onPod(pod)
    for (const wake of this.#watchers.get(keyOf(pod.metadata.namespace ?? '', pod.metadata.name)) ?? []) wake()
  }

  #eventSeen(event: KubeEvent): void {
    const { name = '', namespace = '' } = event.involvedObject
    const pod = this.pods.get(namespace, name)
    // Only of servers that come up; the pod may be a moment later than what is said of it.
    if (pod && isUp(pod)) return
    this.events.add(event)
    if (pod) this.#options.onPod(pod)
  }

  #remember(pod: Pod): void {
    const now = this.#options.clock.now()
    const { namespace = '', name } = pod.metadata
    this.events.forget(namespace, name)
    this.#gone.set(keyOf(namespace, name), { pod, at: now })
    for (const [key, { at }] of this.#gone) {
      if (now - at < obituaryMs) break
      this.#gone.delete(key)
    }
  }
}

function isUp({ status }: Pod): boolean {
  return status?.phase === 'Running' && (status.containerStatuses ?? []).every(({ ready }) => ready)
}

const kept: readonly string[] = [userAnnotation, serverAnnotation, idAnnotation, attemptAnnotation, editionAnnotation]

/** A tenth of what the API server sends. */
function trimmedPod({ apiVersion, kind, metadata, spec, status }: Pod): Pod {
  const { name, namespace, uid, resourceVersion, creationTimestamp, deletionTimestamp, annotations = {} } = metadata
  const own = Object.fromEntries(Object.entries(annotations).filter(([key]) => kept.includes(key)))
  const { initContainers, nodeName } = spec
  return {
    apiVersion,
    kind,
    metadata: {
      ...{ name, annotations: own },
      ...(namespace === undefined ? {} : { namespace }),
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      ...(creationTimestamp === undefined ? {} : { creationTimestamp }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
    },
    spec: {
      containers: spec.containers.map(({ name, ports = [], resources = {} }) => ({
        ...(name === undefined ? {} : { name }),
        ports,
        resources,
      })),
      ...(nodeName === undefined ? {} : { nodeName }),
      ...(Array.isArray(initContainers) ? { initContainers: initContainers.map(({ name }) => ({ name })) } : {}),
    },
    ...(status === undefined ? {} : { status }),
  }
}

function trimmedClaim(claim: Claim): Claim {
  const { managedFields: _, ...metadata } = claim.metadata as Claim['metadata'] & { managedFields?: unknown }
  return { ...claim, metadata }
}

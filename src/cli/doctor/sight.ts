/** All that was seen of a release: plain objects, so that what is concluded from them can be tried on any. */
import type {
  Claim,
  Deployment,
  EndpointSlice,
  Ingress,
  KubeEvent,
  KubeObject,
  Metadata,
  NetworkPolicy,
  Pod,
  Secret,
  Service,
  StorageClass,
} from '#kube'

export interface Sight {
  readonly release: string
  readonly namespace: string
  readonly now: number
  readonly pods: readonly Pod[]
  readonly services: readonly Service[]
  readonly claims: readonly Claim[]
  /** Of the whole namespace. */
  readonly events: readonly KubeEvent[]
  /** null, here and below: it could not be read. */
  readonly deployments: readonly Deployment[] | null
  readonly policies: readonly NetworkPolicy[] | null
  readonly slices: readonly EndpointSlice[] | null
  readonly ingresses: readonly Ingress[] | null
  readonly storageClasses: readonly StorageClass[] | null
  /** What Helm keeps of each revision, without what is in it. */
  readonly revisions: readonly Metadata[] | null
  /** Those with certificates that the proxy's arguments name, by name; null: there is none of that name. */
  readonly secrets: ReadonlyMap<string, Secret | null>
  /** Endpoints of the cluster's DNS. */
  readonly dns: readonly EndpointSlice[] | null
  /** Why names could not be looked up, by name: of the cluster where this runs in it, of hosts everywhere. */
  readonly unresolved: ReadonlyMap<string, string>
  /** What each proxy said: its routes, or why it did not. null: this place is no place to ask. */
  readonly routes: readonly ProxyRoutes[] | null
  /** The last lines of containers that have trouble, by `pod/container`. */
  readonly logs: ReadonlyMap<string, readonly string[]>
  /** How much of the disk of the database is free, 0 to 1; null: this is not the pod that has it. */
  readonly freeDisk: number | null
  /** What became of the last change of the values, by hub that runs; absent: there was none. */
  readonly reloads: ReadonlyMap<string, Reload>
  /** What was not looked at, and why, in words. */
  readonly unread: readonly string[]
}

export interface Reload {
  /** Keys that wait for a restart. */
  readonly waiting: readonly string[]
  /** Why it was not taken, as the checker prints it; null: it was. */
  readonly refused: string | null
}

export interface ProxyRoutes {
  readonly pod: string
  readonly routes: Readonly<Record<string, { readonly target: string }>> | null
  readonly why: string
}

export type Component = 'hub' | 'proxy' | 'singleuser-server'

export function podsOf({ pods }: Pick<Sight, 'pods'>, component: Component): readonly Pod[] {
  return pods.filter(({ metadata }) => metadata.labels?.component === component)
}

/** The Service of a part of the release, whatever it is called. */
export function serviceOf({ services }: Pick<Sight, 'services'>, component: string): Service | null {
  return services.find(({ metadata }) => metadata.labels?.component === component) ?? null
}

/** How the proxy is called with: the arguments of a pod of it, or none. */
export function proxyArguments(sight: Pick<Sight, 'pods'>): readonly string[] {
  const [pod] = podsOf(sight, 'proxy')
  const args = pod?.spec.containers.find(({ name }) => name === 'chp')?.args
  return Array.isArray(args) ? args.map(String) : []
}

/** The values of an argument that may be given several times. */
export function argumentValues(args: readonly string[], name: string): readonly string[] {
  const start = `--${name}=`
  return args.filter((arg) => arg.startsWith(start)).map((arg) => arg.slice(start.length))
}

/** Hosts that people are meant to come by. */
export function publicHosts(sight: Pick<Sight, 'pods' | 'ingresses'>): readonly string[] {
  const ofIngress = (sight.ingresses ?? []).flatMap(({ spec }) => spec?.rules ?? []).flatMap(({ host }) => host ?? [])
  const all = [...argumentValues(proxyArguments(sight), 'acme-host'), ...ofIngress]
  return [...new Set(all)].filter((host) => !host.includes('*'))
}

export function eventsAbout({ events }: Pick<Sight, 'events'>, name: string): readonly KubeEvent[] {
  return events.filter(({ type, involvedObject }) => type === 'Warning' && involvedObject.name === name)
}

export function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
}

export function aboutPod({ metadata }: KubeObject): string {
  return `pod/${metadata.name}`
}

export function minutesSince(time: string | undefined, now: number): number {
  return time === undefined ? 0 : Math.floor((now - Date.parse(time)) / 60_000)
}

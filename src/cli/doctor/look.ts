/** Looks at a release, and changes nothing. What it may not read it leaves out, and says so. */

import { statfs } from 'node:fs/promises'
import { messageOf } from '#base/errors.ts'
import { type At, isStatus, type Kind, type Kinds, type Kube, type Pod, type Secret } from '#kube'
import { authTokenKey } from '../cluster/kept-secrets.ts'
import { certificateSecrets } from './checks/certificates.ts'
import { errors } from './errors.ts'
import { namesUnresolved } from './names.ts'
import { routesOf } from './proxies.ts'
import { reloadsOf } from './reloads.ts'
import { publicHosts, type Sight, serviceOf } from './sight.ts'

export interface LookOptions {
  readonly kube: Kube
  readonly namespace: string
  /** null: the only one there is. */
  readonly release: string | null
  readonly now: number
  /** Whether this runs in a pod of the cluster: then names and proxies can be asked, too. */
  readonly isInside: boolean
}

const logLines = 15

/** Errors: NO_RELEASE, SEVERAL_RELEASES, and those of the cluster. */
export async function look(options: LookOptions): Promise<Sight> {
  const { kube, namespace, now, isInside } = options
  const release = await releaseIn(options)
  const unread: string[] = []
  const own = { namespace, labels: `release=${release}` }
  const reader = new Reader(kube, unread)
  const [pods, services, claims, events] = await Promise.all([
    kube.list('pods', own),
    kube.list('services', own),
    kube.list('persistentvolumeclaims', own),
    kube.list('events', { namespace }),
  ])
  const [deployments, policies, slices, ingresses, storageClasses, dns] = await Promise.all([
    reader.list('deployments', own),
    reader.list('networkpolicies', own),
    reader.list('endpointslices', { namespace }),
    reader.list('ingresses', own),
    reader.list('storageclasses', {}),
    reader.list('endpointslices', { namespace: 'kube-system', labels: 'kubernetes.io/service-name=kube-dns' }),
  ])
  const seen = { pods, services, ingresses }
  const wanted = Object.values(certificateSecrets(seen)).filter((name) => name !== null)
  const secrets = await reader.secrets(wanted, namespace)
  if (!isInside) {
    const hub = serviceOf(seen, 'hub')?.metadata.name ?? 'hub'
    unread.push(
      `the routes of the proxies: \`kubectl --namespace=${namespace} exec deployment/${hub} -- himalia doctor\` asks them`,
    )
  }
  return {
    release,
    namespace,
    now,
    ...seen,
    claims,
    events: events.toSorted((a, b) => timeOf(a) - timeOf(b)),
    deployments,
    policies,
    slices,
    storageClasses,
    dns,
    revisions: await reader.revisions(release, namespace),
    secrets,
    unresolved: await namesUnresolved({ services, hosts: publicHosts(seen), isInside }),
    routes: isInside ? await routesOf(pods, await reader.token(namespace, services)) : null,
    logs: await logsOf(kube, pods),
    reloads: await reloadsOf(kube, pods),
    freeDisk: isInside ? await freeDisk() : null,
    unread,
  }
}

async function releaseIn({ kube, namespace, release }: LookOptions): Promise<string> {
  const labels = release === null ? 'component=hub' : `component=hub,release=${release}`
  const found = await kube.list('services', { namespace, labels })
  const names = [...new Set(found.map(({ metadata }) => metadata.labels?.release ?? ''))].filter((name) => name !== '')
  if (names.length > 1) throw errors.SEVERAL_RELEASES({ namespace, releases: names })
  if (names[0] === undefined) throw errors.NO_RELEASE({ namespace, release })
  return names[0]
}

/** Reads what it may. */
class Reader {
  readonly #kube: Kube
  readonly #unread: string[]

  constructor(kube: Kube, unread: string[]) {
    this.#kube = kube
    this.#unread = unread
  }

  list<K extends Kind>(kind: K, which: Parameters<Kube['list']>[1]): Promise<readonly Kinds[K][] | null> {
    const where = which.namespace === 'kube-system' ? `${kind} of kube-system` : kind
    return this.#allowed(where, () => this.#kube.list(kind, which))
  }

  revisions(release: string, namespace: string) {
    const which = { namespace, labels: `owner=helm,name=${release}` }
    return this.#allowed("Helm's revisions (secrets)", () => this.#kube.listMetadata('secrets', which))
  }

  async secrets(names: readonly string[], namespace: string): Promise<ReadonlyMap<string, Secret | null>> {
    const read = await Promise.all(names.map(async (name) => [name, await this.#secret({ name, namespace })] as const))
    return new Map(read.flatMap(([name, found]) => (found === null ? [] : [[name, found.secret]])))
  }

  /** Of the proxies' API; empty: it can't be read. */
  async token(namespace: string, services: readonly Kinds['services'][]): Promise<string> {
    const hub = services.find(({ metadata }) => metadata.labels?.component === 'hub')?.metadata.name ?? 'hub'
    for (const name of [hub, `${hub}-generated`]) {
      const token = (await this.#secret({ name, namespace }))?.secret?.data?.[authTokenKey]
      if (token) return Buffer.from(token, 'base64').toString()
    }
    return ''
  }

  async #secret(at: At): Promise<{ secret: Secret | null } | null> {
    return this.#allowed(`secret ${at.name}`, async () => ({ secret: await this.#kube.get('secrets', at) }))
  }

  async #allowed<T>(what: string, read: () => Promise<T>): Promise<T | null> {
    try {
      return await read()
    } catch (error) {
      if (!isStatus(error, 403)) throw error
      this.#unread.push(`${what}: no right to`)
      return null
    }
  }
}

/** Of the volume that the hub's pod has for its database; none where there is no such folder. */
async function freeDisk(): Promise<number | null> {
  return statfs('/srv/jupyterhub').then(
    ({ bavail, blocks }) => (blocks === 0 ? null : bavail / blocks),
    () => null,
  )
}

/** Of containers that ended, the run before; of those that are not ready, this one. */
async function logsOf(kube: Kube, pods: readonly Pod[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const core = pods.filter(({ metadata }) => ['hub', 'proxy'].includes(metadata.labels?.component ?? ''))
  const ill = core.flatMap(({ metadata, status }) =>
    [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
      .filter(({ ready, state, lastState }) => !ready && (state?.running || state?.terminated || lastState?.terminated))
      .map(({ name, state }) => ({ metadata, name, previous: state?.waiting !== undefined })),
  )
  const read = ill.map(async ({ metadata, name, previous }) => {
    const text = await kube
      .log(metadata, { container: name, lines: logLines, previous })
      .catch((error) => messageOf(error))
    return [`${metadata.name}/${name}`, text.split('\n').filter((line) => line.trim() !== '')] as const
  })
  return new Map(await Promise.all(read))
}

function timeOf({ lastTimestamp, eventTime, metadata }: Kinds['events']): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0
}

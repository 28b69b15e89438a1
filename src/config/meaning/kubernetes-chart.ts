/** Traits of KubeSpawner that several keys of the chart come to together, as z2jh's configuration puts them together. */
import type { ChartValue } from './chart-value.ts'

type Item = Readonly<Record<string, unknown>>
type Traits = Readonly<Record<string, unknown>>

export function chartTraits(chart: ChartValue): Traits {
  const { volumes, mounts } = storage(chart)
  return {
    image: imageName(chart, 'image'),
    image_pull_policy: chart('singleuser', 'image', 'pullPolicy') || undefined,
    image_pull_secrets: pullSecrets(chart),
    storage_pvc_ensure: chart('singleuser', 'storage', 'type') === 'dynamic',
    volumes,
    volume_mounts: mounts,
    lifecycle_hooks: lifecycleHooks(chart),
    init_containers: withMetadataBlock(chart),
    tolerations: [
      ...list(chart('scheduling', 'userPods', 'tolerations')),
      ...list(chart('singleuser', 'extraTolerations')),
    ],
    ...nodePurpose(chart),
    profile_list: chart('singleuser', 'profileList'),
  }
}

function imageName(chart: ChartValue, ...path: string[]): string | undefined {
  const name = chart('singleuser', ...path, 'name')
  const tag = chart('singleuser', ...path, 'tag')
  if (!name) return undefined
  return tag ? `${name}:${tag}` : `${name}`
}

function pullSecrets(chart: ChartValue): readonly unknown[] {
  const makes = chart('imagePullSecret', 'create') === true
  const own = makes && chart('imagePullSecret', 'automaticReferenceInjection') === true
  return [
    ...(own ? [resourceName(chart, 'image-pull-secret')] : []),
    ...list(chart('imagePullSecrets')),
    ...list(chart('singleuser', 'image', 'pullSecrets')),
    ...(blocksMetadata(chart) ? list(chart('singleuser', 'networkTools', 'image', 'pullSecrets')) : []),
  ]
}

/** As the chart names its objects. */
function resourceName(chart: ChartValue, name: string): string {
  const prefix = chart('fullnameOverride')
  return prefix ? `${prefix}-${name}` : name
}

function storage(chart: ChartValue): { volumes: Traits; mounts: Traits } {
  const home = homeVolume(chart)
  const files = extraFiles(chart)
  return {
    volumes: {
      ...home.volumes,
      ...files.volumes,
      ...keyed(chart('singleuser', 'storage', 'extraVolumes'), (volume) => `${volume.name}`),
    },
    mounts: {
      ...home.mounts,
      ...files.mounts,
      ...keyed(chart('singleuser', 'storage', 'extraVolumeMounts'), (mount, index) => `${index}-${mount.name}`),
    },
  }
}

function homeVolume(chart: ChartValue): { volumes: Traits; mounts: Traits } {
  const at = (...path: string[]) => chart('singleuser', 'storage', ...path)
  const mountPath = at('homeMountPath')
  const mount = (name: string, subPath: unknown) => ({ mountPath, name, ...(subPath ? { subPath } : {}) })
  switch (at('type')) {
    case 'dynamic': {
      const name = `${at('dynamic', 'volumeNameTemplate') ?? 'volume-{user_server}'}`
      return {
        volumes: { [name]: { name, persistentVolumeClaim: { claimName: '{pvc_name}' } } },
        mounts: { [name]: mount(name, at('dynamic', 'subPath')) },
      }
    }
    case 'static':
      return {
        volumes: { home: { name: 'home', persistentVolumeClaim: { claimName: at('static', 'pvcName') } } },
        mounts: { home: mount('home', at('static', 'subPath')) },
      }
    default:
      return { volumes: {}, mounts: {} }
  }
}

function extraFiles(chart: ChartValue): { volumes: Traits; mounts: Traits } {
  const files = Object.entries((chart('singleuser', 'extraFiles') ?? {}) as Readonly<Record<string, Item | null>>)
  const given = files.flatMap(([key, file]) => (file ? [{ key, file }] : []))
  if (given.length === 0) return { volumes: {}, mounts: {} }
  const items = given.map(({ key, file }) => ({ key, path: key, ...(file.mode == null ? {} : { mode: file.mode }) }))
  return {
    volumes: { files: { name: 'files', secret: { secretName: resourceName(chart, 'singleuser'), items } } },
    mounts: Object.fromEntries(
      given.map(({ key, file }, index) => [
        `${index}-files`,
        { mountPath: file.mountPath, subPath: key, name: 'files' },
      ]),
    ),
  }
}

/** A list becomes a map, so that what stands in both forms can be put together. */
function keyed(written: unknown, nameOf: (item: Item, index: number) => string): Traits {
  if (!Array.isArray(written)) return (written ?? {}) as Traits
  return Object.fromEntries(written.map((item: Item, index) => [nameOf(item, index), item]))
}

function lifecycleHooks(chart: ChartValue): Traits | undefined {
  const hooks = Object.fromEntries(
    ['postStart', 'preStop'].flatMap((name) => {
      const hook = chart('singleuser', 'lifecycleHooks', name)
      return hook ? [[name, hook]] : []
    }),
  )
  return Object.keys(hooks).length === 0 ? undefined : hooks
}

/** The block comes last, so that what the administrator's own containers need of the network still works. */
const blocksMetadata = (chart: ChartValue) => chart('singleuser', 'cloudMetadata', 'blockWithIptables') === true

function withMetadataBlock(chart: ChartValue): unknown {
  const own = chart('singleuser', 'initContainers') ?? []
  if (!blocksMetadata(chart)) return own
  const ip = chart('singleuser', 'cloudMetadata', 'ip') ?? '169.254.169.254'
  const resources = chart('singleuser', 'networkTools', 'resources')
  const rule = ['--append', 'OUTPUT', '--protocol', 'tcp', '--destination', ip, '--destination-port', '80']
  const block = {
    name: 'block-cloud-metadata',
    image: imageName(chart, 'networkTools', 'image'),
    command: ['iptables', ...rule, '--jump', 'DROP'],
    securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ['NET_ADMIN'] } },
    ...(resources ? { resources } : {}),
  }
  return [...(Array.isArray(own) ? own : sortedValues(own as Traits)), block]
}

function nodePurpose(chart: ChartValue): Traits {
  const term = { matchExpressions: [{ key: 'hub.jupyter.org/node-purpose', operator: 'In', values: ['user'] }] }
  const own = (kind: string) => list(chart('singleuser', 'extraNodeAffinity', kind))
  switch (chart('scheduling', 'userPods', 'nodeAffinity', 'matchNodePurpose')) {
    case 'prefer':
      return { node_affinity_preferred: [...own('preferred'), { weight: 100, preference: term }] }
    case 'require':
      return { node_affinity_required: [...own('required'), term] }
    default:
      return {}
  }
}

function list(written: unknown): readonly unknown[] {
  return Array.isArray(written) ? written : []
}

function sortedValues(map: Traits): readonly unknown[] {
  return Object.keys(map)
    .sort()
    .map((key) => map[key])
}

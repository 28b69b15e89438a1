/** Groups of keys that the chart repeats for many of its pods. */
import { version } from '#base/version.ts'
import { clusterKey, type Section, section } from './key.ts'
import { either, flag, freeList, freeMap, integer, list, map, oneOf, record, text } from './kinds.ts'

export const labels = map(text(), { expected: 'a map of texts (numbers need quotes)' })
/** A size or number as Kubernetes writes it. */
export const quantity = text({ format: 'quantity', expected: 'a size such as 10Gi' })
export const gpu = either(
  integer({ minimum: 0 }),
  record({ count: integer({ minimum: 0 }), vendor: oneOf(['nvidia', 'amd', 'intel']), resource: text() }),
  { expected: 'a number of GPUs, or a map with count, and vendor or resource' },
)
export const pullPolicy = oneOf(['', 'IfNotPresent', 'Always', 'Never'])
export const pullSecrets = list(either(text(), record({ name: text() }, { required: ['name'] })), {
  expected: 'a list of names of secrets',
})
export const resources = record(
  { limits: freeMap(), requests: freeMap(), claims: freeList() },
  { expected: 'limits and requests' },
)

export function image(name: string, tag: string, whose: string): Section {
  return section(`The image of ${whose}.`, {
    name: clusterKey(text(), { default: name, description: 'Registry and name, without a tag.' }),
    tag: clusterKey(text({ expected: 'a text; a tag that looks like a number needs quotes' }), {
      default: tag,
      description: 'The tag.',
    }),
    pullPolicy: clusterKey(pullPolicy, { description: 'When nodes pull it: IfNotPresent, Always or Never.' }),
    pullSecrets: clusterKey(pullSecrets, {
      default: [],
      description: 'Secrets with the credentials for the registry.',
    }),
  })
}

/** The tag of our own images: the version in package.json. */
export const release = version
/** The last of z2jh's releases whose images users and clusters have. */
export const z2jhRelease = '4.4.0'

export const hardened = {
  runAsNonRoot: true,
  runAsUser: 65534,
  runAsGroup: 65534,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
}

export const securityContext = (value: object) =>
  clusterKey(freeMap(), { default: value, description: "The container's securityContext." })

export const serviceAccount = (): Section =>
  section('The service account.', {
    create: clusterKey(flag(), { default: true, description: 'Make it.' }),
    name: clusterKey(text(), { description: 'Its name; without one the chart chooses it.' }),
    annotations: clusterKey(labels, { default: {}, description: 'Annotations.' }),
  })

export const disruptionBudget = (on = { enabled: false, maxUnavailable: undefined as number | undefined }): Section =>
  section('The PodDisruptionBudget.', {
    enabled: clusterKey(flag(), { default: on.enabled, description: 'Make one.' }),
    maxUnavailable: clusterKey(integer({ minimum: 0 }), {
      default: on.maxUnavailable,
      description: 'How many pods may be missing.',
    }),
    minAvailable: clusterKey(integer({ minimum: 0 }), {
      default: on.maxUnavailable === undefined ? 1 : undefined,
      description: 'How many pods must stay.',
    }),
  })

export const probe = (initialDelaySeconds: number, failureThreshold: number, timing: [number, number]): Section => {
  const more = (description: string) => clusterKey(integer({ minimum: 0 }), { description })
  return section('When Kubernetes asks whether it is well.', {
    enabled: clusterKey(flag(), { default: true, description: 'Ask at all.' }),
    initialDelaySeconds: { ...more('Seconds before the first question.'), default: initialDelaySeconds },
    periodSeconds: { ...more('Seconds between questions.'), default: timing[0] },
    failureThreshold: { ...more('Wrong answers until it counts as unwell.'), default: failureThreshold },
    timeoutSeconds: { ...more('Seconds to wait for an answer.'), default: timing[1] },
    successThreshold: more('Right answers until it counts as well again.'),
  })
}

interface PolicyFacts {
  readonly allows?: Partial<Record<'cloudMetadataServer' | 'privateIPs', boolean>>
  readonly allowedIngressPorts?: readonly string[]
}

export function networkPolicy({ allows = {}, allowedIngressPorts = [] }: PolicyFacts = {}): Section {
  const rule = (to: string, on = true) => clusterKey(flag(), { default: on, description: `Connections to ${to}.` })
  return section('The NetworkPolicy.', {
    enabled: clusterKey(flag(), { default: true, description: 'Make one.' }),
    ingress: clusterKey(freeList(), { default: [], description: 'More rules for connections to the pod.' }),
    egress: clusterKey(freeList(), { default: [], description: 'More rules for connections from the pod.' }),
    egressAllowRules: section('Where the pod may connect to.', {
      cloudMetadataServer: rule("the cloud's metadata server", allows.cloudMetadataServer ?? true),
      dnsPortsCloudMetadataServer: rule("the DNS of the cloud's metadata server"),
      dnsPortsKubeSystemNamespace: rule('the DNS of the cluster'),
      dnsPortsPrivateIPs: rule('DNS in private networks'),
      nonPrivateIPs: rule('the internet'),
      privateIPs: rule('private networks', allows.privateIPs ?? true),
    }),
    interNamespaceAccessLabels: clusterKey(oneOf(['accept', 'ignore']), {
      default: 'ignore',
      description: 'Whether pods of other namespaces may have the access labels.',
    }),
    allowedIngressPorts: clusterKey(freeList(), {
      default: allowedIngressPorts,
      description: 'Ports that everybody may connect to.',
    }),
  })
}

/** Files that the chart makes from text in the values. */
export const extraFiles = clusterKey(
  map(
    record(
      {
        mountPath: text(),
        data: freeMap(),
        stringData: text({ secret: true }),
        binaryData: text({ secret: true }),
        mode: integer({ minimum: 0, expected: 'a file mode such as 0644' }),
      },
      { expected: 'a file: mountPath, and one of data, stringData and binaryData' },
    ),
  ),
  { default: {}, description: 'Files by a name of your choice: mountPath, and data, stringData or binaryData; mode.' },
)

export const extraEnv = either(map(either(either(text(), freeMap()), either(integer(), flag()))), list(freeMap()), {
  expected: 'a map of environment variables',
})

/** What nearly every pod of the chart has. */
export const podExtras = (): Section['keys'] => ({
  extraPodSpec: clusterKey(freeMap(), { default: {}, description: 'Merged into the spec of the pod.' }),
  revisionHistoryLimit: clusterKey(integer({ minimum: 0 }), { description: 'How many old ReplicaSets are kept.' }),
})

export const nodeSelector = () => clusterKey(labels, { default: {}, description: 'Labels that a node must have.' })
export const tolerations = (default_: readonly unknown[] = []) =>
  clusterKey(freeList(), { default: default_, description: 'Taints of nodes that are tolerated.' })
export const podResources = (default_: object = {}) =>
  clusterKey(resources, { default: default_, description: 'Memory and CPU: requests and limits.' })
export const podLabels = () => clusterKey(labels, { default: {}, description: 'Labels of the pod.' })
export const podAnnotations = () => clusterKey(labels, { default: {}, description: 'Annotations of the pod.' })
export const extraList = (description: string) => clusterKey(freeList(), { default: [], description })
export const extraMap = (description: string) => clusterKey(freeMap(), { default: {}, description })

/** What is replaced in a user name. */
export const usernameRule = record({ match: text({ format: 'regex' }), replace: text() }, { required: ['match'] })

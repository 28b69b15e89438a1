/** A release as an API server shows it when all is well, and ways to make parts of it ill. */
import type { Claim, Deployment, KubeEvent, Pod, PodStatus, Service } from '#kube'
import type { Sight } from '../../src/cli/doctor/sight.ts'

export const now = Date.parse('2026-11-26T12:00:00Z')
export const longAgo = '2026-11-25T12:00:00Z'
const justNow = '2026-11-26T11:59:50Z'

type Loose = Readonly<Record<string, unknown>>

const metadata = (name: string, component: string, more: Loose = {}) => ({
  name,
  namespace: 'class',
  creationTimestamp: longAgo,
  labels: { app: 'jupyterhub', release: 'hub', component },
  ...more,
})

const readyStatus = (container: string, ip: string): PodStatus => ({
  phase: 'Running',
  podIP: ip,
  conditions: [
    { type: 'PodScheduled', status: 'True' },
    { type: 'Ready', status: 'True' },
  ],
  containerStatuses: [{ name: container, ready: true, restartCount: 0, state: { running: { startedAt: longAgo } } }],
})

export const hubPod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('hub-5d9f', 'hub'),
  spec: {
    containers: [{ name: 'hub', image: 'registry.example.org/himalia/hub:0.1.0' }],
    volumes: [{ name: 'pvc', persistentVolumeClaim: { claimName: 'hub-db-dir' } }],
  },
  status: readyStatus('hub', '10.1.0.5'),
}

export const proxyPod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('proxy-7c4b', 'proxy'),
  spec: { containers: [{ name: 'chp', image: 'registry.example.org/himalia/proxy:0.1.0', args: ['--port=8000'] }] },
  status: readyStatus('chp', '10.1.0.6'),
}

export const serverPod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: metadata('jupyter-ada', 'singleuser-server', {
    labels: { release: 'hub', component: 'singleuser-server', 'hub.jupyter.org/network-access-hub': 'true' },
    annotations: { 'hub.jupyter.org/username': 'ada' },
  }),
  spec: { containers: [{ name: 'notebook', image: 'lab:1' }] },
  status: readyStatus('notebook', '10.1.0.9'),
}

const service = (name: string, spec: Service['spec'] & object, status: Service['status'] = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, name),
  spec,
  status,
})

const deployment = (name: string, pod: Pod): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: metadata(name, name),
  spec: { replicas: 1, template: { spec: pod.spec } },
  status: { readyReplicas: 1, conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }] },
})

export const claim: Claim = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: metadata('hub-db-dir', 'hub'),
  spec: { resources: { requests: { storage: '1Gi' } } },
  status: { phase: 'Bound' },
}

const slice = (name: string) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${name}-x`, labels: { 'kubernetes.io/service-name': name } },
  endpoints: [{ addresses: ['10.1.0.5'], conditions: { ready: true } }],
})

export const revision = (version: number, status: string, creationTimestamp = longAgo) => ({
  name: `sh.helm.release.v1.hub.v${version}`,
  creationTimestamp,
  labels: { owner: 'helm', name: 'hub', status, version: `${version}` },
})

export const recently = justNow

const accessPolicy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: metadata('hub', 'hub'),
  spec: {
    podSelector: { matchLabels: { component: 'hub' } },
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
  },
}

export const healthy: Sight = {
  release: 'hub',
  namespace: 'class',
  now,
  pods: [hubPod, proxyPod, serverPod],
  services: [
    service('hub', { type: 'ClusterIP', clusterIP: '10.2.0.1' }),
    service('proxy-api', { type: 'ClusterIP', clusterIP: '10.2.0.2' }),
    service('proxy-public', { type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } }),
  ],
  claims: [claim],
  events: [],
  deployments: [deployment('hub', hubPod), deployment('proxy', proxyPod)],
  policies: [accessPolicy],
  slices: ['hub', 'proxy-api', 'proxy-public'].map(slice),
  ingresses: [],
  storageClasses: [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    },
  ],
  revisions: [revision(1, 'superseded'), revision(2, 'deployed')],
  secrets: new Map(),
  dns: [slice('kube-dns')],
  unresolved: new Map(),
  routes: [{ pod: 'proxy-7c4b', why: '', routes: { '/user/ada/': { target: 'http://10.1.0.9:8888' } } }],
  logs: new Map(),
  reloads: new Map(),
  freeDisk: 0.5,
  unread: [],
}

/** The pod while it is not ready, with this status on top. */
export function ill(pod: Pod, status: Pod['status'] & object): Pod {
  const conditions = status.conditions ?? [
    { type: 'PodScheduled', status: 'True' as const },
    { type: 'Ready', status: 'False' as const },
  ]
  return { ...pod, status: { ...pod.status, containerStatuses: [], ...status, conditions } }
}

/** Its only container waits for this reason, with this message. */
export function waiting(pod: Pod, reason: string, message: string): Pod {
  const name = pod.spec.containers[0]?.name ?? ''
  const state = { waiting: { reason, message } }
  return ill(pod, { phase: 'Pending', containerStatuses: [{ name, ready: false, restartCount: 0, state }] })
}

export function event(name: string, reason: string, message: string): KubeEvent {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${name}.${reason}` },
    type: 'Warning',
    reason,
    message,
    involvedObject: { name },
  }
}

/** The release with other pods of the hub or the proxy. */
export function withPods(...pods: readonly Pod[]): Partial<Sight> {
  const others = healthy.pods.filter(
    (pod) => !pods.some(({ metadata: own }) => own.labels?.component === pod.metadata.labels?.component),
  )
  return { pods: [...others, ...pods] }
}

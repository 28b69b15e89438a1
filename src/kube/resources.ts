/** The kinds of objects that we work with, and where the API server keeps them. */
import type {
  Claim,
  Deployment,
  EndpointSlice,
  Ingress,
  KubeEvent,
  KubeObject,
  NetworkPolicy,
  Pod,
  Secret,
  Service,
  StorageClass,
} from './objects.ts'

export interface Kinds {
  readonly pods: Pod
  readonly persistentvolumeclaims: Claim
  readonly events: KubeEvent
  readonly services: Service
  readonly secrets: Secret
  readonly namespaces: KubeObject
  readonly nodes: KubeObject
  readonly deployments: Deployment
  readonly endpointslices: EndpointSlice
  readonly ingresses: Ingress
  readonly networkpolicies: NetworkPolicy
  readonly storageclasses: StorageClass
}

export type Kind = keyof Kinds

/** Groups other than the core one. */
const groups: Partial<Record<Kind, string>> = {
  deployments: 'apps/v1',
  endpointslices: 'discovery.k8s.io/v1',
  ingresses: 'networking.k8s.io/v1',
  networkpolicies: 'networking.k8s.io/v1',
  storageclasses: 'storage.k8s.io/v1',
}

const ofTheCluster: readonly Kind[] = ['namespaces', 'nodes', 'storageclasses']

/** Where one object is; `namespace` is left out for what has none. */
export interface At {
  readonly name: string
  readonly namespace?: string
}

/** The path of a kind's objects; without a namespace those of all. */
export function pathOf(kind: Kind, namespace?: string): string {
  const group = groups[kind] ? `/apis/${groups[kind]}` : '/api/v1'
  return namespace && !ofTheCluster.includes(kind)
    ? `${group}/namespaces/${encodeURIComponent(namespace)}/${kind}`
    : `${group}/${kind}`
}

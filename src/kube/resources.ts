/** The kinds of objects that the hub works with, and where the API server keeps them. */
import type { Claim, KubeEvent, KubeObject, Pod } from './objects.ts'

export interface Kinds {
  readonly pods: Pod
  readonly persistentvolumeclaims: Claim
  readonly events: KubeEvent
  readonly services: KubeObject
  readonly secrets: KubeObject
  readonly namespaces: KubeObject
  readonly nodes: KubeObject
}

export type Kind = keyof Kinds

/** Where one object is; `namespace` is left out for what has none. */
export interface At {
  readonly name: string
  readonly namespace?: string
}

/** The path of a kind's objects; without a namespace those of all. */
export function pathOf(kind: Kind, namespace?: string): string {
  return namespace ? `/api/v1/namespaces/${encodeURIComponent(namespace)}/${kind}` : `/api/v1/${kind}`
}

/** What its user notices of a pod: read off a manifest, and written on the pod, where it outlives hooks and webhooks. */
import type { Metadata, Pod } from '#kube'
import type { Edition } from '../contract.ts'
import { editionAnnotation } from './metadata.ts'
import { serverContainer } from './pod/index.ts'

/** `{image: 'lab:2', memory: '1073741824', folders: '/home/jovyan, /shared'}`. */
export function editionOf({ spec }: Pod): Edition {
  const container = spec.containers.find(({ name }) => name === serverContainer) ?? {}
  const limits = Object.entries(container.resources?.limits ?? {}).map(([name, value]) => [name, `${value}`])
  const folders = mountPaths(container.volumeMounts)
  return {
    image: `${container.image ?? ''}`,
    ...Object.fromEntries(limits),
    ...(folders.length > 0 ? { folders: folders.join(', ') } : {}),
  }
}

function mountPaths(mounts: unknown): readonly string[] {
  const all = Array.isArray(mounts) ? (mounts as readonly { readonly mountPath?: unknown }[]) : []
  return all.map(({ mountPath }) => `${mountPath}`).toSorted()
}

export function withEdition(pod: Pod, edition: Edition | null): Pod {
  if (edition === null) return pod
  const { metadata } = pod
  const annotations = { ...metadata.annotations, [editionAnnotation]: JSON.stringify(edition) }
  return { ...pod, metadata: { ...metadata, annotations } }
}

/** null: the pod was made by another hub, and how it would be told apart is not known. */
export function editionIn({ annotations }: Metadata): Edition | null {
  try {
    const edition: unknown = JSON.parse(annotations?.[editionAnnotation] ?? 'null')
    return typeof edition === 'object' ? (edition as Edition | null) : null
  } catch {
    return null
  }
}

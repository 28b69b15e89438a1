import type { Pod } from '#kube'
import type { LaunchRequest } from '../contract.ts'
import { attemptAnnotation, editionAnnotation, idAnnotation } from './metadata.ts'
import { failure, reason } from './reasons.ts'

/** By these pods are found, and the network policies of the chart select them. */
const neededLabels = new Set(['app', 'component', 'release'])

/**
 * The pod as the administrator's hook makes it: anything may change but what it is found again by. Errors: INVALID, and
 * those of the hook.
 */
export async function withHook(pod: Pod, { modifyPod }: Pick<LaunchRequest, 'modifyPod'>): Promise<Pod> {
  if (!modifyPod) return pod
  const changed = await modifyPod(pod as unknown as Readonly<Record<string, unknown>>)
  if (!isPod(changed)) {
    throw failure(reason('INVALID', 'What the hook modifyPod of this hub gives is no pod with metadata and a spec.'))
  }
  const { name, namespace, labels, annotations } = pod.metadata
  const found = Object.fromEntries(Object.entries(labels ?? {}).filter(([label]) => neededLabels.has(label)))
  const own = Object.fromEntries(
    [idAnnotation, attemptAnnotation, editionAnnotation].flatMap((key) => {
      const value = annotations?.[key]
      return value === undefined ? [] : [[key, value]]
    }),
  )
  return {
    ...changed,
    metadata: {
      ...changed.metadata,
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { ...changed.metadata.labels, ...found },
      annotations: { ...changed.metadata.annotations, ...own },
    },
  }
}

function isPod(value: unknown): value is Pod {
  const { metadata, spec } = value as { metadata?: unknown; spec?: { containers?: unknown } | null }
  const hasContainers = Array.isArray(spec?.containers) && spec.containers.length > 0
  return typeof metadata === 'object' && metadata !== null && hasContainers
}

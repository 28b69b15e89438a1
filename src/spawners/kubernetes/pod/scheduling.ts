/** On which node a server runs. */
import type { KubernetesSettings } from '#config'
import { camelFields, type Fields, itemsOf } from './fields.ts'
import { gpuResource } from './resources.ts'

export function scheduling(settings: KubernetesSettings): Fields {
  const { nodeSelector, schedulerName, priorityClassName, runtimeClassName } = settings
  const tolerated = [...itemsOf(settings.tolerations).map(camelFields), ...gpuToleration(settings)]
  const near = affinity(settings)
  return {
    ...(Object.keys(nodeSelector).length > 0 ? { nodeSelector } : {}),
    ...(schedulerName ? { schedulerName } : {}),
    ...(priorityClassName ? { priorityClassName } : {}),
    ...(runtimeClassName ? { runtimeClassName } : {}),
    ...(tolerated.length > 0 ? { tolerations: tolerated } : {}),
    ...(near ? { affinity: near } : {}),
  }
}

/** Clouds keep nodes with GPUs for those who ask for GPUs. */
function gpuToleration(settings: KubernetesSettings): readonly Fields[] {
  const gpu = gpuResource(settings)
  if (!gpu) return []
  const key = gpu.name.startsWith('nvidia.com/') ? 'nvidia.com/gpu' : gpu.name
  return [{ key, operator: 'Exists', effect: 'NoSchedule' }]
}

type Terms = readonly unknown[] | Fields

function affinity(settings: KubernetesSettings): Fields | null {
  const {
    nodeAffinityPreferred,
    nodeAffinityRequired,
    podAffinityPreferred,
    podAffinityRequired,
    podAntiAffinityPreferred,
    podAntiAffinityRequired,
  } = settings
  const kinds = {
    // Terms are alternatives: one of them must hold.
    nodeAffinity: terms(nodeAffinityPreferred, nodeAffinityRequired, (all) => ({ nodeSelectorTerms: all })),
    podAffinity: terms(podAffinityPreferred, podAffinityRequired, (all) => all),
    podAntiAffinity: terms(podAntiAffinityPreferred, podAntiAffinityRequired, (all) => all),
  }
  const wanted = Object.entries(kinds).filter(([, kind]) => kind !== null)
  return wanted.length === 0 ? null : Object.fromEntries(wanted)
}

function terms(preferred: Terms, required: Terms, wrap: (all: readonly Fields[]) => unknown): Fields | null {
  const should = itemsOf(preferred).map(camelFields)
  const must = itemsOf(required).map(camelFields)
  if (should.length === 0 && must.length === 0) return null
  return {
    ...(should.length > 0 ? { preferredDuringSchedulingIgnoredDuringExecution: should } : {}),
    ...(must.length > 0 ? { requiredDuringSchedulingIgnoredDuringExecution: wrap(must) } : {}),
  }
}

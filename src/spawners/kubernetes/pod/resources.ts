/** What a server may use and what it is promised. */
import type { KubernetesSettings } from '#config'
import type { Fields } from './fields.ts'

/** Zero counts as not given. Plain resources by name win over the short forms. */
export function resources(settings: KubernetesSettings): Fields {
  const gpu = gpuResource(settings)
  const gpus = gpu ? { [gpu.name]: `${gpu.count}` } : {}
  return {
    limits: {
      ...given({ cpu: settings.cpuLimit, memory: settings.memLimitBytes }),
      ...given({ 'ephemeral-storage': settings.ephemeralStorageLimit }),
      ...gpus,
      ...settings.extraResourceLimits,
    },
    requests: {
      ...given({ cpu: settings.cpuGuarantee, memory: settings.memGuaranteeBytes }),
      ...given({ 'ephemeral-storage': settings.ephemeralStorageGuarantee }),
      ...settings.extraResourceGuarantees,
    },
  }
}

const vendors = { nvidia: 'nvidia.com/gpu', amd: 'amd.com/gpu', intel: 'gpu.intel.com/i915' } as const

/** The short form: `2`, `{count: 1, vendor: amd}`, `{count: 1, resource: nvidia.com/mig-1g.5gb}`. null: none asked for. */
export function gpuResource({ gpu }: Pick<KubernetesSettings, 'gpu'>): { name: string; count: number } | null {
  const {
    count = 1,
    vendor = 'nvidia',
    resource = null,
  } = typeof gpu === 'number' ? { count: gpu } : (gpu ?? { count: 0 })
  return count === 0 ? null : { name: resource ?? vendors[vendor], count }
}

function given(values: Readonly<Record<string, number | string | null>>): Fields {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== 0))
}

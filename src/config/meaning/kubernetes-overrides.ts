import { convert } from '../convert.ts'
import type { KubernetesSettings } from '../settings.ts'
import { kubeSpawner } from '../traits/kubespawner.ts'
import { spawner } from '../traits/spawner.ts'
import { camelCase, type TraitRow } from '../traits/table.ts'

type Values = Readonly<Record<string, unknown>>

/**
 * Settings with `kubespawner_override`s applied, later ones over earlier ones, as KubeSpawner does it: a map is merged
 * into a map, in which null takes a key away; everything else replaces. A null gives a trait its own default.
 * Names that are no trait of pods are passed over: the configuration's check tells about them.
 */
export function withOverrides(settings: KubernetesSettings, overrides: readonly Values[]): KubernetesSettings {
  const changed: Record<string, unknown> = { ...settings }
  for (const override of overrides) {
    for (const [trait, value] of Object.entries(override)) {
      const at = place(trait)
      if (at) changed[at.setting] = overridden(changed[at.setting], value, at)
    }
  }
  // Safe: each setting gets what its trait's kind converts to.
  return changed as unknown as KubernetesSettings
}

interface Place {
  readonly setting: string
  readonly row: Extract<TraitRow, { kind: unknown }>
}

function place(trait: string): Place | null {
  const rows = { ...spawner, ...kubeSpawner } as Readonly<Record<string, TraitRow>>
  const row = Object.hasOwn(rows, trait) ? rows[trait] : undefined
  if (row?.state === 'cluster') return { setting: camelCase(trait), row }
  if (row?.state === 'works' && shared.has(row.setting)) return { setting: row.setting, row }
  return null
}

/** What every spawner has and the manifest of a pod needs. */
const shared: ReadonlySet<string> = new Set([
  'cmd',
  'args',
  'environment',
  'memLimitBytes',
  'memGuaranteeBytes',
  'cpuLimit',
  'cpuGuarantee',
] satisfies (keyof KubernetesSettings)[])

function overridden(before: unknown, value: unknown, { setting, row }: Place): unknown {
  if (isMap(value) && isMap(before)) return merged(before, value)
  if (value === null) return setting === 'cmd' ? null : row.default
  // Variables may have a `valueFrom`, which only pods understand.
  return setting === 'environment' ? value : convert(row.kind, value)
}

function merged(before: Values, changes: Values): Values {
  const result: Record<string, unknown> = { ...before }
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete result[key]
    else if (isMap(value)) result[key] = merged(isMap(result[key]) ? result[key] : {}, value)
    else result[key] = value
  }
  return result
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

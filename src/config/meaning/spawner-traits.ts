/** The settings of a spawner as its traits again, by the names that Python's code knows. */
import type { Settings } from '../settings.ts'
import { kubeSpawner } from '../traits/kubespawner.ts'
import { spawner } from '../traits/spawner.ts'
import { camelCase } from '../traits/table.ts'
import { withOverrides } from './kubernetes-overrides.ts'

type Values = Readonly<Record<string, unknown>>

/** With overrides applied, as far as they are of pods. */
export function spawnerTraits(
  settings: Pick<Settings, 'spawner' | 'kubernetes'>,
  overrides: readonly Values[],
): Values {
  const pods = withOverrides(settings.kubernetes, overrides) as unknown as Values
  const common = settings.spawner as unknown as Values
  const traits: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(spawner)) {
    if (row.state === 'works') traits[name] = row.setting in pods ? pods[row.setting] : common[row.setting]
  }
  for (const [name, row] of Object.entries(kubeSpawner)) {
    if (row.state === 'cluster' && name !== 'profile_list') traits[name] = pods[camelCase(name)]
  }
  return { ...traits, cmd: pods.cmd ?? common.cmd }
}

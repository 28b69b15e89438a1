import { convert } from '../convert.ts'
import type { KubernetesSettings } from '../settings.ts'
import { kubeSpawner } from '../traits/kubespawner.ts'
import { spawner } from '../traits/spawner.ts'
import { type ClusterSettingsOf, camelCase } from '../traits/table.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'
import { chartValues } from './chart-value.ts'
import { chartTraits } from './kubernetes-chart.ts'
import { settingsOf, type TraitValues } from './trait-values.ts'

/**
 * What the file says about servers as pods: `hub.config`, each trait as a whole, over what the chart's keys come to, as
 * z2jh's configuration assigns them.
 */
export function kubernetesSettings(root: MapNode | null, values: TraitValues): KubernetesSettings {
  const chart = chartValues(root)
  const derived = chartTraits(chart)
  const written = (trait: string) =>
    ownTrait(root, trait) ?? derived[trait] ?? values.get('KubeSpawner', trait) ?? values.get('Spawner', trait)
  const common = settingsOf(spawner, ['Spawner', 'KubeSpawner'], values)
  const command = written('cmd')
  return {
    ...clusterSettings(written),
    cmd: command === undefined ? null : (convert(spawner.cmd.kind, command) as readonly string[]),
    args: common.args,
    environment: (written('environment') ?? {}) as Readonly<Record<string, unknown>>,
    memLimitBytes: common.memLimitBytes,
    memGuaranteeBytes: common.memGuaranteeBytes,
    cpuLimit: common.cpuLimit,
    cpuGuarantee: common.cpuGuarantee,
    userScheduler: chart('scheduling', 'userScheduler', 'enabled') === true,
    podPriority: chart('scheduling', 'podPriority', 'enabled') === true,
    nameOverride: (chart('nameOverride') as string | undefined) || null,
  }
}

/** What `hub.config` itself says; it wins over what several keys of the chart come to together. */
function ownTrait(root: MapNode | null, trait: string): unknown {
  for (const className of ['KubeSpawner', 'Spawner']) {
    const node = nodeAt(root, ['hub', 'config', className, trait])
    const value = node ? plain(node) : null
    if (value !== null) return value
  }
  return undefined
}

function clusterSettings(written: (trait: string) => unknown): ClusterSettingsOf<typeof kubeSpawner> {
  const settings: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(kubeSpawner)) {
    if (row.state !== 'cluster') continue
    const value = written(name)
    settings[camelCase(name)] = value === undefined ? row.default : convert(row.kind, value)
  }
  // Safe: the loop goes over the rows that the type is made of.
  return settings as ClusterSettingsOf<typeof kubeSpawner>
}

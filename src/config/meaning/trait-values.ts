/**
 * The values of all traits, in the order in which z2jh's configuration assigns them: what the chart fixes, the chart's
 * values, then `hub.config`, each trait as a whole.
 */
import type { Findings } from '../check/findings.ts'
import { convert } from '../convert.ts'
import { allKeys } from '../schema/index.ts'
import type { SettingsOf, TraitTable } from '../traits/table.ts'
import { type MapNode, nodeAt, plain, type TreeNode } from '../yaml/tree.ts'
import { overDefault } from './chart-value.ts'

export interface TraitValues {
  /** The value of `Class.trait`, unconverted; undefined: not set. */
  get(className: string, trait: string): unknown
  /** Whether the file itself sets it, by whatever key. */
  isGiven(className: string, trait: string): boolean
}

/** What the chart sets without asking. */
const fixed: Readonly<Record<string, unknown>> = {
  'JupyterHub.cleanup_servers': false,
  'JupyterHub.last_activity_interval': 60,
  'JupyterHub.tornado_settings': { slow_spawn_timeout: 0 },
}

/** A null in the file takes the chart's default away, so that the trait's own default counts. */
export function traitValues(root: MapNode | null, findings: Findings): TraitValues {
  const values = new Map<string, unknown>(Object.entries(fixed))
  const given = new Set<string>()
  for (const [path, key] of allKeys()) {
    if (!key.trait) continue
    const name = path.join('.')
    const leaf = findings.leaves.get(name)
    const value = leaf && !findings.isWrong(name) ? overDefault(nonNull(leaf.node), key.default) : key.default
    if (leaf && value !== undefined) given.add(key.trait)
    if (value !== undefined) values.set(key.trait, value)
  }
  for (const [name, value] of hubConfig(root)) {
    if (findings.isWrong(`hub.config.${name}`)) continue
    values.set(name, value)
    given.add(name)
  }
  return {
    get: (className, trait) => values.get(`${className}.${trait}`),
    isGiven: (className, trait) => given.has(`${className}.${trait}`),
  }
}

function* hubConfig(root: MapNode | null): Iterable<[string, unknown]> {
  const config = nodeAt(root, ['hub', 'config'])
  if (config?.kind !== 'map') return
  for (const [className, { value }] of config.entries) {
    if (value.kind !== 'map') continue
    for (const [trait, entry] of value.entries) {
      const written = nonNull(entry.value)
      if (written !== undefined) yield [`${className}.${trait}`, written]
    }
  }
}

function nonNull(node: TreeNode): unknown {
  return node.kind === 'scalar' && node.value === null ? undefined : plain(node)
}

/** A table's settings: for each trait the value of the last of the classes that has one, else the default. */
export function settingsOf<T extends TraitTable>(
  table: T,
  classNames: readonly string[],
  values: TraitValues,
): SettingsOf<T> {
  const settings: Record<string, unknown> = {}
  for (const [name, row] of Object.entries(table)) {
    if (row.state !== 'works') continue
    // What somebody wrote below a general class wins over a mere default of a special one.
    const given = classNames.filter((one) => values.isGiven(one, name))
    const from = given.length > 0 ? given : classNames
    const written = from.map((one) => values.get(one, name)).findLast((value) => value !== undefined)
    settings[row.setting] = written === undefined ? row.default : convert(row.kind, written)
  }
  // Safe: the loop goes over the rows that the type is made of.
  return settings as SettingsOf<T>
}

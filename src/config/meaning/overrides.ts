import type { Findings } from '../check/findings.ts'
import type { ServerOverride } from '../settings.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'
import { override } from './profiles.ts'

const base = ['singleuser', 'overrides']

/** `singleuser.overrides`, in the order of their names. */
export function serverOverrides(root: MapNode | null, findings: Findings): readonly ServerOverride[] {
  const node = nodeAt(root, base)
  if (node?.kind !== 'map') return []
  return [...node.entries.keys()].sort().flatMap((name) => {
    const entry = node.entries.get(name)
    if (entry?.value.kind !== 'map') return []
    const { users = [], groups = [], admins = false } = plain(entry.value) as Readonly<Record<string, unknown>>
    const one = {
      name,
      users: words(users),
      groups: words(groups),
      admins: admins === true,
      override: override(entry.value, [...base, name], findings),
    }
    if (one.users.length === 0 && one.groups.length === 0 && !one.admins)
      findings.report('OVERRIDE_FOR_NOBODY', { place: entry.key, path: [...base, name] }, { name })
    return [one]
  })
}

const words = (value: unknown) => (Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : [])

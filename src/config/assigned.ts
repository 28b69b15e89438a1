/** What code sets, put into the tree where it would stand had somebody written it. */
import { withNode } from './legacy/translate.ts'
import { Thing, type Value } from './python/evaluate.ts'
import type { Assignment } from './python/run.ts'
import { type MapNode, type Place, treeOf } from './yaml/tree.ts'

/** Services are the one thing that hub.config may not set but code may. */
export function assigned(
  root: MapNode,
  { className, trait, value }: Pick<Assignment, 'className' | 'trait' | 'value'>,
  place: Place,
): MapNode {
  const data = withoutThings(value)
  if (className === 'JupyterHub' && trait === 'services' && Array.isArray(data)) {
    return data.reduce<MapNode>((tree, service) => {
      const name = String((service as { name?: unknown } | null)?.name ?? '')
      return withNode(tree, ['hub', 'services', name], { key: place, value: treeOf(service, place) })
    }, root)
  }
  return withNode(root, ['hub', 'config', className, trait], { key: place, value: treeOf(data, place) })
}

function withoutThings(value: Value): unknown {
  if (value instanceof Thing) return value.name
  if (Array.isArray(value)) return value.map(withoutThings)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutThings(one)]))
}

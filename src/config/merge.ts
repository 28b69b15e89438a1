import type { Entry, MapNode, TreeNode } from './yaml/tree.ts'

/** Helm's merge: maps deeply, everything else is replaced; a null stays, to delete the default later. */
export function mergeMaps(below: MapNode, above: MapNode): MapNode {
  const entries = new Map<string, Entry>(below.entries)
  for (const [name, entry] of above.entries) {
    const before = entries.get(name)
    entries.set(name, before ? { key: entry.key, value: mergeNodes(before.value, entry.value) } : entry)
  }
  return { kind: 'map', place: above.place, entries }
}

function mergeNodes(below: TreeNode, above: TreeNode): TreeNode {
  return below.kind === 'map' && above.kind === 'map' ? mergeMaps(below, above) : above
}

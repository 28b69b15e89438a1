import type { Findings } from './check/findings.ts'
import { values } from './schema/index.ts'
import { type MapNode, nodeAt } from './yaml/tree.ts'

/** Where parent charts keep the values of this one. */
const wrappers = [
  ['jupyterhub'],
  ['basehub', 'jupyterhub'],
  ['daskhub', 'jupyterhub'],
  ['binderhub', 'jupyterhub'],
  ['persistent_binderhub', 'binderhub', 'jupyterhub'],
]

/** The values of this chart in a file that was written for a parent chart; the file itself when it was not. */
export function unwrapSubchart(root: MapNode, findings: Findings): MapNode {
  if (
    [...root.entries.keys()].some((name) => name !== 'global' && name !== 'custom' && Object.hasOwn(values.keys, name))
  ) {
    return root
  }
  for (const path of wrappers) {
    const inner = nodeAt(root, path)
    if (inner?.kind !== 'map') continue
    const place = root.entries.get(path[0] as string)?.key ?? root.place
    findings.report('SUBCHART', { place, path }, { key: path.join('.') })
    return inner
  }
  return root
}

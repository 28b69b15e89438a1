/** The values of this chart in a file that was written for something around it: a parent chart, or a tool that installs charts. */
import type { Findings } from './check/findings.ts'
import { values } from './schema/index.ts'
import { type MapNode, nodeAt, type TreeNode } from './yaml/tree.ts'

/** Keys that hardly anything else has; a map with one of them is taken for the values of this chart. */
const marks = ['hub', 'singleuser', 'proxy', 'cull', 'prePuller', 'scheduling']
/** Parent charts have keys such as `ingress` and `rbac`, too. */
const shared = new Set(['global', 'custom', 'enabled', 'ingress', 'rbac', 'debug', 'imagePullSecret'])
const deepest = 5

interface Found {
  readonly path: readonly string[]
  readonly node: TreeNode
}

/** The values themselves; the file as it is when nothing is around them. */
export function unwrapSubchart(root: MapNode, findings: Findings): MapNode {
  if (isOfThisChart(root)) return root
  const [found, ...others] = [...candidates(root, [])]
  if (!found || others.length > 0) return root
  const place = root.entries.get(found.path[0] ?? '')?.key ?? root.place
  const key = found.path.join('.')
  if (found.node.kind === 'map') {
    findings.report('SUBCHART', { place, path: found.path }, { key })
    return found.node
  }
  findings.report('VALUES_IN_TEXT', { place: found.node.place, path: found.path, masked: true }, { key })
  return { ...root, entries: new Map() }
}

function isOfThisChart(root: MapNode): boolean {
  const own = [...root.entries.keys()].filter((name) => Object.hasOwn(values.keys, name) || name === 'auth')
  if (own.some((name) => marks.includes(name))) return true
  return own.some((name) => !shared.has(name)) && !root.entries.has('jupyterhub')
}

/** `jupyterhub` below any parents; what a manifest of Flux, Argo CD or k3s gives to a chart; what carries our marks. */
function* candidates(node: MapNode, path: readonly string[]): Iterable<Found> {
  const isManifest = node.entries.has('apiVersion') && node.entries.has('kind')
  if (isManifest) {
    yield* ofManifest(node)
    return
  }
  for (const [name, { value }] of node.entries) {
    const here = [...path, name]
    const inner = value.kind === 'list' ? onlyMap(value.items) : value
    if (inner?.kind !== 'map') continue
    const isNamed = name === 'jupyterhub' && !inner.entries.has('jupyterhub')
    if (isNamed || isMarked(inner)) yield { path: here, node: inner }
    else if (path.length < deepest) yield* candidates(inner, here)
  }
}

/** helmfile writes lists of one. */
function onlyMap(items: readonly TreeNode[]): TreeNode | null {
  const [first, ...more] = items
  return first?.kind === 'map' && more.length === 0 ? first : null
}

/** `enabled` of a sub-chart is `proxy: {…}` of many charts, so one mark must have a known key below it. */
function isMarked(node: MapNode): boolean {
  return marks.some((mark) => {
    const section = values.keys[mark]
    const inner = node.entries.get(mark)?.value
    if (!section || !('keys' in section) || inner?.kind !== 'map') return false
    return [...inner.entries.keys()].some((key) => key !== 'enabled' && Object.hasOwn(section.keys, key))
  })
}

const manifestPaths = [
  ['spec', 'values'],
  ['spec', 'source', 'helm', 'valuesObject'],
  ['spec', 'source', 'helm', 'values'],
  ['spec', 'valuesContent'],
]

function* ofManifest(root: MapNode): Iterable<Found> {
  for (const path of manifestPaths) {
    const node = nodeAt(root, path)
    if (node?.kind === 'scalar' && typeof node.value === 'string') yield { path, node }
    if (node?.kind !== 'map') continue
    if (isOfThisChart(node)) yield { path, node }
    else yield* candidates(node, path)
  }
}

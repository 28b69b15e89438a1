/** Code that stands in files of its own: `{file: hooks.ts}` in the place of a text below hub.extraConfig. */
import { dirname, join, resolve } from 'node:path'
import type { Findings } from './check/findings.ts'
import { withNode } from './legacy/translate.ts'
import { readSmall } from './references.ts'
import { type Entry, type MapNode, makeSource, nodeAt, type TreeNode } from './yaml/tree.ts'

/** The tree with their texts in place; each text knows its own file. What can't be read is told where references are. */
export function readCodeFiles(root: MapNode, findings: Findings): MapNode {
  const entries = nodeAt(root, ['hub', 'extraConfig'])
  if (entries?.kind !== 'map') return root
  let tree = root
  for (const [name, entry] of entries.entries) {
    const value = textOf(entry.value, findings)
    if (value) tree = withEntry(tree, name, { ...entry, value })
  }
  return tree
}

function textOf(node: TreeNode, findings: Findings): TreeNode | null {
  const [only, ...others] = node.kind === 'map' ? node.entries : []
  if (!only || others.length > 0 || only[0] !== 'file') return null
  const [, { value: named }] = only
  if (named.kind !== 'scalar' || typeof named.value !== 'string') return null
  const folder = dirname(named.place.source.name)
  const { text } = readSmall(resolve(folder, named.value))
  if (text === null) return null
  findings.readFiles.push(resolve(folder, named.value))
  const source = makeSource(join(folder, named.value), text)
  return { kind: 'scalar', place: { source, start: 0, end: text.length }, value: text, raw: '', isPlain: false }
}

const withEntry = (tree: MapNode, name: string, entry: Entry) => withNode(tree, ['hub', 'extraConfig', name], entry)

import { type Findings, pathText } from '../check/findings.ts'
import type { Entry, MapNode, Place, TreeNode } from '../yaml/tree.ts'
import { nodeAt, plain, treeOf } from '../yaml/tree.ts'
import { authRules } from './auth.ts'
import { chartRules, type LegacyRule, traitRules } from './rules.ts'

/** The file in today's words; each old key is noted with its new form. What stands at the new place already wins. */
export function translateOldKeys(root: MapNode, findings: Findings): MapNode {
  const auth = nodeAt(root, ['auth'])
  const rules = [...(auth ? authRules(plain(auth)) : []), ...chartRules, ...traitRules]
  let tree = root
  for (const rule of rules) tree = translate(rule, tree, findings)
  if (!auth) return tree
  return withOldDefaults(removeEmptyAuth(tree, findings), findings)
}

function translate(rule: LegacyRule, tree: MapNode, findings: Findings): MapNode {
  const found = entryOf(tree, rule.from)
  if (!found) return tree
  const isNull = found.value.kind === 'scalar' && found.value.value === null
  const moves = isNull ? [] : rule.moves(plain(found.value))
  if (moves === null) return tree
  const at = { place: found.key, path: rule.from, masked: true }
  const old = pathText(rule.from)
  if (moves.length > 0) {
    const now = moves.map((move) => pathText(move.to))
    findings.report('OLD_KEY', at, { old, now, charts: rule.charts })
  } else if (!isNull && rule.note) findings.report('OLD_KEY_GONE', at, { old, charts: rule.charts, note: rule.note })
  let translated = without(tree, rule.from)
  for (const { to, value } of moves) {
    const node = value === undefined ? found.value : placed(value, found)
    if (!nodeAt(translated, to)) translated = withNode(translated, to, { key: found.key, value: node })
  }
  return translated
}

/** Before chart 0.10 https was on unless it was switched off; who filled it in meant to have it. */
function withOldDefaults(tree: MapNode, findings: Findings): MapNode {
  const https = entryOf(tree, ['proxy', 'https'])
  const isFilled = [['hosts'], ['manual', 'key'], ['secret', 'name']].some((path) => {
    const node = https?.value.kind === 'map' ? nodeAt(https.value, path) : null
    return node !== null && (node.kind !== 'list' || node.items.length > 0)
  })
  if (!https || !isFilled || nodeAt(tree, ['proxy', 'https', 'enabled'])) return tree
  findings.report('OLD_HTTPS', { place: https.key, path: ['proxy', 'https'] }, undefined)
  const entry = { key: https.key, value: treeOf(true, https.key) }
  return withNode(tree, ['proxy', 'https', 'enabled'], entry)
}

/** What is left of `auth` after all rules has no meaning that we know. */
function removeEmptyAuth(tree: MapNode, findings: Findings): MapNode {
  const auth = entryOf(tree, ['auth'])
  if (!auth) return tree
  const leftovers = [...leaves(auth.value, ['auth'])]
  for (const { path, place } of leftovers) {
    findings.report('OLD_KEY_UNKNOWN', { place, path, masked: true }, { old: pathText(path) })
  }
  return without(tree, ['auth'])
}

function* leaves(node: TreeNode, path: readonly string[], key?: Place): Iterable<{ path: string[]; place: Place }> {
  if (node.kind === 'map') {
    for (const [name, entry] of node.entries) yield* leaves(entry.value, [...path, name], entry.key)
  } else if (key && !(node.kind === 'scalar' && node.value === null)) yield { path: [...path], place: key }
}

/** A value that a rule made stands where the old one stood; a text that only got a key around it keeps its place. */
function placed(value: unknown, { value: old }: Entry): TreeNode {
  if (old.kind === 'scalar' && typeof value === 'object' && value !== null) {
    const [name, ...more] = Object.keys(value)
    if (name !== undefined && more.length === 0 && (value as Record<string, unknown>)[name] === old.value) {
      const entries = new Map([[name, { key: old.place, value: old as TreeNode }]])
      return { kind: Array.isArray(value) ? 'list' : 'map', place: old.place, entries, items: [old] } as TreeNode
    }
  }
  return treeOf(value, old.place)
}

function entryOf(tree: MapNode, path: readonly string[]): Entry | null {
  const parent = nodeAt(tree, path.slice(0, -1))
  return parent?.kind === 'map' ? (parent.entries.get(path.at(-1) ?? '') ?? null) : null
}

/** The map without what stands at a path; maps that this empties go, too, unless they are sections of today. */
export function without(tree: MapNode, path: readonly string[]): MapNode {
  const [name, ...rest] = path
  const entry = name === undefined ? undefined : tree.entries.get(name)
  if (name === undefined || !entry) return tree
  const entries = new Map(tree.entries)
  if (rest.length === 0) entries.delete(name)
  else if (entry.value.kind === 'map') {
    const inner = without(entry.value, rest)
    if (inner.entries.size > 0) entries.set(name, { key: entry.key, value: inner })
    else entries.delete(name)
  }
  return { ...tree, entries }
}

/** The map with an entry at a path; maps on the way are made. */
export function withNode(tree: MapNode, path: readonly string[], entry: Entry): MapNode {
  const [name = '', ...rest] = path
  const entries = new Map(tree.entries)
  if (rest.length === 0) entries.set(name, entry)
  else {
    const before = tree.entries.get(name)
    const inner: MapNode =
      before?.value.kind === 'map' ? before.value : { kind: 'map', place: entry.value.place, entries: new Map() }
    entries.set(name, { key: before?.key ?? entry.key, value: withNode(inner, rest, entry) })
  }
  return { ...tree, entries }
}

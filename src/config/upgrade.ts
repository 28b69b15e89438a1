/** Rewrites a file in today's words; comments stay where they are. */
import { type Document, isMap, isScalar, type Node, Pair, parseDocument, Scalar, YAMLMap, YAMLSeq } from '#base/yaml.ts'
import { authRules } from './legacy/auth.ts'
import { chartRules, type LegacyRule, type Move, traitRules } from './legacy/rules.ts'
import { resolvePlain } from './yaml/scalar.ts'

export interface Upgraded {
  readonly text: string
  /** What was changed, one sentence each. */
  readonly changes: readonly string[]
}

/** The text of a file that YAML can read. An up-to-date file comes back as it is, to the byte. */
export function upgradeText(text: string): Upgraded {
  // Scalars stay as they are written: 0644 must not become 644, nor `no` a text.
  const document = parseDocument(text, {
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    keepSourceTokens: true,
  })
  const auth = document.get('auth')
  const changes = [...(auth ? authRules(dataOf(auth)) : []), ...chartRules, ...traitRules].flatMap((rule) =>
    applyRule(document, rule),
  )
  prune(document, ['auth'])
  if (changes.length === 0) return { text, changes }
  return { text: document.toString({ lineWidth: 0, flowCollectionPadding: false }), changes }
}

function applyRule(document: Document, { from, charts, moves, note }: LegacyRule): string[] {
  const pair = pairAt(document, from)
  if (!pair) return []
  const planned = moves(dataOf(pair.value))
  if (planned === null) return []
  const comment = commentOf(document, from, pair)
  document.deleteIn(from)
  prune(document, from.slice(0, -1))
  for (const move of planned) place(document, move, { pair, comment })
  const old = from.join('.')
  // What went into the move of another key needs no word of its own.
  if (planned.length === 0) return note ? [`${old} (charts ${charts}) is gone. ${note}`] : []
  return [`${old} (charts ${charts}) is ${planned.map(({ to }) => to.join('.')).join(' and ')} now.`]
}

interface Old {
  readonly pair: Pair<Scalar, Node>
  readonly comment: string | null
}

/** The comment above a pair; above the first of a map it belongs to the map as a whole. */
function commentOf(document: Document, path: readonly string[], pair: Pair<Scalar, Node>): string | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1))
  if (pair.key.commentBefore) return pair.key.commentBefore
  if (!isMap(parent) || parent.items[0] !== pair || !parent.commentBefore || path.length === 1) return null
  const comment = parent.commentBefore
  parent.commentBefore = null
  return comment
}

function place(document: Document, { to, value }: Move, { pair, comment }: Old): void {
  if (document.hasIn(to)) return
  const node = value === undefined ? pair.value : nodeOf(value)
  const [parentPath, name] = [to.slice(0, -1), to.at(-1) ?? '']
  const parent = mapAt(document, parentPath)
  const key = new Scalar(name)
  if (comment) key.commentBefore = comment
  parent.items.push(new Pair(key, node))
}

/** The map at a path, made where there is none. */
function mapAt(document: Document, path: readonly string[]): YAMLMap {
  const found = document.getIn(path)
  if (isMap(found)) return found
  const made = new YAMLMap()
  const parent = path.length === 1 ? (document.contents as YAMLMap) : mapAt(document, path.slice(0, -1))
  parent.items.push(new Pair(new Scalar(path.at(-1)), made))
  return made
}

/** Removes what became empty. */
function prune(document: Document, path: readonly string[]): void {
  for (let length = path.length; length > 0; length -= 1) {
    const here = path.slice(0, length)
    const node = document.getIn(here)
    if (isMap(node) && node.items.length === 0) document.deleteIn(here)
    else return
  }
}

function pairAt(document: Document, path: readonly string[]): Pair<Scalar, Node> | null {
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1))
  if (!isMap(parent)) return null
  const found = parent.items.find(({ key }) => isScalar(key) && String(key.value) === path.at(-1))
  return (found as Pair<Scalar, Node> | undefined) ?? null
}

/** Data as nodes; a text that would be read as something else gets quotes. */
function nodeOf(value: unknown): Node {
  if (Array.isArray(value)) {
    const list = new YAMLSeq()
    list.items.push(...value.map(nodeOf))
    return list
  }
  if (typeof value === 'object' && value !== null) {
    const map = new YAMLMap()
    for (const [name, one] of Object.entries(value)) map.items.push(new Pair(nodeOf(name), nodeOf(one)))
    return map
  }
  const scalar = new Scalar(value === null ? 'null' : String(value))
  const isPlain = typeof value !== 'string' || resolvePlain(value) === value
  scalar.type = isPlain ? Scalar.PLAIN : Scalar.QUOTE_DOUBLE
  return scalar
}

/** Data as Helm reads it. */
function dataOf(node: unknown): unknown {
  if (isScalar(node)) return node.type === 'PLAIN' ? resolvePlain(String(node.value)) : node.value
  if (isMap(node)) {
    return Object.fromEntries(
      node.items.map(({ key, value }) => [String(isScalar(key) ? key.value : key), dataOf(value)]),
    )
  }
  const items = (node as { items?: unknown[] } | null)?.items
  return items ? items.map(dataOf) : null
}

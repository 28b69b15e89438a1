import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from '#base/yaml.ts'
import type { Problem } from '../problem.ts'
import { yamlProblem } from './problems.ts'
import { resolvePlain } from './scalar.ts'
import {
  type Entry,
  type ListNode,
  type MapNode,
  type Place,
  positionOf,
  type ScalarNode,
  type Source,
  type TreeNode,
} from './tree.ts'

const mostValues = 200_000
const coreTag = /^(?:tag:yaml\.org,2002:|!!)(\w+)$/

/** Makes the tree: aliases are followed (shared, never copied), merge keys applied, each value read as Helm reads it. */
export class TreeBuilder {
  readonly problems: Problem[] = []
  readonly #source: Source
  readonly #anchors = new Map<string, TreeNode | 'open'>()
  /** How many values a node unfolds to, itself included. */
  readonly #sizes = new Map<TreeNode, number>()
  /** True once the aliases unfold to more than can be handled. */
  isFull = false

  constructor(source: Source) {
    this.#source = source
  }

  build(node: Node): TreeNode {
    if (isAlias(node)) return this.#alias(node)
    const anchor = (node as { anchor?: string }).anchor
    if (anchor) this.#anchors.set(anchor, 'open')
    const built = isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node) : this.#scalar(node as Scalar)
    if (anchor) this.#anchors.set(anchor, built)
    this.#measure(built)
    return built
  }

  #place(node: Node): Place {
    const start = node.range?.[0] ?? 0
    return { source: this.#source, start, end: Math.max(node.range?.[1] ?? start, start) }
  }

  #alias(node: Alias): TreeNode {
    const target = this.#anchors.get(node.source)
    const place = this.#place(node)
    if (target === undefined) this.problems.push(yamlProblem('YAML_ALIAS', place, { name: node.source }))
    if (target === 'open') this.problems.push(yamlProblem('YAML_ALIAS_LOOP', place, { name: node.source }))
    return target === undefined || target === 'open' ? nothingAt(place) : target
  }

  #scalar(node: Scalar): ScalarNode {
    const place = this.#place(node)
    const raw = node.source ?? String(node.value ?? '')
    const isPlain = node.type === 'PLAIN' || node.type === undefined
    const [, core] = coreTag.exec(node.tag ?? '') ?? []
    if (node.tag && !core && node.tag !== '!') this.problems.push(yamlProblem('YAML_TAG', place, { tag: node.tag }))
    const text = String(node.value ?? '')
    if (core === 'binary') return { kind: 'scalar', place, value: decodeBase64(text), raw, isPlain: false }
    const isText = node.tag === '!' || core === 'str' || (!isPlain && core === undefined)
    return { kind: 'scalar', place, value: isText ? text : resolvePlain(text), raw, isPlain: isPlain && !isText }
  }

  #list(node: YAMLSeq): ListNode {
    const items = node.items.map((item) => this.build(item as Node))
    return { kind: 'list', place: this.#place(node), items }
  }

  #map(node: YAMLMap): MapNode {
    const entries = new Map<string, Entry>()
    const merges: TreeNode[] = []
    for (const pair of node.items as Pair<Node, Node | null>[]) {
      const key = this.#key(pair.key)
      const value = pair.value ? this.build(pair.value) : nothingAt(key.place)
      if (key.isMerge) merges.push(value)
      else this.#add(entries, key, value)
    }
    for (const merge of merges) this.#merge(entries, merge)
    return { kind: 'map', place: this.#place(node), entries }
  }

  #key(node: Node): { text: string; place: Place; isMerge: boolean } {
    const place = this.#place(node)
    const target = isAlias(node) ? this.#alias(node) : null
    if (target?.kind === 'scalar') return { text: String(target.value), place, isMerge: false }
    if (!isScalar(node)) {
      this.problems.push(yamlProblem('YAML_KEY', place, undefined))
      return { text: '', place, isMerge: false }
    }
    const text = String(node.value ?? '')
    return { text, place, isMerge: text === '<<' && node.type === 'PLAIN' }
  }

  #add(entries: Map<string, Entry>, key: { text: string; place: Place }, value: TreeNode): void {
    const before = entries.get(key.text)
    if (before) {
      const { line } = positionOf(this.#source, before.key.start)
      const code = holdsAll(value, before.value) ? 'YAML_KEY_REPEATED' : 'YAML_DUPLICATE_KEY'
      this.problems.push(yamlProblem(code, key.place, { key: key.text, line }))
    }
    entries.set(key.text, { key: key.place, value })
  }

  /** Keys of the map itself win over merged ones, and earlier merged maps over later ones. */
  #merge(entries: Map<string, Entry>, merged: TreeNode): void {
    const maps = merged.kind === 'list' ? merged.items : [merged]
    for (const map of maps) {
      if (map.kind !== 'map') this.problems.push(yamlProblem('YAML_MERGE', map.place, undefined))
      else for (const [key, entry] of map.entries) if (!entries.has(key)) entries.set(key, entry)
    }
  }

  #measure(node: TreeNode): void {
    let size = 1
    if (node.kind === 'list') for (const item of node.items) size += this.#sizes.get(item) ?? 1
    if (node.kind === 'map') for (const { value } of node.entries.values()) size += this.#sizes.get(value) ?? 1
    this.#sizes.set(node, size)
    if (size <= mostValues || this.isFull) return
    this.isFull = true
    this.problems.push(yamlProblem('YAML_TOO_MANY_VALUES', node.place, undefined))
  }
}

/** Whether nothing is lost when the first gives way to the second, as Helm has it. */
function holdsAll(second: TreeNode, first: TreeNode): boolean {
  if (first.kind === 'scalar') return second.kind === 'scalar' && (first.value === null || first.value === second.value)
  if (first.kind === 'list') {
    const others = second.kind === 'list' ? second.items : []
    return others.length >= first.items.length && first.items.every((item, index) => holdsAll(others[index]!, item))
  }
  if (second.kind !== 'map') return false
  return [...first.entries].every(([name, { value }]) => {
    const other = second.entries.get(name)
    return other !== undefined && holdsAll(other.value, value)
  })
}

function nothingAt(place: Place): ScalarNode {
  return { kind: 'scalar', place, value: null, raw: '', isPlain: true }
}

function decodeBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1')
}

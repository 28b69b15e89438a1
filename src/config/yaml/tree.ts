/** A YAML file as a tree in which everything knows its place. */

/** A text with a name, and the arithmetic of its lines. */
export interface Source {
  /** As it was given, e.g. `config.yaml`. */
  readonly name: string
  readonly text: string
  /** Offset of each line's first character. */
  readonly lineStarts: readonly number[]
}

export interface Place {
  readonly source: Source
  readonly start: number
  readonly end: number
}

export type TreeNode = MapNode | ListNode | ScalarNode

export interface MapNode {
  readonly kind: 'map'
  readonly place: Place
  readonly entries: ReadonlyMap<string, Entry>
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Place
  readonly value: TreeNode
}

export interface ListNode {
  readonly kind: 'list'
  readonly place: Place
  readonly items: readonly TreeNode[]
}

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly place: Place
  readonly value: string | number | boolean | null
  /** As written; differs from `value` for numbers and switches. */
  readonly raw: string
  /** Plain scalars are the ones that YAML reads as numbers, switches or nothing. */
  readonly isPlain: boolean
  /** It came from a file or a Secret, and is never shown. */
  readonly isSecret?: true
}

export function makeSource(name: string, text: string): Source {
  const lineStarts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lineStarts.push(at + 1)
  return { name, text, lineStarts }
}

/** Line and column of an offset, both counted from 1. */
export function positionOf({ lineStarts }: Source, offset: number): { line: number; column: number } {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((lineStarts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 }
}

/** The text of a line, counted from 1, without its end. */
export function lineOf({ text, lineStarts }: Source, line: number): string {
  const start = lineStarts[line - 1] ?? text.length
  return text.slice(start, lineStarts[line] === undefined ? text.length : lineStarts[line] - 1).replace(/\r$/, '')
}

/** The tree as plain data. Places are lost. */
export function plain(node: TreeNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(plain)
    case 'map': {
      const result: Record<string, unknown> = {}
      for (const [key, entry] of node.entries) setOwn(result, key, plain(entry.value))
      return result
    }
  }
}

/** Plain data as a tree whose every part stands at one place. */
export function treeOf(value: unknown, place: Place): TreeNode {
  if (Array.isArray(value)) return { kind: 'list', place, items: value.map((item) => treeOf(item, place)) }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(
      ([name, one]) => [name, { key: place, value: treeOf(one, place) }] as const,
    )
    return { kind: 'map', place, entries: new Map(entries) }
  }
  const scalar = value as ScalarNode['value']
  return { kind: 'scalar', place, value: scalar, raw: String(scalar), isPlain: typeof scalar !== 'string' }
}

/** Assigns, also where the key is `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, writable: true })
  else target[key] = value
}

/** The node at a path of keys; null where there is none. */
export function nodeAt(root: TreeNode | null, path: readonly string[]): TreeNode | null {
  let node: TreeNode | null = root
  for (const key of path) {
    if (node?.kind !== 'map') return null
    node = node.entries.get(key)?.value ?? null
  }
  return node
}

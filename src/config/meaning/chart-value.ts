import { allKeys } from '../schema/index.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'

/** The value of a key of the chart: what the file has, else the chart's default; undefined where a null took it away. */
export type ChartValue = (...path: readonly string[]) => unknown

export function chartValues(root: MapNode | null): ChartValue {
  return (...path) => {
    const node = nodeAt(root, path)
    const fallback = defaults().get(path.join('.'))
    if (!node) return fallback
    return node.kind === 'scalar' && node.value === null ? undefined : overDefault(plain(node), fallback)
  }
}

/** Helm merges a map into the map that is the default; a null takes an entry away. */
export function overDefault(written: unknown, fallback: unknown): unknown {
  if (!isMap(written) || !isMap(fallback)) return written
  return Object.fromEntries(Object.entries({ ...fallback, ...written }).filter(([, value]) => value !== null))
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

let known: ReadonlyMap<string, unknown> | null = null

function defaults(): ReadonlyMap<string, unknown> {
  known ??= new Map([...allKeys()].map(([path, key]) => [path.join('.'), key.default]))
  return known
}

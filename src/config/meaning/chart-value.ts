import { allKeys } from '../schema/index.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'

/** The value of a key of the chart: what the file has, else the chart's default; undefined where a null took it away. */
export type ChartValue = (...path: readonly string[]) => unknown

export function chartValues(root: MapNode | null): ChartValue {
  return (...path) => {
    const node = nodeAt(root, path)
    if (!node) return defaults().get(path.join('.'))
    return node.kind === 'scalar' && node.value === null ? undefined : plain(node)
  }
}

let known: ReadonlyMap<string, unknown> | null = null

function defaults(): ReadonlyMap<string, unknown> {
  known ??= new Map([...allKeys()].map(([path, key]) => [path.join('.'), key.default]))
  return known
}

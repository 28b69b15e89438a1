/** The code in a configuration: entries of `hub.extraConfig`, and files that `hub.extraFiles` puts where code is read. */
import type { HookSource } from '#hooks'
import {
  type Entry,
  lineOf,
  type MapNode,
  nodeAt,
  type Place,
  positionOf,
  type ScalarNode,
  type TreeNode,
} from './yaml/tree.ts'

export interface Snippet {
  /** `10-mine` of hub.extraConfig, or the name of a file. */
  readonly name: string
  readonly path: readonly string[]
  readonly language: 'python' | 'script'
  readonly node: ScalarNode
  /** Decoded where it stands encoded. */
  readonly code: string
}

/** Where z2jh reads more configuration. */
const configFolder = '/usr/local/etc/jupyterhub/jupyterhub_config.d/'

/** Files by their names, then entries by theirs: the order in which z2jh runs them. */
export function snippetsOf(root: MapNode): readonly Snippet[] {
  return [...byName(filesOf(root)), ...byName(entriesOf(root))]
}

const byName = (snippets: Iterable<Snippet>) => [...snippets].sort((a, b) => (a.name < b.name ? -1 : 1))

function* entriesOf(root: MapNode): Iterable<Snippet> {
  const entries = nodeAt(root, ['hub', 'extraConfig'])
  if (entries?.kind !== 'map') return
  for (const [name, { value: node }] of entries.entries) {
    if (node.kind !== 'scalar' || typeof node.value !== 'string') continue
    const language = /\.[mc]?[jt]s$/.test(name) || isScript(node.value) ? 'script' : 'python'
    yield { name, path: ['hub', 'extraConfig', name], language, node, code: node.value }
  }
}

function mountPathOf(file: TreeNode): string {
  const mountPath = nodeAt(file, ['mountPath'])
  return mountPath?.kind === 'scalar' ? String(mountPath.value) : ''
}

/** Whether an entry of `hub.extraFiles` holds code that is read as configuration. */
export function isCodeFile({ value: file }: Pick<Entry, 'value'>): boolean {
  const name = mountPathOf(file)
  return name.startsWith(configFolder) && /\.([mc]?[jt]s|py)$/.test(name)
}

function* filesOf(root: MapNode): Iterable<Snippet> {
  const files = nodeAt(root, ['hub', 'extraFiles'])
  if (files?.kind !== 'map') return
  for (const [key, { value: file }] of files.entries) {
    const name = mountPathOf(file)
    const language = /\.[mc]?[jt]s$/.test(name) ? 'script' : 'python'
    if (!isCodeFile({ value: file })) continue
    const field = ['stringData', 'binaryData'].find((one) => nodeAt(file, [one])?.kind === 'scalar')
    const node = field ? nodeAt(file, [field]) : null
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') continue
    const code = field === 'binaryData' ? Buffer.from(node.value, 'base64').toString() : node.value
    yield {
      name: name.slice(configFolder.length),
      path: ['hub', 'extraFiles', key, field as string],
      language,
      node,
      code,
    }
  }
}

/** Python has no `export`; a script without one exports nothing, and is of no use. */
function isScript(text: string): boolean {
  return /^[ \t]*export\s+(?:default\b|async\b|function\b|const\b|let\b|class\b|\{)/m.test(text)
}

/** A script as the hooks take it, with its place in the file. */
export function hookSource({ name, path, node, code }: Snippet): HookSource {
  const folder = path[1] === 'extraConfig' ? 'extraConfig/' : ''
  const place = placeIn(node, { line: 0, column: 0 })
  const { line, column } = positionOf(place.source, place.start)
  return {
    name: path.slice(0, 3).join('.'),
    code,
    path: `${folder}${name}`,
    at:
      place === node.place && code !== place.source.text ? null : { file: place.source.name, line, column: column - 1 },
  }
}

/** The place of a line of code (from 0) in the YAML file; that of the whole text where its lines are not the file's. */
export function placeIn(node: ScalarNode, { line, column }: { line: number; column: number }): Place {
  const { source, start } = node.place
  if (source.text === node.value) {
    const begin = (source.lineStarts[line] ?? source.text.length) + column
    return {
      source,
      start: begin,
      end: Math.max(begin + 1, (source.lineStarts[line + 1] ?? source.text.length + 1) - 1),
    }
  }
  if (!'|>'.includes(source.text[start] ?? '')) return node.place
  const first = positionOf(source, start).line
  const startOf = (index: number) => source.lineStarts[index] ?? source.text.length
  let begin = first
  while (/^\s*$/.test(source.text.slice(startOf(begin), startOf(begin + 1))) && startOf(begin) < node.place.end)
    begin += 1
  const indent = /^ */.exec(source.text.slice(startOf(begin), startOf(begin + 1)))?.[0].length ?? 0
  const at = startOf(first + line) + indent + column
  const lineEnd = startOf(first + line + 1) - 1
  return { source, start: at, end: Math.max(at + 1, lineEnd) }
}

/** A line of code that sounds of a secret is not shown. */
export function holdsSecret({ source, start }: Place): boolean {
  const { line } = positionOf(source, start)
  return /secret|token|passw|api_?key|credential/i.test(lineOf(source, line))
}

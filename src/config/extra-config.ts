/** `hub.extraConfig`: the declarative part of its Python becomes hub.config; the rest is named. */
import type { Findings } from './check/findings.ts'
import { holdsSecret, placeIn, type Snippet, snippetsOf } from './code.ts'
import { withNode } from './legacy/translate.ts'
import { type Scope, Thing, type Value } from './python/evaluate.ts'
import { type Assignment, runPython, type Unrunnable } from './python/run.ts'
import { allKeys, entryAt, isSection } from './schema/index.ts'
import { traitRow } from './traits/index.ts'
import { type MapNode, nodeAt, type Place, plain, treeOf } from './yaml/tree.ts'

/** Snippets run in their order, in one namespace, after everything else. */
export function applyExtraConfig(root: MapNode, findings: Findings): MapNode {
  const shared = { names: new Map<string, Value>(), traits: new Map<string, Value>() }
  let tree = root
  for (const snippet of snippetsOf(root).filter(({ language }) => language === 'python')) {
    const run = runPython(snippet.code, scopeOf(tree, shared))
    for (const one of run.unrunnable) reportUnrunnable(snippet, one, findings)
    for (const one of run.assignments) tree = assigned(tree, one, placeOfCode(snippet, one))
  }
  return tree
}

/** Encoded code has no lines in the file. */
const placeOfCode = ({ node, code }: Snippet, at: { line: number; column: number }) =>
  code === node.value ? placeIn(node, at) : node.place

/** What code sees: traits as they would stand after the values of the chart and hub.config. */
function scopeOf(root: MapNode, shared: Pick<Scope, 'names' | 'traits'>): Scope {
  return {
    ...shared,
    trait: (className, trait) => traitBefore(root, className, trait),
    config: (path) => configAt(root, path),
  }
}

function traitBefore(root: MapNode, className: string, trait: string): Value | undefined {
  const own = nodeAt(root, ['hub', 'config', className, trait])
  if (own) return copy(plain(own))
  if (className === 'JupyterHub' && trait === 'load_roles') return namedList(root, ['hub', 'loadRoles'])
  if (className === 'JupyterHub' && trait === 'services') return []
  for (const [path, key] of allKeys()) {
    if (key.trait !== `${className}.${trait}`) continue
    const node = nodeAt(root, path)
    const value = node ? plain(node) : key.default
    if (value !== undefined && value !== null) return copy(value)
  }
  const row = traitRow(className, trait)
  const fallback = row && 'default' in row ? row.default : undefined
  return typeof fallback === 'object' && fallback !== null ? copy(fallback) : undefined
}

function namedList(root: MapNode, path: readonly string[]): Value[] {
  const node = nodeAt(root, path)
  if (node?.kind !== 'map') return []
  return Object.entries(plain(node) as Record<string, object>).map(([name, one]) => copy({ name, ...one }) as Value)
}

function configAt(root: MapNode, path: string): Value | undefined {
  const steps = path.split('.')
  const node = nodeAt(root, steps)
  if (node) return copy(plain(node))
  const entry = entryAt(steps)
  return entry && !isSection(entry) && entry.default !== undefined ? copy(entry.default) : undefined
}

const copy = (value: unknown) => structuredClone(value) as Value

/** Services are the one thing that hub.config may not set but code may. */
function assigned(root: MapNode, { className, trait, value }: Assignment, place: Place): MapNode {
  const data = withoutThings(value)
  if (className === 'JupyterHub' && trait === 'services' && Array.isArray(data)) {
    return data.reduce<MapNode>((tree, service) => {
      const name = String((service as { name?: unknown } | null)?.name ?? '')
      return withNode(tree, ['hub', 'services', name], { key: place, value: treeOf(service, place) })
    }, root)
  }
  return withNode(root, ['hub', 'config', className, trait], { key: place, value: treeOf(data, place) })
}

function withoutThings(value: Value): unknown {
  if (value instanceof Thing) return value.name
  if (Array.isArray(value)) return value.map(withoutThings)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, withoutThings(one)]))
}

/** What does without code what is mostly done with it. */
const instead: Readonly<Record<string, string>> = {
  group_overrides: 'singleuser.overrides does it without code: groups by a pattern, and {group} for the name of each.',
  profile_list:
    'Write it as singleuser.profileList, with allowed_groups; or export profileList from TypeScript (docs/hooks.md).',
  environment: 'singleuser.extraEnv, singleuser.overrides and singleuser.authStateEnv set variables without code.',
  spawner_class:
    'What it did may have a setting: singleuser.overrides; else write hooks in TypeScript (docs/hooks.md).',
  authenticator_class: 'Write it as authenticator_class: custom with a few lines of TypeScript (docs/hooks.md).',
}

function reportUnrunnable(snippet: Snippet, unrunnable: Unrunnable, findings: Findings): void {
  const { name, node, path } = snippet
  const place = placeOfCode(snippet, unrunnable)
  // A snippet in quotes has no lines of its own in the file.
  const lineOfCode = place === node.place ? ` (in its line ${unrunnable.line + 1})` : ''
  const what = `${unrunnable.what}${lineOfCode}`
  const [className = '', trait = ''] = unrunnable.trait?.split('.') ?? []
  const row = unrunnable.trait ? traitRow(className, trait) : null
  const note = instead[unrunnable.trait?.split('.')[1] ?? ''] ?? (row && 'note' in row ? row.note : null)
  const at = { place, path, masked: holdsSecret(place) }
  if (unrunnable.isInvalid) {
    findings.report('CODE_INVALID', at, { name, what })
    return
  }
  findings.report('CODE_NOT_RUN', at, { name, what, trait: unrunnable.trait, note })
}

/** `hub.extraConfig`: Python that only sets values becomes hub.config; where there is more, Python itself is asked. */
import { assigned } from './assigned.ts'
import type { Findings } from './check/findings.ts'
import { holdsSecret, hookSource, placeIn, type Snippet, snippetsOf } from './code.ts'
import { chartValues } from './meaning/chart-value.ts'
import { chartTraits } from './meaning/kubernetes-chart.ts'
import type { Scope, Value } from './python/evaluate.ts'
import { type Assignment, type Run, runPython } from './python/run.ts'
import { failedIn, withOutcome } from './python-outcome.ts'
import type { Asked } from './python-run.ts'
import { allKeys, entryAt, isSection } from './schema/index.ts'
import { traitRow } from './traits/index.ts'
import { type MapNode, nodeAt, plain } from './yaml/tree.ts'

export interface Applied {
  readonly root: MapNode
  /** Whether something of it only Python can say. */
  readonly needsPython: boolean
}

/** Snippets run in their order, in one namespace, after everything else. `asked`: what Python made of all of them. */
export function applyExtraConfig(root: MapNode, findings: Findings, asked: Asked | null): Applied {
  const snippets = snippetsOf(root).filter(({ language }) => language === 'python')
  const shared = { names: new Map<string, Value>(), traits: new Map<string, Value>() }
  let tree = root
  let needsPython = false
  const failed = asked ? failedIn({ asked, snippets }) : new Set<string>()
  for (const snippet of snippets) {
    const run = runPython(snippet.code, scopeOf(tree, shared))
    const isFolded = run.unrunnable.length === 0 && !run.assignments.some(isHookTrait)
    needsPython ||= !isFolded
    const isBroken = failed.has(hookSource(snippet).path)
    if (asked && !isBroken) reportRun(snippet, run, isFolded, findings)
    for (const one of run.assignments) tree = assigned(tree, one, placeOfCode(snippet, one))
  }
  return { root: asked ? withOutcome(root, { asked, snippets }, findings) : tree, needsPython }
}

/** Functions and forms, of which only Python can make something. */
const isHookTrait = ({ className, trait, value }: Assignment) =>
  Boolean(value) && traitRow(className, trait)?.state === 'hook'

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

/** Code adds to them as to lists; whoever knows them by name is left to Python. */
const asList = new Set(['volumes', 'volume_mounts'])

function traitBefore(root: MapNode, className: string, trait: string): Value | undefined {
  const own = nodeAt(root, ['hub', 'config', className, trait])
  if (own) return copy(plain(own))
  if (className === 'JupyterHub' && trait === 'load_roles') return namedList(root, ['hub', 'loadRoles'])
  if (className === 'JupyterHub' && trait === 'services') return []
  const chart = chartValues(root)
  const composed = className === 'KubeSpawner' ? chartTraits(chart)[trait] : undefined
  if (composed !== undefined) return copy(asList.has(trait) ? Object.values(composed as object) : composed)
  for (const [path, key] of allKeys()) {
    if (key.trait !== `${className}.${trait}`) continue
    const value = chart(...path)
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

/** How a piece of code is run, and what would do without it. */
function reportRun(snippet: Snippet, { unrunnable }: Run, isFolded: boolean, findings: Findings): void {
  const { name, node, path } = snippet
  const first = unrunnable.find(({ trait }) => noteFor(trait) !== null) ?? unrunnable[0]
  const place = first ? placeOfCode(snippet, first) : node.place
  const at = { place, path, masked: holdsSecret(place) }
  if (isFolded) findings.report('CODE_FOLDED', at, { name })
  else findings.report('CODE_IN_PYTHON', at, { name, note: noteFor(first?.trait ?? null) })
}

function noteFor(full: string | null): string | null {
  if (!full) return null
  const [className = '', trait = ''] = full.split('.')
  const row = traitRow(className, trait)
  return instead[trait] ?? (row && 'note' in row ? row.note : null)
}

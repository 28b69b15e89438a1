import { expected } from '../check/kind.ts'
import { authRules } from '../legacy/auth.ts'
import { chartRules, traitRules } from '../legacy/rules.ts'
import { nearest } from '../nearest.ts'
import { allKeys, entryAt, isSection, type Key, type Kind, type Section } from '../schema/index.ts'
import { classes, traitNames, traitRow } from '../traits/index.ts'
import type { TraitRow } from '../traits/table.ts'
import { exit, type Io, UsageProblem } from './io.ts'

export const explainHelp = `Usage: himalia config explain KEY

Says what a key or trait means: singleuser.storage.capacity, hub.config.Spawner.http_timeout, KubeSpawner.image.
Exit codes: 0 it is known, 1 it isn't, 2 the command line is wrong.`

export async function explain(argv: readonly string[], io: Io): Promise<number> {
  const [path, ...more] = argv
  if (!path || more.length > 0) throw new UsageProblem('name one key')
  const lines = explained(path)
  if (lines) {
    io.out(lines.join('\n'))
    return exit.fine
  }
  const old = oldKey(path)
  if (old) {
    io.out(old)
    return exit.fine
  }
  const meant = nearestKey(path)
  io.err(`There is no key "${path}".${meant ? ` Did you mean ${meant}?` : ''}`)
  return exit.errors
}

function explained(path: string): readonly string[] | null {
  const steps = path.replace(/^hub\.config\.(?=[A-Z])/, '').split('.')
  const [className = '', trait = ''] = steps
  if (/^[A-Z]/.test(className) && steps.length === 2) {
    const row = Object.hasOwn(classes, className) ? traitRow(className, trait) : null
    return row && traitLines(className, trait, row)
  }
  const entry = entryAt(path.split('.'))
  if (!entry) return null
  return isSection(entry) ? sectionLines(path, entry) : keyLines(path, entry)
}

/** A key that only older charts had, and what it is now; null when none of them had it. */
function oldKey(path: string): string | null {
  const steps = path.split('.')
  const auth = steps[0] === 'auth' ? authRules(nested(steps.slice(1))) : []
  const rule = [...auth, ...chartRules, ...traitRules].find(({ from }) => from.join('.') === path)
  if (!rule) return null
  // Where it went may depend on its value: one of these is of its kind.
  const moves = ['x', 'github', { enabled: true }].map((value) => rule.moves(value) ?? [])
  const now = (moves.find(({ length }) => length > 0) ?? []).map(({ to }) => to.join('.'))
  const says = now.length > 0 ? `It is ${now.join(' and ')} now.` : (rule.note ?? 'It is no more.')
  return `${path}\n  Charts ${rule.charts} had this key. ${says}\n  \`himalia config upgrade\` rewrites a file.`
}

/** `github.clientId` → `{github: {clientId: 'x'}}`, with the type that makes it count. */
function nested(steps: readonly string[]): Record<string, unknown> {
  const value = steps.toReversed().reduce<unknown>((inner, step) => ({ [step]: inner }), 'x') as Record<string, unknown>
  return steps[0] === 'type' ? { type: 'github' } : { type: steps[0] ?? '', ...value }
}

function keyLines(path: string, { kind, default: fallback, description, where, trait }: Key): readonly string[] {
  return [
    path,
    `  ${description}`,
    `  Type: ${expected(kind)}`,
    ...fieldLines(kind),
    `  Default: ${fallback === undefined ? 'none' : JSON.stringify(fallback)}`,
    ...(where === 'cluster' ? ['  Has an effect only in a cluster.'] : []),
    ...(trait && classes[trait.split('.')[0] ?? ''] ? [`  The same as hub.config.${trait}, which wins.`] : []),
    ...history(path),
  ]
}

/** The fields of a map of a known form, or of each entry of a list or map. */
function fieldLines(kind: Kind): readonly string[] {
  const { items, additionalProperties: each } = kind
  const inner = items ?? (typeof each === 'object' ? each : kind)
  const fields = Object.entries(inner.properties ?? {})
  if (fields.length === 0) return []
  const title = inner === kind ? '  Its fields:' : '  The fields of each:'
  return [title, ...fields.map(([name, field]) => `    ${name}: ${expected(field)}`)]
}

function sectionLines(path: string, { description, keys }: Section): readonly string[] {
  const rows = Object.entries(keys).map(([name, entry]) => `    ${path}.${name}: ${entry.description}`)
  return [path, `  ${description}`, '  Its keys:', ...rows]
}

const effects: Readonly<Record<TraitRow['state'], string | null>> = {
  works: null,
  cluster: 'Has an effect only in a cluster.',
  later: 'Of a way of signing in that is not there yet.',
  idle: 'Has no effect.',
  refused: 'Not possible.',
  hook: 'Takes Python code, which can not be run.',
}

function traitLines(className: string, trait: string, row: TraitRow): readonly string[] {
  const path = `hub.config.${className}.${trait}`
  const effect = effects[row.state]
  const key = [...allKeys()].find(([, one]) => one.trait === `${className}.${trait}`)
  return [
    path,
    `  ${'note' in row ? row.note : row.description}`,
    ...('kind' in row ? [`  Type: ${expected(row.kind)}`, `  Default: ${JSON.stringify(row.default)}`] : []),
    ...(effect ? [`  ${effect}`] : []),
    ...(key ? [`  The chart's key for it is ${key[0].join('.')}.`] : []),
    ...history(path),
  ]
}

/** What older charts called it. */
function history(path: string): readonly string[] {
  return [...chartRules, ...traitRules].flatMap(({ from, charts, moves }) => {
    const leads = (moves(true) ?? []).some((move) => move.to.join('.') === path)
    return leads && from.join('.') !== path ? [`  Charts ${charts} called it ${from.join('.')}.`] : []
  })
}

function nearestKey(path: string): string | null {
  const keys = [...allKeys()].map(([steps]) => steps.join('.'))
  const traits = Object.keys(classes).flatMap((name) => traitNames(name).map((one) => `${name}.${one}`))
  const last = path.split('.').at(-1) ?? ''
  const same = keys.filter((key) => key.split('.').at(-1)?.toLowerCase() === last.toLowerCase())
  return (
    nearest(path, keys) ??
    nearest(path.replace(/^hub\.config\./, ''), traits) ??
    (same.length === 1 ? (same[0] ?? null) : null)
  )
}

import { isDeepStrictEqual } from 'node:util'
import { formatProblems } from '../format-problems.ts'
import { analyse, readSources } from '../load.ts'
import type { Profile } from '../profiles.ts'
import { allKeys, type Key } from '../schema/index.ts'
import type { Settings } from '../settings.ts'
import { type MapNode, nodeAt, plain } from '../yaml/tree.ts'
import { readArguments } from './arguments.ts'
import { exit, type Io, UsageProblem } from './io.ts'
import { withoutSecrets } from './secrets.ts'

export const diffHelp = `Usage: himalia config diff BEFORE AFTER [--mode local|cluster]

Says in words what changes from one file to the other.
Exit codes: 0 both can be read, 1 one has errors, 2 the command line is wrong.`

export async function diff(argv: readonly string[], io: Io): Promise<number> {
  const { words, mode } = readArguments(argv)
  const [before, after, ...more] = words
  if (!before || !after || more.length > 0) throw new UsageProblem('name two files')
  const sides = await Promise.all(
    [before, after].map(async (file) => analyse(await readSources({ files: [file] }), mode)),
  )
  const [old, now] = sides
  const errors = sides.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))
  if (errors.length > 0) io.err(formatProblems(errors, { color: io.color }))
  const changes = [
    // Who may enter is only known of what can be run.
    ...(old?.settings && now?.settings ? entryChanges(old.settings, now.settings) : []),
    ...(old?.meaning && now?.meaning ? profileChanges(old.meaning.profiles, now.meaning.profiles) : []),
    ...valueChanges(old?.root ?? null, now?.root ?? null),
  ]
  io.out(changes.length === 0 ? 'Nothing changes.' : changes.map((change) => `- ${change}`).join('\n'))
  return errors.length > 0 ? exit.errors : exit.fine
}

function entryChanges({ authenticator: old }: Settings, { authenticator: now }: Settings): string[] {
  const changes: string[] = []
  if (!isDeepStrictEqual(old.classes, now.classes)) {
    changes.push(`People sign in with ${listed(now.classes, 'a link')} instead of ${listed(old.classes, 'a link')}.`)
  }
  if (old.allowAll !== now.allowAll) {
    changes.push(
      now.allowAll ? 'Everybody who can sign in may enter.' : 'No longer may everybody enter who can sign in.',
    )
  }
  for (const [what, field] of [
    ['may enter', 'allowedUsers'],
    ['may not enter', 'blockedUsers'],
    ['are administrators', 'adminUsers'],
  ] as const) {
    const added = now[field].filter((name) => !old[field].includes(name))
    const removed = old[field].filter((name) => !now[field].includes(name))
    if (added.length > 0) changes.push(`These ${what}, too: ${added.join(', ')}.`)
    if (removed.length > 0) changes.push(`These no longer stand among those who ${what}: ${removed.join(', ')}.`)
  }
  return changes
}

function profileChanges(old: readonly Profile[], now: readonly Profile[]): string[] {
  const changes: string[] = []
  for (const profile of now) {
    const before = old.find(({ slug }) => slug === profile.slug)
    if (!before) changes.push(`The profile "${profile.displayName}" is new.`)
    else changes.push(...oneProfile(before, profile))
  }
  for (const profile of old) {
    if (!now.some(({ slug }) => slug === profile.slug)) changes.push(`The profile "${profile.displayName}" is gone.`)
  }
  return changes
}

function oneProfile(old: Profile, now: Profile): string[] {
  const name = `The profile "${now.displayName}"`
  const changes: string[] = []
  if (now.isDefault && !old.isDefault) changes.push(`${name} is the default now.`)
  changes.push(...overrideChanges(name, old.override, now.override))
  changes.push(...optionChanges(name, old, now))
  if (!isDeepStrictEqual(old.allowedGroups, now.allowedGroups)) changes.push(`${name} is for other groups.`)
  return changes
}

function overrideChanges(name: string, old: Profile['override'], now: Profile['override']): string[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])]
  return keys
    .filter((key) => !isDeepStrictEqual(old[key], now[key]))
    .map((key) => `${name} has ${key} ${shown(now[key], key)} instead of ${shown(old[key], key)}.`)
}

/** What a profile asks, and what may be answered. */
function optionChanges(name: string, { options: old }: Profile, { options: now }: Profile): string[] {
  const changes: string[] = []
  for (const option of now) {
    const asks = `${name}, "${option.displayName}"`
    const before = old.find((one) => one.name === option.name)
    if (!before) changes.push(`${asks}: is asked now.`)
    else {
      for (const choice of option.choices) {
        const was = before.choices.find((one) => one.name === choice.name)
        if (!was) changes.push(`${asks}: the choice "${choice.displayName}" is new.`)
        else
          changes.push(...overrideChanges(`${asks}: the choice "${choice.displayName}"`, was.override, choice.override))
        if (was && choice.isDefault && !was.isDefault)
          changes.push(`${asks}: "${choice.displayName}" is the default now.`)
        if (was && !isDeepStrictEqual(was.allowedGroups, choice.allowedGroups))
          changes.push(`${asks}: the choice "${choice.displayName}" is for other groups.`)
      }
      for (const choice of before.choices)
        if (!option.choices.some((one) => one.name === choice.name))
          changes.push(`${asks}: the choice "${choice.displayName}" is gone.`)
      if (!isDeepStrictEqual(before.unlistedChoice, option.unlistedChoice))
        changes.push(
          `${asks}: ${option.unlistedChoice ? 'another text may be typed.' : 'no text of their own may be typed.'}`,
        )
    }
  }
  for (const option of old)
    if (!now.some((one) => one.name === option.name))
      changes.push(`${name}, "${option.displayName}": is asked no longer.`)
  return changes
}

/** Every other key whose value differs, defaults counted in. */
function valueChanges(old: MapNode | null, now: MapNode | null): string[] {
  const changes: string[] = []
  for (const [path, key] of allKeys()) {
    const name = path.join('.')
    if (name === 'singleuser.profileList') continue
    const [before, after] = [valueAt(old, path, key), valueAt(now, path, key)]
    if (isDeepStrictEqual(before, after)) continue
    if (isMap(before) && isMap(after)) changes.push(...mapChanges(name, { before, after, key }))
    else changes.push(`${name}: ${shown(before, name, key)} → ${shown(after, name, key)} (${key.description})`)
  }
  return changes
}

function mapChanges(
  path: string,
  { before, after, key }: { before: Record<string, unknown>; after: Record<string, unknown>; key: Key },
): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((name) => {
    const [old, now] = [before[name], after[name]]
    if (isDeepStrictEqual(old, now)) return []
    const here = `${path}.${name}`
    if (isMap(old) && isMap(now)) return mapChanges(here, { before: old, after: now, key })
    return [`${here}: ${shown(old, here, key)} → ${shown(now, here, key)}`]
  })
}

function valueAt(root: MapNode | null, path: readonly string[], key: Key): unknown {
  const node = nodeAt(root, path)
  return node ? plain(node) : key.default
}

function shown(value: unknown, name: string, key?: Key): string {
  if (value === undefined || value === null) return 'nothing'
  const last = name.split('.').at(-1) ?? ''
  const text = JSON.stringify(withoutSecrets(value, key?.kind.secret ? key.kind : undefined, last))
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

const listed = (names: readonly string[], none: string) => (names.length === 0 ? none : names.join(' or '))
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

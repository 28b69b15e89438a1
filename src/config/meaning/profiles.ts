import { type Findings, pathText } from '../check/findings.ts'
import { checkKind } from '../check/kind.ts'
import { nearest, sameWord } from '../nearest.ts'
import type { Profile, ProfileChoice, ProfileOption, UnlistedChoice } from '../profiles.ts'
import { slugify } from '../slug.ts'
import { traitNames, traitRow } from '../traits/index.ts'
import { type MapNode, nodeAt, plain, type TreeNode } from '../yaml/tree.ts'

type Path = readonly (string | number)[]

/** `singleuser.profileList`, or the trait that overrides it. */
export function profiles(root: MapNode | null, findings: Findings): readonly Profile[] {
  const traitPath = ['hub', 'config', 'KubeSpawner', 'profile_list']
  const byTrait = nodeAt(root, traitPath)
  const path = byTrait && !isNull(byTrait) ? traitPath : ['singleuser', 'profileList']
  const node = nodeAt(root, path)
  if (!node || isNull(node)) return []
  const written = [...itemsOf(node)].flatMap(([step, item]) =>
    item.kind === 'map' ? [{ item, path: [...path, step] }] : [],
  )
  const read = written.map(({ item, path: here }) => readProfile(item, here, findings))
  return withOneDefault(withOwnSlugs(read, written, findings))
}

function readProfile(node: MapNode, path: Path, findings: Findings): Profile {
  const isToldOf = checkKeys(node, profileKeys, { path, findings, needed: 'display_name' })
  const displayName = text(node, 'display_name')
  const slug = text(node, 'slug') || slugify(displayName)
  if (!displayName && !slug && !isToldOf) findings.report('PROFILE_NAMELESS', { place: node.place, path }, undefined)
  const options = field(node, 'profile_options')
  return {
    slug,
    displayName: displayName || slug,
    description: text(node, 'description'),
    isDefault: isTrue(node, 'default'),
    override: override(node, path, findings),
    allowedGroups: groups(node),
    options:
      options?.kind === 'map'
        ? [...options.entries].flatMap(([name, { value }]) =>
            value.kind === 'map' ? [readOption(name, value, [...path, 'profile_options', name], findings)] : [],
          )
        : [],
  }
}

function readOption(name: string, node: MapNode, path: Path, findings: Findings): ProfileOption {
  const isToldOf = checkKeys(node, optionKeys, { path, findings, needed: 'choices' })
  const choicesNode = field(node, 'choices')
  const choices =
    choicesNode?.kind === 'map'
      ? [...choicesNode.entries].flatMap(([choice, { value }]) =>
          value.kind === 'map' ? [readChoice(choice, value, [...path, 'choices', choice], findings)] : [],
        )
      : []
  const unlisted = field(node, 'unlisted_choice')
  const unlistedChoice =
    unlisted?.kind === 'map' ? readUnlisted(unlisted, [...path, 'unlisted_choice'], findings) : null
  if (choices.length === 0 && !unlistedChoice && !isToldOf) {
    findings.report('OPTION_WITHOUT_CHOICE', { place: node.place, path }, { name })
  }
  return { name, displayName: text(node, 'display_name') || name, choices: withOneDefault(choices), unlistedChoice }
}

function readChoice(name: string, node: MapNode, path: Path, findings: Findings): ProfileChoice {
  checkKeys(node, choiceKeys, { path, findings })
  return {
    name,
    displayName: text(node, 'display_name') || name,
    description: text(node, 'description'),
    isDefault: isTrue(node, 'default'),
    override: override(node, path, findings),
    allowedGroups: groups(node),
  }
}

function readUnlisted(node: MapNode, path: Path, findings: Findings): UnlistedChoice | null {
  checkKeys(node, unlistedKeys, { path, findings })
  if (!isTrue(node, 'enabled')) return null
  return {
    displayName: text(node, 'display_name'),
    displayNameInChoices: text(node, 'display_name_in_choices') || 'Other...',
    description: text(node, 'description') || text(node, 'description_in_choices'),
    validationRegex: text(node, 'validation_regex') || null,
    validationMessage: text(node, 'validation_message') || null,
    override: override(node, path, findings),
    allowedGroups: groups(node),
  }
}

const profileKeys = [
  'display_name',
  'description',
  'slug',
  'default',
  'kubespawner_override',
  'profile_options',
  'allowed_groups',
]
const optionKeys = ['display_name', 'description', 'choices', 'unlisted_choice', 'dynamic_image_building']
const choiceKeys = ['display_name', 'description', 'slug', 'default', 'kubespawner_override', 'allowed_groups']
const unlistedKeys = [
  'enabled',
  'display_name',
  'display_name_in_choices',
  'description',
  'description_in_choices',
  'validation_regex',
  'validation_message',
  'kubespawner_override',
  'allowed_groups',
]

/**
 * Keys that mean nothing are tolerated, as KubeSpawner does, but said; one that seems to be what is needed is an error.
 * Returns whether it was said why what is needed is not there.
 */
function checkKeys(
  node: MapNode,
  known: readonly string[],
  { path, findings, needed }: { path: Path; findings: Findings; needed?: string },
): boolean {
  let isToldOf = needed !== undefined && findings.isWrong(pathText([...path, needed]))
  const isMissing = needed !== undefined && !node.entries.has(needed)
  for (const [name, { key: place }] of node.entries) {
    if (known.includes(name)) continue
    const meant =
      sameWord(name, known) ??
      nearest(name, known) ??
      (traitRow('KubeSpawner', name) ? `kubespawner_override.${name}` : null)
    const isNeeded = isMissing && meant === needed
    const code = isNeeded ? 'PROFILE_KEY_MISSPELT' : 'PROFILE_KEY_UNKNOWN'
    findings.report(code, { place, path: [...path, name], masked: true }, { key: name, meant })
    isToldOf ||= isNeeded
  }
  return isToldOf
}

/** `kubespawner_override`, verbatim. Each trait of it is checked as below hub.config. */
export function override(node: MapNode, path: Path, findings: Findings): Readonly<Record<string, unknown>> {
  const overrides = field(node, 'kubespawner_override')
  if (overrides?.kind !== 'map') return {}
  for (const [name, { key: place, value }] of overrides.entries) {
    const here = [...path, 'kubespawner_override', name]
    const row = traitRow('KubeSpawner', name)
    if (row?.state === 'cluster') findings.needsCluster(here, place)
    if (row?.state === 'works' || row?.state === 'cluster') {
      if (!hasHole(value)) checkKind(row.kind, value, { path: here, findings })
    } else if (row && 'note' in row) findings.report('TRAIT_IDLE', { place, path: here }, { name, note: row.note })
    else {
      const meant = meantOverride(name)
      findings.report('PROFILE_KEY_UNKNOWN', { place, path: here, masked: true }, { key: name, meant })
    }
  }
  return plain(overrides) as Record<string, unknown>
}

function meantOverride(name: string): string | null {
  if (profileKeys.includes(name)) return `${name}, one level up, beside kubespawner_override`
  if (name === 'tag') return 'image, as name:tag'
  return sameWord(name, traitNames('KubeSpawner')) ?? nearest(name, traitNames('KubeSpawner'))
}

/** `{value}` is filled in later; only then can the value be judged. */
const hasHole = (node: TreeNode) =>
  node.kind === 'scalar' && typeof node.value === 'string' && node.value.includes('{value}')

function withOwnSlugs(
  read: readonly Profile[],
  written: readonly { item: MapNode; path: Path }[],
  findings: Findings,
): readonly Profile[] {
  const taken = new Set<string>()
  return read.map((profile, index) => {
    let slug = profile.slug
    for (let count = 2; taken.has(slug); count += 1) slug = `${profile.slug}-${count}`
    taken.add(slug)
    if (slug === profile.slug) return profile
    const { item, path } = written[index] as { item: MapNode; path: Path }
    findings.report('PROFILE_SLUG_TWICE', { place: item.place, path }, { slug: profile.slug, other: slug })
    return { ...profile, slug }
  })
}

/** The first that says so is the default; if none does, the first. */
function withOneDefault<T extends { readonly isDefault: boolean }>(all: readonly T[]): readonly T[] {
  const chosen = Math.max(
    0,
    all.findIndex((one) => one.isDefault),
  )
  return all.map((one, index) => ({ ...one, isDefault: index === chosen }))
}

/** A list in its order, a map in the order of its keys, as KubeSpawner takes them. */
function* itemsOf(node: TreeNode): Iterable<[string | number, TreeNode]> {
  if (node.kind === 'list') yield* node.items.entries()
  if (node.kind === 'map') {
    for (const name of [...node.entries.keys()].sort()) yield [name, node.entries.get(name)?.value as TreeNode]
  }
}

function field(node: MapNode, name: string): TreeNode | null {
  const value = node.entries.get(name)?.value
  return value && !isNull(value) ? value : null
}

function text(node: MapNode, name: string): string {
  const value = field(node, name)
  return value?.kind === 'scalar' ? String(value.value) : ''
}

function isTrue(node: MapNode, name: string): boolean {
  return /^true$/i.test(text(node, name))
}

function groups(node: MapNode): readonly string[] | null {
  const value = field(node, 'allowed_groups')
  return value?.kind === 'list' ? (plain(value) as unknown[]).map(String) : null
}

function isNull(node: TreeNode): boolean {
  return node.kind === 'scalar' && node.value === null
}

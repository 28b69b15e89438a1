/**
 * What a user may pick: a profile, and for each of its questions a choice or a text of one's own. The outcome is what
 * is kept as `user_options`, in KubeSpawner's form, and the overrides that it stands for, in the order they apply.
 */
import type { Profile, ProfileOption } from '#config'
import { errors } from './errors.ts'

export type Override = Readonly<Record<string, unknown>>

export interface ResolvedOptions {
  readonly userOptions: Readonly<Record<string, unknown>>
  readonly overrides: readonly Override[]
}

export interface Picker {
  readonly profiles: readonly Profile[]
  /** Of the user; profiles and choices may be for some groups only. */
  readonly groups: readonly string[]
}

const largest = 64 * 1024

/** Errors: OPTIONS_INVALID. */
export function resolveOptions(given: Readonly<Record<string, unknown>>, picker: Picker): ResolvedOptions {
  if (JSON.stringify(given).length > largest) throw invalid(`they take more than ${largest / 1024} KiB`)
  const profile = pickProfile(given.profile, picker)
  if (!profile) return { userOptions: given, overrides: [] }
  const overrides: Override[] = [profile.override]
  const picked: Record<string, unknown> = { profile: profile.slug }
  for (const option of profile.options) {
    const answer = pickChoice(option, given, picker)
    Object.assign(picked, answer.userOptions)
    overrides.push(answer.override)
  }
  return { userOptions: { ...given, ...picked }, overrides }
}

/** As `resolveOptions`, but a profile that is no longer there gives way to the default one: for stored options. */
export function resolveStoredOptions(stored: Readonly<Record<string, unknown>>, picker: Picker): ResolvedOptions {
  try {
    return resolveOptions(stored, picker)
  } catch {
    return resolveOptions({}, picker)
  }
}

/** Null only where no profiles are configured: then options mean nothing here, and are kept as they are. */
function pickProfile(slug: unknown, { profiles, groups }: Picker): Profile | null {
  if (profiles.length === 0) return null
  const allowed = profiles.filter((profile) => isAllowed(profile.allowedGroups, groups))
  if (allowed.length === 0) throw invalid('none of the profiles is for you')
  if (slug === undefined || slug === null || slug === '') {
    return allowed.find((profile) => profile.isDefault) ?? allowed[0]!
  }
  const found = allowed.find((profile) => profile.slug === slug)
  if (found) return found
  throw invalid(
    `there is no profile ${shown(slug)}; the profiles are ${listed(allowed.map((profile) => profile.slug))}`,
  )
}

interface Answer {
  readonly userOptions: Readonly<Record<string, unknown>>
  readonly override: Override
}

function pickChoice(option: ProfileOption, given: Readonly<Record<string, unknown>>, { groups }: Picker): Answer {
  const ownKey = `${option.name}--unlisted-choice`
  const own = given[ownKey]
  if (own !== undefined && own !== null && own !== '') {
    return { userOptions: { [ownKey]: own }, override: ownChoice(option, own, groups) }
  }
  const choices = option.choices.filter((choice) => isAllowed(choice.allowedGroups, groups))
  const name = given[option.name]
  if (name === undefined || name === null || name === '') {
    const choice = choices.find((one) => one.isDefault) ?? choices[0]
    if (!choice) throw invalid(`${shown(option.name)} needs a value`)
    return { userOptions: { [option.name]: choice.name }, override: choice.override }
  }
  const choice = choices.find((one) => one.name === name)
  if (choice) return { userOptions: { [option.name]: choice.name }, override: choice.override }
  throw invalid(`${shown(option.name)} can't be ${shown(name)}; it can be ${listed(choices.map((one) => one.name))}`)
}

function ownChoice(option: ProfileOption, value: unknown, groups: readonly string[]): Override {
  const unlisted = option.unlistedChoice
  if (!unlisted || !isAllowed(unlisted.allowedGroups, groups))
    throw invalid(`${shown(option.name)} takes only the listed choices`)
  if (typeof value !== 'string' || value.length > 1024 || /\p{Cc}/u.test(value)) {
    throw invalid(`${shown(option.name)} must be one line of text`)
  }
  if (unlisted.validationRegex !== null && !matchesWhole(unlisted.validationRegex, value)) {
    throw invalid(unlisted.validationMessage ?? `${shown(option.name)} must match ${unlisted.validationRegex}`)
  }
  // Safe: filling in texts keeps the shape.
  return filledIn(unlisted.override, value) as Override
}

/** The expression is Python's; what the two notations write differently is translated. Matches from end to end. */
function matchesWhole(expression: string, value: string): boolean {
  const translated = expression.replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\Z', '$')
  return new RegExp(`^(?:${translated})$`, 'u').test(value)
}

/** `{value}` in every text becomes the value, and is not looked at again. */
function filledIn(template: unknown, value: string): unknown {
  if (typeof template === 'string') return template.replaceAll('{value}', () => value)
  if (Array.isArray(template)) return template.map((item) => filledIn(item, value))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, filledIn(item, value)]))
}

function isAllowed(allowedGroups: readonly string[] | null, groups: readonly string[]): boolean {
  if (allowedGroups === null) return true
  const mine = new Set(groups.map((group) => group.toLowerCase()))
  return allowedGroups.some((group) => mine.has(group.toLowerCase()))
}

function invalid(reason: string) {
  return errors.OPTIONS_INVALID({ reason })
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 100)
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map((name) => `"${name}"`).join(', ')
}

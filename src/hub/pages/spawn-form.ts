/** Reads what the spawn form, or a link to it, asks for. */
import type { Profile } from '#config'
import { optionName, type UserOptions, unlistedKey, unlistedSuffix } from './views/profile-cards.ts'
import { fieldOf } from './visit.ts'

/**
 * `{profile, <option>, <option>--unlisted-choice}` of the fields of the profile that the form names, as KubeSpawner
 * stores them; null when it names none. Whether the values are allowed is judged where every start is.
 * Errors: FORM_INVALID.
 */
export function optionsOfForm(form: unknown, profiles: readonly Profile[]): UserOptions | null {
  const slug = fieldOf(form, 'profile')
  if (slug === null || slug === '') return null
  const options: Record<string, string> = { profile: slug }
  for (const option of profiles.find((each) => each.slug === slug)?.options ?? []) {
    const field = optionName(slug, option.name)
    const choice = fieldOf(form, field)
    const typed = fieldOf(form, `${field}--${unlistedSuffix}`)
    const isTyped = typed !== null && typed !== '' && (choice === null || choice === unlistedSuffix)
    if (isTyped) options[unlistedKey(option.name)] = typed
    else if (choice !== null && choice !== unlistedSuffix) options[option.name] = choice
  }
  return options
}

const notOptions = new Set(['_xsrf', 'switch'])

/** All fields of a form of the administrator's own, each with its values. */
export function fieldsOfForm(form: unknown): Readonly<Record<string, readonly string[]>> {
  const entries = Object.entries((form ?? {}) as Readonly<Record<string, unknown>>)
  const own = entries.filter(([name]) => !notOptions.has(name))
  return Object.fromEntries(own.map(([name, value]) => [name, [value].flat().map(String)]))
}

/** What such a form comes to where no hook says so: one value as a text, several as a list. */
export function plainOptions(fields: Readonly<Record<string, readonly string[]>>): UserOptions {
  return Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  )
}

/** As above for a query, whose names may stand behind `opt-`; when any does, the others do not count. */
export function optionsOfQuery(query: unknown, profiles: readonly Profile[]): UserOptions | null {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>)
  const marked = entries.filter(([name]) => name.startsWith('opt-')).map(([name, value]) => [name.slice(4), value])
  return optionsOfForm(Object.fromEntries(marked.length > 0 ? marked : entries), profiles)
}

/** Which institutions somebody may mean. */
import type { Choice } from '../metadata/catalog.ts'
import { localized } from '../metadata/entity.ts'

export interface Offer {
  readonly entityId: string
  readonly name: string
  readonly logo: string | null
  /** What tells it from others of the same name: its host. */
  readonly host: string
}

export interface OfferRules {
  /** Empty: all. */
  readonly only: readonly string[]
  readonly hidden: readonly string[]
  readonly language: string
}

export function offersOf(choices: readonly Choice[], rules: OfferRules): readonly Choice[] {
  const only = new Set(rules.only)
  return choices.filter(
    ({ entityId, categories }) =>
      (only.size === 0 || only.has(entityId)) && !categories.some((category) => rules.hidden.includes(category)),
  )
}

/** Every word must be found, at the beginnings of words first; without words all in the order of their names. */
export function search(
  choices: readonly Choice[],
  { words, language, most }: { words: string; language: string; most: number },
): { readonly offers: readonly Offer[]; readonly total: number } {
  const wanted = plain(words).split(/\s+/).filter(Boolean).slice(0, 10)
  const found = choices
    .map((choice) => ({ choice, rank: rankOf(choice, wanted), name: nameOf(choice, language) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank || a.name.localeCompare(b.name, language))
  return { offers: found.slice(0, most).map(({ choice }) => offerOf(choice, language)), total: found.length }
}

export function offerOf(choice: Choice, language: string): Offer {
  const url = URL.canParse(choice.entityId) ? new URL(choice.entityId).host : ''
  return {
    entityId: choice.entityId,
    name: nameOf(choice, language),
    logo: choice.logo?.url ?? null,
    host: url || choice.entityId,
  }
}

function nameOf({ displayNames, entityId }: Choice, language: string): string {
  return localized(displayNames, language) ?? entityId
}

function rankOf(choice: Choice, words: readonly string[]): number {
  if (words.length === 0) return 1
  const text = textOf(choice)
  if (!words.every((word) => text.includes(word))) return 0
  return 1 + words.filter((word) => text.startsWith(word) || text.includes(` ${word}`)).length
}

const texts = new WeakMap<Choice, string>()

/** Made once a choice: ten thousand are searched at each key. */
function textOf(choice: Choice): string {
  const known = texts.get(choice)
  if (known !== undefined) return known
  const { displayNames, keywords, entityId } = choice
  const text = plain([...Object.values(displayNames), ...Object.values(keywords), entityId].join(' '))
  texts.set(choice, text)
  return text
}

/** `Universität Göttingen` is found by `universitat gottingen`, and by `goettingen`, too. */
function plain(text: string): string {
  const lower = text.toLowerCase()
  const german = lower.replace(/[äöüß]/g, (letter) => ({ ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' })[letter]!)
  const bare = lower
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ß', 'ss')
  const all = german === bare ? bare : `${bare} ${german}`
  return all.replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
}

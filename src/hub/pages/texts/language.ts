import { german } from './de.ts'
import { english, type TextKey } from './en.ts'

export type Language = 'en' | 'de'
export type { TextKey }

/** The sentence of a key with its holes filled. */
export type Text = (key: TextKey, values?: Readonly<Record<string, unknown>>) => string

const catalogues: Record<Language, Readonly<Record<TextKey, string>>> = { en: english, de: german }

/** The first language of `Accept-Language` by its weights that there are texts in; English otherwise. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  const ranked = (acceptLanguage ?? '')
    .split(',', 20)
    .map((part) => {
      const [tag = '', weight = ''] = part.split(';')
      return { language: tag.trim().slice(0, 2).toLowerCase(), weight: Number(/q=([\d.]+)/.exec(weight)?.[1] ?? 1) }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
  return ranked.find(({ language }) => language in catalogues)?.language === 'de' ? 'de' : 'en'
}

export const texts: Readonly<Record<Language, Text>> = { en: textOf('en'), de: textOf('de') }

function textOf(language: Language): Text {
  const catalogue = catalogues[language]
  return (key, values) => {
    const sentence = catalogue[key]
    // A template may ask for a key that isn't there; a page with the key in it beats no page.
    if (sentence === undefined) return key
    return values === undefined
      ? sentence
      : sentence.replace(/\{(\w+)\}/g, (_, hole: string) => String(values[hole] ?? ''))
  }
}

const chosen = new Map<string, Readonly<Record<string, string>>>()

/** The texts whose keys start with one of these, for scripts in the browser. The same object for the same question. */
export function textsFor(language: Language, prefixes: readonly string[]): Readonly<Record<string, string>> {
  const question = [language, ...prefixes].join(' ')
  const known = chosen.get(question)
  if (known) return known
  const wanted = Object.entries(catalogues[language]).filter(([key]) =>
    prefixes.some((prefix) => key.startsWith(prefix)),
  )
  const found = Object.freeze(Object.fromEntries(wanted))
  chosen.set(question, found)
  return found
}

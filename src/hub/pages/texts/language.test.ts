import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { german } from './de.ts'
import { english } from './en.ts'
import { preferredLanguage, texts } from './language.ts'

/** `{why}` is a clause of an error in English; other languages leave it out. */
const holes = (text: string) =>
  [...text.matchAll(/\{\w+\}/g)]
    .map(String)
    .filter((hole) => hole !== '{why}')
    .sort()

test('both languages have the same keys, with the same holes', () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort())
  for (const [key, text] of Object.entries(english)) {
    assert.deepEqual(holes(german[key as keyof typeof english]), holes(text), key)
  }
})

test('every key that a template or a script asks for exists, and every key is asked for', () => {
  const root = join(import.meta.dirname, '../../../..')
  const files = globSync(['web/templates/*.html', 'web/static/*.js', 'src/hub/**/*.ts'], { cwd: root })
  const sources = files
    .filter((file) => !/\/texts\/|\.test\.ts$/.test(file))
    .map((file) => readFileSync(join(root, file), 'utf8'))
  const found = (pattern: RegExp) =>
    new Set(sources.flatMap((source) => [...source.matchAll(pattern)].map(([, key]) => key)))
  const asked = found(/\b(?:t|text|texts)[([]'([\w:.-]+[\w])'[,)\]]/g)
  const named = found(/'([a-z-]+(?:\.[\w:-]+)+)'/g)
  const missing = [...asked].filter((key) => key !== undefined && !(key in english))
  // Those are put together from a code, a status, a phase, a scope or a resource.
  const isComposed = (key: string) => /^(error|hint|state|scope|home|newer|strays)\./.test(key)
  const unused = Object.keys(english).filter((key) => !named.has(key) && !isComposed(key))

  assert.deepEqual({ missing, unused }, { missing: [], unused: [] })
})

const preferences: [header: string | undefined, language: string][] = [
  [undefined, 'en'],
  ['', 'en'],
  ['de', 'de'],
  ['de-CH,de;q=0.9,en;q=0.8', 'de'],
  ['fr,de;q=0.5,en;q=0.4', 'de'],
  ['en;q=0.4,de;q=0.5', 'de'],
  ['de;q=0,en', 'en'],
  ['fr', 'en'],
  [`${'x,'.repeat(10_000)}de`, 'en'],
]

for (const [header, language] of preferences) {
  test(`Accept-Language: ${header?.slice(0, 30)} is answered in ${language}`, () => {
    assert.equal(preferredLanguage(header), language)
  })
}

test('a value with a hole in it is not filled again', () => {
  assert.match(texts.en('login.with', { service: '{service}' }), /\{service\}$/)
})

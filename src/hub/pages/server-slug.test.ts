import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkServerName } from '../servers/names.ts'
import { serverSlug } from './server-slug.ts'

const cases: [displayName: string, slug: string][] = [
  ['Thesis', 'thesis'],
  ['  Übung Nº 3!! ', 'ubung-no-3'],
  ['3 little pigs', 'x-3-little-pigs'],
  ['数据', 'x'],
  ['--', 'x'],
  ['a'.repeat(50), 'a'.repeat(30)],
  [`${'a'.repeat(29)} b`, 'a'.repeat(29)],
]

for (const [displayName, slug] of cases) {
  test(`"${displayName}" is named ${slug}, which the rule for names allows`, () => {
    assert.equal(serverSlug(displayName, new Set()), slug)
    assert.equal(checkServerName(slug), slug)
  })
}

test('a name that is taken gets a digest of the display name behind it', () => {
  const slug = serverSlug('Thésis', new Set(['thesis']))

  assert.match(slug, /^thesis-[0-9a-f]{8}$/)
  assert.notEqual(slug, serverSlug('Thesis', new Set(['thesis'])))
  assert.equal(checkServerName(serverSlug('a'.repeat(60), new Set(['a'.repeat(30)]))).length, 30)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from './ids.ts'
import { seal, unseal } from './seal.ts'

const key = Buffer.alloc(32, 1)

test('what was sealed comes back with the same key only', () => {
  const sealed = seal(key, 'geheim ✓', systemRandom)

  assert.equal(unseal(key, sealed), 'geheim ✓')
  assert.equal(unseal(Buffer.alloc(32, 2), sealed), null)
  assert.doesNotMatch(sealed, /geheim/)
})

test('the same text is never sealed the same way twice', () => {
  assert.notEqual(seal(key, 'a', systemRandom), seal(key, 'a', systemRandom))
})

test('a changed, cut or foreign text is refused', () => {
  const sealed = seal(key, 'secret', systemRandom)
  const flipped = sealed.slice(0, 30) + (sealed[30] === 'A' ? 'B' : 'A') + sealed.slice(31)

  for (const wrong of [flipped, sealed.slice(0, -3), sealed.slice(3), '', 'v1.', 'v1.AAAA', 'secret']) {
    assert.equal(unseal(key, wrong), null, wrong)
  }
})

test('a key of another size is refused', () => {
  assert.throws(() => seal(Buffer.alloc(16), 'a', systemRandom), RangeError)
})

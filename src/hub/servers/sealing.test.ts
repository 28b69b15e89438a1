import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemRandom } from '#base/ids.ts'
import { seal, unseal } from './sealing.ts'

const secret = Buffer.alloc(32, 1)
const sealed = seal('token', { secret, owner: 'server 1', random: systemRandom })

test('what was sealed opens again', () => {
  assert.equal(unseal(sealed, { secret, owner: 'server 1' }), 'token')
})

test('it does not open with another key, for another row, or when damaged', () => {
  const flipped = `${sealed[0] === 'A' ? 'B' : 'A'}${sealed.slice(1)}`
  assert.equal(unseal(sealed, { secret: Buffer.alloc(32, 2), owner: 'server 1' }), null)
  assert.equal(unseal(sealed, { secret, owner: 'server 2' }), null)
  assert.equal(unseal(flipped, { secret, owner: 'server 1' }), null)
  assert.equal(unseal('', { secret, owner: 'server 1' }), null)
})

test('the same token is never sealed alike twice', () => {
  assert.notEqual(seal('token', { secret, owner: 'server 1', random: systemRandom }), sealed)
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { hashToken, matchesHash, newSalt, newTokenSecret } from './token-hash.ts'

test('a hash is the SHA-512 of the salt and the repeated secret, in the form of JupyterHub', () => {
  const digest = createHash('sha512').update('0011aabbsecretsecretsecret').digest('hex')

  assert.equal(hashToken('secret', 3, '0011aabb'), `sha512:3:0011aabb:${digest}`)
})

test('generated secrets and salts have their forms, and differ', () => {
  assert.match(newTokenSecret(), /^[0-9a-f]{32}$/)
  assert.match(newSalt(), /^[0-9a-f]{16}$/)
  assert.notEqual(newTokenSecret(), newTokenSecret())
})

test('only the very secret matches its hash', () => {
  for (const rounds of [1, 16_384]) {
    const hashed = hashToken('sécret', rounds, newSalt())
    assert.ok(matchesHash('sécret', hashed))
    for (const wrong of ['secret', 'sécre', 'sécretsécret', '']) assert.ok(!matchesHash(wrong, hashed), wrong)
  }
})

test('what is no hash matches nothing', () => {
  const digest = hashToken('a', 1, 'b').slice(-128)
  for (const hashed of ['', 'sha512', `md5:1:b:${digest}`, `sha512:0:b:${digest}`, `sha512:9999999:b:${digest}`]) {
    assert.ok(!matchesHash('a', hashed), hashed)
  }
  assert.ok(!matchesHash('a', 'sha512:1:b:'))
  assert.ok(!matchesHash('', ''))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fernetDecrypt, fernetEncrypt, fernetKey } from './fernet.ts'
import { systemRandom } from './ids.ts'

// From the specification's own test vectors.
const specification = {
  key: fernetKey('cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=')!,
  token: 'gAAAAAAdwJ6wAAECAwQFBgcICQoLDA0ODy021cpGVWKZ_eEwCGM4BLLF_5CV9dOPmrhuVUPgJobwOz7JcbmrR64jVmpU4IwqDA==',
  iv: Buffer.from(Array.from({ length: 16 }, (_, position) => position)),
  now: Date.parse('1985-10-26T01:20:00-07:00'),
  text: 'hello',
}

test('encrypting gives the token of the specification', () => {
  const { key, text, now, iv, token } = specification

  assert.equal(fernetEncrypt(key, text, { now, random: { bytes: () => iv } }), token)
})

test('decrypting gives the text of the specification, with or without padding', () => {
  const { key, text, token } = specification

  assert.deepEqual(fernetDecrypt([key], token), { text, key: 0 })
  assert.deepEqual(fernetDecrypt([key], token.replace(/=+$/, '')), { text, key: 0 })
})

test('an older key still decrypts, and the answer says which it was', () => {
  const [fresh, old, foreign] = [1, 2, 3].map((fill) => Buffer.alloc(32, fill)) as [Buffer, Buffer, Buffer]
  const token = fernetEncrypt(old, '{"a":1}', { now: 0, random: systemRandom })

  assert.deepEqual(fernetDecrypt([fresh, old], token), { text: '{"a":1}', key: 1 })
  assert.equal(fernetDecrypt([fresh, foreign], token), null)
})

test('a changed or cut token is refused', () => {
  const { key, token } = specification
  const changed = `${token.slice(0, 20)}A${token.slice(21)}`

  for (const wrong of [changed, token.slice(0, 60), '', 'gAAAA', 'not base64!', token.slice(4)]) {
    assert.equal(fernetDecrypt([key], wrong), null, wrong)
  }
})

test('keys are read as hex and as URL-safe base64, and nothing else is a key', () => {
  const key = Buffer.alloc(32, 0xfb)

  assert.deepEqual(fernetKey(key.toString('hex')), key)
  assert.deepEqual(fernetKey(key.toString('base64url')), key)
  assert.deepEqual(fernetKey(`${key.toString('base64url')}=`), key)
  for (const wrong of ['', 'short', key.toString('hex').slice(1), `${key.toString('base64url')}AA`]) {
    assert.equal(fernetKey(wrong), null, wrong)
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signUrlSafe, signValue, verifyUrlSafe, verifyValue } from './signed-value.ts'

const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
const now = 1_755_000_000_000
const key = { secret, now, maxAgeMs: 14 * 86_400_000 }

/** Made by tornado 6.6.1: `create_signed_value(bytes(range(32)), name, value, clock=lambda: 1755000000)`. */
const byTornado = [
  {
    name: 'jupyterhub-hub-login',
    value: '0123456789abcdef0123456789abcdef',
    text: '2|1:0|10:1755000000|20:jupyterhub-hub-login|44:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=|c5f4efac40319ac3e60c6333b0c925097c129d1e799b33208205dc0c7181b9ce',
  },
  {
    name: '_xsrf',
    value: '3f2a:0123456789abcdef',
    text: '2|1:0|10:1755000000|5:_xsrf|28:M2YyYTowMTIzNDU2Nzg5YWJjZGVm|0f406fb9c4c720b541c16db8f12314cb46d277a6db8e20ec599cfb5a9f88009b',
  },
]
for (const { name, value, text } of byTornado) {
  test(`the signed ${name} is what tornado makes`, () => assert.equal(signValue(name, value, { secret, now }), text))
  test(`a ${name} that tornado signed is read`, () =>
    assert.deepEqual(verifyValue(name, text, key), { value, signedAt: now }))
}

test('a value signed with a key version is read, as with tornado and a single secret', () => {
  const text =
    '2|1:3|10:1755000000|1:n|12:aMOpbGxvfHg6|8059ca64de4fedec1a342e672a8331a27815bcb0c755b22404e7b8789e7f4dfd'
  assert.equal(verifyValue('n', text, key)?.value, 'héllo|x:')
})

const good = signValue('n', 'hello', { secret, now })
const forged: Readonly<Record<string, string>> = {
  empty: '',
  'not signed': 'hello',
  'without its signature': good.slice(0, good.lastIndexOf('|') + 1),
  'with another signature': `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`,
  'with a shorter signature': good.slice(0, -2),
  'with another value': good.replace('aGVsbG8=', 'aGVsbG9='),
  'of another version': good.replace(/^2/, '1'),
  'with a signature of no hex': `${good.slice(0, -64)}${'é'.repeat(64)}`,
  'signed with another secret': signValue('n', 'hello', { secret: Buffer.alloc(32), now }),
  'for another name': signValue('m', 'hello', { secret, now }),
  'of another age': signValue('n', 'hello', { secret, now: now - key.maxAgeMs - 1000 }),
  'far too long': signValue('n', 'x'.repeat(5000), { secret, now }),
}
for (const [how, text] of Object.entries(forged)) {
  test(`a signed value ${how} is refused`, () => assert.equal(verifyValue('n', text, key), null))
}

test('a value is good up to its age, and not longer', () => {
  const aged = (maxAgeMs: number) =>
    verifyValue('n', signValue('n', 'hello', { secret, now }), { secret, now: now + 5000, maxAgeMs })
  assert.equal(aged(5000)?.value, 'hello')
  assert.equal(aged(4999), null)
})

test('the URL-safe form holds nothing that a cookie or a URL would need quoted', () => {
  const text = signUrlSafe('_xsrf', 'a:b', { secret, now })
  assert.match(text, /^[\w-]+$/)
  assert.equal(verifyUrlSafe('_xsrf', text, key)?.value, 'a:b')
  assert.equal(verifyUrlSafe('_xsrf', `${text}!`, key), null)
})

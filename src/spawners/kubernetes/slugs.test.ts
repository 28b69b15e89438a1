import assert from 'node:assert/strict'
import { test } from 'node:test'
import { escapeSlug, fitted, labelSlug, multiSlug, safeSlug } from './slugs.ts'

const x = (count: number) => 'x'.repeat(count)

/** Made by KubeSpawner 7.1.0. */
const objects: readonly [string, string][] = [
  ['z9', 'z9'],
  ['9z9', 'x-9z9---224de202'],
  ['', 'x---e3b0c442'],
  ['-start', 'start---f587e2dc'],
  ['endswith-', 'endswith---165f1166'],
  ['user@email.com', 'user-email-com---0925f997'],
  ['has.dot', 'has-dot---03e27fdf'],
  ['username--servername', 'username-servername---d957f1de'],
  ['start---f587e2dc', 'start-f587e2dc---cc5bb9c9'],
  [x(63), x(63)],
  [x(64), `${x(21)}---7ce10097`],
]

const bounded: readonly [string, number, string][] = [
  [x(17), 16, 'xxxxx---d04fd59f'],
  [x(16), 12, 'x---9c572959'],
  [x(48), 48, x(48)],
  [x(49), 48, `${x(37)}---55bb9823`],
  ['user@verylonguniversityname.department.edu', 48, 'user-verylonguniversityname-departmen---e4f6ea03'],
  ['straße', 48, 'stra-e---787f4770'],
  ['İstanbul', 48, 'i-stanbul---24ec8f72'],
  ['日本', 48, 'x---cf2abf0c'],
]

const labels: readonly [string, string][] = [
  ['AbC', 'AbC'],
  ['a.b-c_D', 'a.b-c_D'],
  ['9a', '9a'],
  ['', ''],
  ['AbC.', 'abc---dbe8c5d1'],
  ['9.', 'x-9---99a1b84b'],
  ['a@b.c', 'a-b-c---d648b243'],
  ['é', 'x---4a99557e'],
  ['9aaaaaaaaaaaaaaaaa@uni.edu', 'x-9aaaaaaaaaaaaaaaaa----e378da0c'],
]

test("names become KubeSpawner 7's names of objects", () => {
  for (const [name, slug] of objects) assert.equal(safeSlug(name), slug)
  for (const [name, max, slug] of bounded) assert.equal(safeSlug(name, { max }), slug)
  assert.throws(() => safeSlug(x(16), { max: 11 }), RangeError)
})

test('values of labels keep capitals, dots and underscores', () => {
  for (const [name, slug] of labels) assert.equal(labelSlug(name), slug)
})

test('several names share one hash', () => {
  assert.equal(multiSlug(['user@email.com', 'Some Name']), 'user-email-com--some-name---0c1fe94b')
  assert.equal(multiSlug(['a'.repeat(30), 'b'.repeat(30)]), `${'a'.repeat(17)}--${'b'.repeat(17)}---583103a5`)
})

test('older names write each foreign letter as its bytes', () => {
  const escaped = ['Alice', 'a.b', 'a-b', 'a_b', 'é', '日', '0a', 'A B'].map(escapeSlug)
  assert.deepEqual(escaped, ['-41lice', 'a-2eb', 'a-2db', 'a-5fb', '-c3-a9', '-e6-97-a5', '0a', '-41-20-42'])
})

test('a name that is too long is cut and hashed, another stays', () => {
  assert.equal(fitted('volume-ada', 63), 'volume-ada')
  assert.match(fitted(x(64), 63), /^x{52}---[0-9a-f]{8}$/)
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { authenticatorContract, visit } from '../contract.suite.ts'
import type { Denial, Recognised } from '../contract.ts'
import { type TestDeps, testDeps } from '../deps.fixture.ts'
import { hashPassword } from '../password.ts'
import { create } from './index.ts'

/** Quick, and right in all but strength. */
const cost = { memoryKiB: 8, passes: 1 }
const password = 'correct horse'
const firstuse = (options: object = {}) =>
  testDeps({ id: 'firstuse', options: { dbmPath: null, createUsers: true, minPasswordLength: 7, ...options } })
const come = (deps: TestDeps, username: string, typed = password) =>
  create(deps, cost).authenticate({ username, password: typed }, visit)

authenticatorContract({
  name: 'firstuse',
  make: async () => create(firstuse(), cost),
  good: { form: { username: 'Ada', password }, userName: 'ada' },
  bad: [
    { username: 'ada', password: 'short' },
    { username: 'ada', password: '' },
    { username: 'ada,eve', password },
    { username: 'ada eve', password },
    { username: 'ada', password: 'x'.repeat(100_000) },
  ],
})

test('the first password comes with the identity, and is kept by the hub alone', async () => {
  const deps = firstuse()
  const { identity } = (await come(deps, 'ada')) as Recognised
  assert.match(identity.newPassword!, /^\$argon2id/)
  assert.equal(deps.stored.size, 0)
})

test('from then on it takes that one', async () => {
  const deps = firstuse()
  deps.stored.set('ada', { hash: await hashPassword(password, deps.random, cost), isApproved: true })
  const right = (await come(deps, 'ada')) as Recognised
  assert.equal(right.identity.newPassword, undefined)
  assert.equal(((await come(deps, 'ada', 'another horse')) as Denial).code, 'CREDENTIALS_INVALID')
})

test('a password that bcrypt hashed is taken, and kept as our own from then on', async () => {
  const deps = firstuse()
  // Made by libxcrypt.
  const hash = '$2b$04$abcdefghijklmnopqrstuuoIm5QqIkshj4B.wrVopejI4FbXJDLva'
  deps.stored.set('ada', { hash, isApproved: true })
  assert.equal(((await come(deps, 'ada', 'wrong horse')) as Denial).code, 'CREDENTIALS_INVALID')
  assert.equal((await come(deps, 'ada', 'geheimes Wort')).kind, 'identity')
  assert.match(deps.stored.get('ada')!.hash, /^\$argon2id/)
})

test('only users whom the hub knows, if so set', async () => {
  const deps = firstuse({ createUsers: false })
  deps.users.add('ada')
  assert.equal((await come(deps, 'ada')).kind, 'identity')
  assert.equal(((await come(deps, 'eve')) as Denial).code, 'CREDENTIALS_INVALID')
})

test('while there is a file with passwords of the original it does not start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'himalia-firstuse-'))
  const dbmPath = join(folder, 'passwords.dbm')
  create(firstuse({ dbmPath }), cost)
  writeFileSync(`${dbmPath}.dat`, '')
  assert.throws(() => create(firstuse({ dbmPath }), cost), {
    code: 'PASSWORDS_NOT_IMPORTED',
    message: /passwords.dbm.dat/,
  })
  rmSync(folder, { recursive: true })
})

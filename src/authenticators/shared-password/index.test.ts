import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract, visit } from '../contract.suite.ts'
import type { Recognised, SignInForm } from '../contract.ts'
import { testDeps } from '../deps.fixture.ts'
import { create } from './index.ts'

const userPassword = 'open sesame'
const adminPassword = 'a'.repeat(32)
const make = (options: object = {}) =>
  create(
    testDeps({
      id: 'shared-password',
      options: { userPassword, adminPassword, passwordGroups: { 'group sesame': ['g'] }, ...options },
      rules: { adminUsers: ['Teacher'] },
    }),
  )

authenticatorContract({
  name: 'shared-password',
  make: async () => make(),
  good: { form: { username: 'ada', password: userPassword }, userName: 'ada' },
  bad: [
    { username: 'ada', password: 'close sesame' },
    { username: 'teacher', password: userPassword },
    { username: 'TEACHER', password: userPassword },
    { username: 'teacher', password: 'group sesame' },
    { username: 'ada', password: adminPassword },
    { username: 'ada' },
  ],
})

const come = async (form: SignInForm) => ((await make().authenticate(form, visit)) as Recognised).identity

test('administrators come with their own password, and nobody else is one', async () => {
  assert.equal((await come({ username: 'teacher', password: adminPassword })).isAdmin, true)
  assert.equal((await come({ username: 'ada', password: userPassword })).isAdmin, false)
})

test('the password of a group leads into it, and that of everybody into none', async () => {
  assert.deepEqual((await come({ username: 'ada', password: 'group sesame' })).groups, ['g'])
  assert.deepEqual((await come({ username: 'ada', password: userPassword })).groups, [])
})

const unsafe: readonly [what: string, options: object, code: string][] = [
  ['no password', { userPassword: null, adminPassword: null, passwordGroups: {} }, 'OPTION_MISSING'],
  ['a short password', { userPassword: '1234567' }, 'PASSWORDS_UNSAFE'],
  ['a short password of a group', { passwordGroups: { short: ['g'] } }, 'PASSWORDS_UNSAFE'],
  ['a short password for administrators', { adminPassword: 'a'.repeat(31) }, 'PASSWORDS_UNSAFE'],
  ['the same password for both', { userPassword: adminPassword }, 'PASSWORDS_UNSAFE'],
]
for (const [what, options, code] of unsafe)
  test(`with ${what} it does not start`, () => assert.throws(() => make(options), { code }))

test('without a password for users only administrators come in', async () => {
  const way = make({ userPassword: null, passwordGroups: {} })
  assert.equal((await way.authenticate({ username: 'ada', password: '' }, visit)).kind, 'denied')
  assert.equal((await way.authenticate({ username: 'teacher', password: adminPassword }, visit)).kind, 'identity')
})

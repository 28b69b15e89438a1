import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { defaultSettings, type NativeSettings } from '#config'
import { costOf } from '../argon2.ts'
import { authenticatorContract, visit } from '../contract.suite.ts'
import { type TestDeps, testDeps } from '../deps.fixture.ts'
import { hashPassword } from '../password.ts'
import { create } from './index.ts'

/** Quick, and right in all but strength. */
const cost = { memoryKiB: 8, passes: 1 }
const password = 'correct horse'

const nativeDeps = (options: Partial<NativeSettings> = {}): TestDeps =>
  testDeps({ id: 'native', options: { ...defaultSettings().native, ...options } })

async function withAda(options: Partial<NativeSettings> = {}, isApproved = true): Promise<TestDeps> {
  const deps = nativeDeps(options)
  deps.stored.set('ada', { hash: await hashPassword(password, deps.random, cost), isApproved })
  return deps
}

authenticatorContract({
  name: 'native',
  make: async () => create(await withAda(), cost),
  good: { form: { username: 'Ada', password }, userName: 'ada' },
  bad: [
    { username: 'ada', password: 'wrong horse' },
    { username: 'eve', password },
    { username: 'ada', password: '' },
    { username: 'ada', password: `${password}\0` },
    { username: 'ada', password: 'x'.repeat(100_000) },
  ],
})

test('a wrong password and an unknown name are answered alike', async () => {
  const native = create(await withAda(), cost)
  const wrong = await native.authenticate({ username: 'ada', password: 'wrong horse' }, visit)
  assert.deepEqual(await native.authenticate({ username: 'eve', password: 'wrong horse' }, visit), wrong)
})

test('who is not approved yet is told so, but only with the right password', async () => {
  const native = create(await withAda({}, false), cost)
  const right = await native.authenticate({ username: 'ada', password }, visit)
  assert.ok(right.kind === 'denied' && right.code === 'APPROVAL_PENDING')
  const wrong = await native.authenticate({ username: 'ada', password: 'wrong' }, visit)
  assert.ok(wrong.kind === 'denied' && wrong.code === 'CREDENTIALS_INVALID')
})

test('too many wrong passwords lock a name, known or not, for as long as is said', async () => {
  const deps = await withAda({ allowedFailedLogins: 2, secondsBeforeNextTry: 60 })
  const native = create(deps, cost)
  const codeOf = async (username: string, secret: string) => {
    const result = await native.authenticate({ username, password: secret }, visit)
    return result.kind === 'denied' ? result.code : result.kind
  }
  for (const name of ['ada', 'eve']) {
    assert.equal(await codeOf(name, 'wrong'), 'CREDENTIALS_INVALID')
    assert.equal(await codeOf(name.toUpperCase(), 'wrong'), 'CREDENTIALS_INVALID')
    assert.equal(await codeOf(name, password), 'LOCKED_OUT')
  }
  deps.pass(59_999)
  assert.equal(await codeOf('ada', password), 'LOCKED_OUT')
  deps.pass(1)
  assert.equal(await codeOf('ada', password), 'identity')
})

test('a right password wipes the slate', async () => {
  const native = create(await withAda({ allowedFailedLogins: 2 }), cost)
  for (const secret of ['wrong', password, 'wrong'])
    await native.authenticate({ username: 'ada', password: secret }, visit)
  assert.equal((await native.authenticate({ username: 'ada', password }, visit)).kind, 'identity')
})

test('a hash of another cost is made anew at the next sign-in', async () => {
  const deps = await withAda()
  const stronger = { memoryKiB: 16, passes: 2 }
  await create(deps, stronger).authenticate({ username: 'ada', password }, visit)
  assert.deepEqual(costOf(deps.stored.get('ada')!.hash), stronger)
  assert.equal((await create(deps, stronger).authenticate({ username: 'ada', password }, visit)).kind, 'identity')
})

test('a hash of an older hub is taken, and made anew', async () => {
  const deps = nativeDeps()
  const salt = Buffer.alloc(16, 1)
  const key = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 })
  const hash = `scrypt:16:1:1:${salt.toString('base64url')}:${key.toString('base64url')}`
  deps.stored.set('ada', { hash, isApproved: true })
  assert.equal((await create(deps, cost).authenticate({ username: 'ada', password }, visit)).kind, 'identity')
  assert.deepEqual(costOf(deps.stored.get('ada')!.hash), cost)
})

test('a password may be typed in either Unicode form', async () => {
  const deps = nativeDeps()
  deps.stored.set('zoë', { hash: await hashPassword('caf\u00e9', deps.random, cost), isApproved: true })
  const result = await create(deps, cost).authenticate({ username: 'zoë', password: 'cafe\u0301' }, visit)
  assert.equal(result.kind, 'identity')
})

const signUp = (deps: TestDeps, fields: object = {}) =>
  create(deps, cost).signUp!({ username: 'eve', password, confirmation: password, ...fields }, visit)

test('a sign-up waits for approval, unless sign-up is open', async () => {
  const closed = nativeDeps()
  assert.deepEqual(await signUp(closed), { kind: 'created', userName: 'eve', isWaiting: true })
  assert.equal(closed.stored.get('eve')!.isApproved, false)
  assert.ok(!closed.stored.get('eve')!.hash.includes(password))
  const open = nativeDeps({ openSignup: true })
  assert.deepEqual(await signUp(open), { kind: 'created', userName: 'eve', isWaiting: false })
})

test('a name that the hub knows needs approval even where sign-up is open', async () => {
  const deps = nativeDeps({ openSignup: true })
  deps.users.add('eve')
  assert.deepEqual(await signUp(deps), { kind: 'created', userName: 'eve', isWaiting: true })
})

test('a sign-up never replaces a password', async () => {
  const deps = await withAda({ openSignup: true })
  const before = deps.stored.get('ada')
  const result = await signUp(deps, { username: 'ada' })
  assert.ok(result.kind === 'denied' && result.code === 'NAME_TAKEN')
  assert.equal(deps.stored.get('ada'), before)
})

test('a password that is short or typed differently is refused', async () => {
  const deps = nativeDeps({ minimumPasswordLength: 8 })
  const short = await signUp(deps, { password: 'short', confirmation: 'short' })
  assert.ok(short.kind === 'denied' && /at least 8/.test(short.message))
  const differing = await signUp(deps, { confirmation: 'another horse' })
  assert.ok(differing.kind === 'denied' && differing.code === 'PASSWORDS_DIFFER')
  assert.equal(deps.stored.size, 0)
})

test('where sign-up is off there is none', () => {
  assert.equal(create(nativeDeps({ enableSignup: false })).signUp, undefined)
})

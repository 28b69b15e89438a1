import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import type { Settings } from '#config'
import { openStore, type Store } from '#store'
import { type Accounts, adminWithoutPassword, openAccounts } from './accounts.ts'

const settingsFor = (classes: readonly string[], adminUsers: readonly string[] = []) =>
  ({
    authenticator: {
      classes,
      adminUsers,
      allowedUsers: [],
      blockedUsers: [],
      usernameMap: { boss: 'grace' },
      usernamePattern: null,
    },
    ways: classes.map((name) => ({ name, options: { minPasswordLength: 8 } })),
    native: { minimumPasswordLength: 8, checkCommonPassword: false },
    hub: { baseUrl: '/', loadGroups: {}, loadRoles: [], services: [], customScopes: {} },
  }) as unknown as Settings

async function open(t: TestContext, settings: Settings): Promise<{ accounts: Accounts; store: Store }> {
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock: systemClock })
  t.after(() => store.close())
  return { store, accounts: await openAccounts({ store, settings, clock: systemClock, random: systemRandom }) }
}

const password = 'correct horse'

test('users are listed by name, with what they are and whether they have a password', async (t) => {
  const { accounts } = await open(t, settingsFor(['native']))
  await accounts.add({ name: 'Bo', admin: true, password })
  await accounts.add({ name: 'ana', admin: false, password: null })
  await accounts.add({ name: 'boss', admin: false, password: null })
  await accounts.makeAdmin('GRACE')

  assert.deepEqual(await accounts.list(), [
    { name: 'ana', admin: false, password: 'none' },
    { name: 'bo', admin: true, password: 'set' },
    { name: 'grace', admin: true, password: 'none' },
  ])
})

test('what can not be done is refused in words, and leaves nobody behind', async (t) => {
  const { accounts } = await open(t, settingsFor(['native']))
  await accounts.add({ name: 'ana', admin: false, password })

  const add = (name: string, secret: string | null) => accounts.add({ name, admin: true, password: secret })
  await assert.rejects(add('Ana', password), { code: 'ACCOUNT_EXISTS' })
  await assert.rejects(add('eve', 'short'), { code: 'PASSWORD_UNFIT' })
  await assert.rejects(add('a/b', null), { code: 'USER_NAME_INVALID' })
  await assert.rejects(accounts.setPassword('eve', password), { code: 'ACCOUNT_UNKNOWN' })
  await assert.rejects(accounts.makeAdmin('eve'), { code: 'ACCOUNT_UNKNOWN' })

  assert.deepEqual(await accounts.list(), [{ name: 'ana', admin: false, password: 'set' }])
})

test('where people sign in otherwise, no password is set', async (t) => {
  const { accounts } = await open(t, settingsFor(['dummy']))
  await accounts.add({ name: 'ana', admin: false, password: null })

  await assert.rejects(accounts.setPassword('ana', password), { code: 'NO_PASSWORDS', message: /with dummy/ })
})

test('an administrator without a password is named until one has a password', async (t) => {
  const settings = settingsFor(['native'], ['grace', 'ada'])
  const { accounts, store } = await open(t, settings)
  assert.equal(await adminWithoutPassword(store, settings), 'grace')
  assert.equal(await adminWithoutPassword(store, settingsFor(['native'])), '')
  assert.equal(await adminWithoutPassword(store, settingsFor(['native', 'dummy'])), null)

  await accounts.setPassword('ada', password)

  assert.equal(await adminWithoutPassword(store, settings), null)
})

test('what was done stands in the audit log, without the password', async (t) => {
  const { accounts, store } = await open(t, settingsFor(['native']))
  await accounts.add({ name: 'ana', admin: false, password })

  const lines = await store.db.selectFrom('audit').selectAll().execute()
  assert.deepEqual(
    lines.map(({ actor, action, target }) => [actor, action, target]),
    [
      ['himalia user', 'password.set', 'user ana'],
      ['himalia user', 'user.create', 'user ana'],
    ],
  )
  assert.ok(!JSON.stringify(lines).includes(password))
})

test('passwords of another hub are taken over: all lines or none, and nobody loses one that is here', async (t) => {
  const { accounts } = await open(t, settingsFor(['firstuse']))
  await accounts.add({ name: 'ana', admin: false, password })
  const hash = '$2b$04$abcdefghijklmnopqrstuuoIm5QqIkshj4B.wrVopejI4FbXJDLva'

  assert.deepEqual(await accounts.importPasswords(`Bo:${hash}\r\n\nboss:${hash}\nana:${hash}\n`), { taken: 2, kept: 1 })

  for (const line of ['eve', `:${hash}`, 'eve:secret', `eve:${hash}x`, 'eve:$2b$04$short']) {
    await assert.rejects(accounts.importPasswords(`cy:${hash}\n${line}`), {
      code: 'NO_PASSWORD_LINE',
      message: /Line 2/,
    })
  }
  await assert.rejects(accounts.importPasswords(`cy:${hash}\na/b:${hash}`), { code: 'USER_NAME_INVALID' })
  assert.deepEqual(
    (await accounts.list()).map(({ name, password: has }) => `${name} ${has}`),
    ['ana set', 'bo set', 'grace set'],
  )
})

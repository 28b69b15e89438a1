/** Passwords of the hub, second factors and sessions, as people meet them, over one and several hubs. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import { roleDefaults } from '#access'
import { hashPassword } from '#authenticators'
import { systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import { createUser, findUser, openStore, type Store, saveDefaultRoles, savePassword, setAdmin } from '#store'
import { Traveller } from './traveller.ts'
import { startTestHub, type TestHub } from './world.ts'

const password = 'correct horse battery'
/** Made once: it is meant to take its time. */
let hash: string | null = null
const config = (native = '') => `
hub:
  config:
    JupyterHub: {authenticator_class: native}
    Authenticator: {admin_users: [teacher]}
    NativeAuthenticator: {allow_2fa: true, ${native}}`

/** With the accounts ada, bob and teacher, who have the same password. */
async function hubWith(t: TestContext, native = '', store?: Store): Promise<TestHub> {
  const hub = await startTestHub(t, { config: config(native), ...(store ? { store } : {}) })
  hash ??= await hashPassword(password, systemRandom)
  for (const name of ['ada', 'bob', 'teacher'])
    await hub.store.transaction(async (db) => {
      const user =
        (await findUser(db, name)) ?? (await createUser(db, { name, admin: false, now: now(hub), cookieId: name }))
      if (name === 'teacher') await setAdmin(db, user.id, true)
      await savePassword(db, { userId: user.id, hash: hash!, approved: true, now: now(hub) })
    })
  return hub
}

const form = (hub: TestHub) => `${hub.url}/hub/login?next=%2Fhub%2Fwho`
const account = (hub: TestHub) => `${hub.url}/hub/account`
const who = async (hub: TestHub, browser: Traveller) =>
  (JSON.parse((await browser.open(`${hub.url}/hub/who`)).text) as { name: string | null }).name

async function typeIn(hub: TestHub, username: string, typed = password, browser = new Traveller()) {
  await browser.open(form(hub))
  const page = await browser.submit(form(hub), { username, password: typed })
  return { browser, page }
}

const field = (html: string, name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? ''
const alert = (html: string) => /role="alert">\s*([^<]+)/.exec(html)?.[1]?.trim() ?? ''
const codeAt = (secret: string, timestamp: number) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp })
const now = (hub: TestHub) => hub.context.clock.now()

/** Returns the secret of the app, and the recovery codes. */
async function setUp(hub: TestHub, browser: Traveller) {
  const begun = await browser.submit(account(hub), { action: 'second-factor', current_password: password })
  const secret = /otp-secret">([A-Z2-7 ]+)</.exec(begun.text)![1]!.replaceAll(' ', '')
  assert.match(begun.text, /<svg viewBox/)
  const sealed = field(begun.text, 'sealed')
  const done = await browser.submit(account(hub), { action: 'confirm', sealed, otp: codeAt(secret, now(hub)) })
  const codes = [...done.text.matchAll(/<li><code>([a-z2-7]{5}-[a-z2-7]{5})</g)].map(([, code]) => code!)
  assert.equal(codes.length, 10, alert(done.text))
  return { secret, codes }
}

const secondStep = (hub: TestHub, browser: Traveller, html: string, otp: string) =>
  browser.submit(`${hub.url}/hub/sign-in/second-factor`, { attempt: field(html, 'attempt'), otp })

test('with a second factor a password alone opens nothing; the code of the app does, once', async (t) => {
  const hub = await hubWith(t)
  const { browser } = await typeIn(hub, 'ada')
  const { secret } = await setUp(hub, browser)
  hub.pass(60_000)
  const code = codeAt(secret, now(hub))

  const first = await typeIn(hub, 'ada')
  assert.match(first.page.text, /Second step/)
  assert.equal(await who(hub, first.browser), null)
  const wrong = await secondStep(hub, first.browser, first.page.text, '000000')
  assert.match(alert(wrong.text), /not the code of this moment/)
  assert.equal(await who(hub, first.browser), null)
  await secondStep(hub, first.browser, wrong.text, code)
  assert.equal(await who(hub, first.browser), 'ada')

  const second = await typeIn(hub, 'ada')
  const replayed = await secondStep(hub, second.browser, second.page.text, code)
  assert.match(alert(replayed.text), /used already/)
  assert.equal(await who(hub, second.browser), null)
})

test('the second step is for the browser that typed the password, and for one use', async (t) => {
  const hub = await hubWith(t)
  const { secret } = await setUp(hub, (await typeIn(hub, 'ada')).browser)
  hub.pass(60_000)
  const { browser, page } = await typeIn(hub, 'ada')
  const thief = new Traveller()
  await thief.open(form(hub))
  const stolen = await secondStep(hub, thief, page.text, codeAt(secret, now(hub)))
  assert.equal(stolen.status, 403)
  assert.equal(await who(hub, thief), null)
  await secondStep(hub, browser, page.text, codeAt(secret, now(hub)))
  assert.equal(await who(hub, browser), 'ada')
  const again = await secondStep(hub, new Traveller(), page.text, codeAt(secret, now(hub)))
  assert.equal(again.status, 403)
})

test('a recovery code is good once, and new ones take the old away', async (t) => {
  const hub = await hubWith(t)
  const { browser } = await typeIn(hub, 'ada')
  const { codes, secret } = await setUp(hub, browser)
  const come = async (code: string) => {
    const step = await typeIn(hub, 'ada')
    await secondStep(hub, step.browser, step.page.text, code)
    return who(hub, step.browser)
  }
  assert.equal(await come(codes[0]!), 'ada')
  assert.equal(await come(codes[0]!), null)
  assert.equal(await come(codes[1]!.toUpperCase().replace('-', ' ')), 'ada')
  hub.pass(60_000)
  await browser.submit(account(hub), { action: 'codes', otp: codeAt(secret, now(hub)) })
  assert.equal(await come(codes[2]!), null)
})

test('wrong codes are counted for all hubs together, and told of in German, too', async (t) => {
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock: systemClock })
  t.after(() => store.close())
  await saveDefaultRoles(store.db, roleDefaults)
  const [one, other] = [await hubWith(t, '', store), await hubWith(t, '', store)]
  const { secret } = await setUp(one, (await typeIn(one, 'ada')).browser)
  let step = await typeIn(one, 'ada')
  for (let count = 0; count < 5; count += 1)
    step = { browser: step.browser, page: await secondStep(one, step.browser, step.page.text, '000000') }
  const elsewhere = await typeIn(other, 'ada')
  const locked = await elsewhere.browser.open(`${other.url}/hub/sign-in/second-factor`, {
    method: 'POST',
    fields: {
      _xsrf: elsewhere.browser.cookie(new URL(form(other)), '_xsrf') ?? '',
      attempt: field(elsewhere.page.text, 'attempt'),
      otp: codeAt(secret, now(other) + 30_000),
    },
    headers: { 'sec-fetch-site': 'same-origin', 'accept-language': 'de' },
  })
  assert.match(alert(locked.text), /Zu viele falsche Codes/)
  assert.ok(one.denials().some(({ code }) => code === 'SECOND_FACTOR_WRONG'))
})

test('who finds a browser open can not take the second factor away, and an administrator can', async (t) => {
  const hub = await hubWith(t)
  const { browser } = await typeIn(hub, 'ada')
  await setUp(hub, browser)
  const refused = await browser.submit(account(hub), { action: 'remove', otp: '000000' })
  assert.equal(refused.status, 400)
  const teacher = (await typeIn(hub, 'teacher')).browser
  const others = await teacher.open(`${account(hub)}?user=ada`)
  assert.match(others.text, /Account of ada/)
  await teacher.submit(account(hub), { action: 'remove', user: 'ada' })
  assert.equal(await who(hub, (await typeIn(hub, 'ada')).browser), 'ada')
  const bob = (await typeIn(hub, 'bob')).browser
  assert.equal((await bob.open(`${account(hub)}?user=ada`)).status, 403)
  assert.equal((await bob.submit(account(hub), { action: 'end-others', user: 'ada' })).status, 403)
})

test('a second factor takes the password first, and a code that is right', async (t) => {
  const hub = await hubWith(t)
  const { browser } = await typeIn(hub, 'ada')
  const noPassword = await browser.submit(account(hub), { action: 'second-factor', current_password: 'wrong' })
  assert.match(alert(noPassword.text), /not your password/)
  const begun = await browser.submit(account(hub), { action: 'second-factor', current_password: password })
  const wrong = await browser.submit(account(hub), { action: 'confirm', sealed: field(begun.text, 'sealed'), otp: '1' })
  assert.match(alert(wrong.text), /not the code/)
  const bob = (await typeIn(hub, 'bob')).browser
  const foreign = await bob.submit(account(hub), { action: 'confirm', sealed: field(begun.text, 'sealed'), otp: '1' })
  assert.match(alert(foreign.text), /not your password/)
})

test('every session stands on the page, and each can be ended', async (t) => {
  const hub = await hubWith(t)
  const [here, there, third] = [await typeIn(hub, 'ada'), await typeIn(hub, 'ada'), await typeIn(hub, 'ada')]
  const page = await here.browser.open(account(hub))
  const handles = [...page.text.matchAll(/name="session" value="([0-9a-f]+)"/g)].map(([, handle]) => handle!)
  assert.equal(handles.length, 3)
  const own = there.browser.cookie(new URL(hub.url), 'jupyterhub-session-id')!
  assert.ok(!page.text.includes(own), 'the id of a session stays in its cookie')
  const theirs = (await third.browser.open(account(hub))).text
  const thirdRow = /value="([0-9a-f]+)">\s*<button[^>]*>(?:(?!<tr>)[\s\S])*/.exec(
    theirs.slice(0, theirs.indexOf('this one')),
  )
  assert.ok(thirdRow === null || handles.includes(thirdRow[1]!))
  await here.browser.submit(account(hub), { action: 'end-others' })
  assert.deepEqual(
    [await who(hub, here.browser), await who(hub, there.browser), await who(hub, third.browser)],
    ['ada', null, null],
  )
  const teacher = (await typeIn(hub, 'teacher')).browser
  const [last] = [
    ...(await teacher.open(`${account(hub)}?user=ada`)).text.matchAll(/name="session" value="([0-9a-f]+)"/g),
  ]
  await teacher.submit(account(hub), { action: 'end-session', user: 'ada', session: last![1]! })
  assert.equal(await who(hub, here.browser), null)
})

test('a new password takes the old one, keeps to the policy, and ends the other sessions', async (t) => {
  const hub = await hubWith(t, 'check_common_password: true, minimum_password_length: 8')
  const [here, there] = [await typeIn(hub, 'ada'), await typeIn(hub, 'ada')]
  const change = async (fields: Record<string, string>) =>
    here.browser.submit(account(hub), { action: 'password', current_password: password, ...fields })
  const both = (one: string) => ({ new_password: one, new_password_again: one })
  assert.match(alert((await change({ ...both('another horse'), current_password: 'x' })).text), /not your password/)
  assert.match(alert((await change(both('short'))).text), /too short/)
  assert.match(alert((await change(both('password123'))).text), /guessed first/)
  assert.match(alert((await change({ ...both('another horse'), new_password_again: 'x' })).text), /not the same/)
  assert.match((await change(both('another horse'))).text, /password is changed/)
  assert.deepEqual([await who(hub, here.browser), await who(hub, there.browser)], ['ada', null])
  assert.equal(await who(hub, (await typeIn(hub, 'ada')).browser), null)
  assert.equal(await who(hub, (await typeIn(hub, 'ada', 'another horse')).browser), 'ada')
})

test('a sign-up that is refused says why in the language of the page', async (t) => {
  const hub = await hubWith(t, 'check_common_password: true, minimum_password_length: 3')
  const ask = async (username: string, typed: string) => {
    const browser = new Traveller()
    await browser.open(`${hub.url}/hub/signup`)
    const fields = { username, signup_password: typed, signup_password_confirmation: typed }
    const _xsrf = browser.cookie(new URL(hub.url), '_xsrf') ?? ''
    const headers = { 'sec-fetch-site': 'same-origin', 'accept-language': 'de' }
    return browser.open(`${hub.url}/hub/signup`, { method: 'POST', fields: { _xsrf, ...fields }, headers })
  }
  assert.match(alert((await ask('eve', 'qwerty')).text), /zuerst geraten/)
  assert.match(alert((await ask('evelyne', 'Evelyne')).text), /nicht der Benutzername/)
  assert.match(alert((await ask('ada', 'another horse')).text), /vergeben/)
  assert.match((await ask('eve', 'another horse')).text, /role="status"/)
  assert.equal(await who(hub, (await typeIn(hub, 'eve', 'another horse')).browser), null)
})

test('a lock after wrong passwords holds on the other hub, too', async (t) => {
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock: systemClock })
  t.after(() => store.close())
  await saveDefaultRoles(store.db, roleDefaults)
  const native = 'allowed_failed_logins: 2, seconds_before_next_try: 60'
  const [one, other] = [await hubWith(t, native, store), await hubWith(t, native, store)]
  await typeIn(one, 'ada', 'wrong')
  await typeIn(other, 'ada', 'wrong')
  const { browser, page } = await typeIn(one, 'ada')
  assert.match(alert(page.text), /Too many wrong passwords/)
  assert.equal(await who(one, browser), null)
  other.pass(61_000)
  assert.equal(await who(other, (await typeIn(other, 'ada')).browser), 'ada')
})

test('guesses from one address are slowed down on all hubs together', async (t) => {
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock: systemClock })
  t.after(() => store.close())
  await saveDefaultRoles(store.db, roleDefaults)
  const hubs = [await startTestHub(t, { config: dummy, store }), await startTestHub(t, { config: dummy, store })]
  for (let count = 0; count < 12; count += 1) await typeIn(hubs[count % 2]!, 'ada', 'wrong')
  const { page } = await typeIn(hubs[1]!, 'ada', 'open sesame')
  assert.equal(page.status, 429)
  assert.ok(page.headers.get('retry-after'))
})

const dummy = `hub: {config: {JupyterHub: {authenticator_class: dummy}, DummyAuthenticator: {password: open sesame}}}`

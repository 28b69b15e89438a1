/** Ways of signing in that need nobody else, through the whole of the sign-in: page, rules, session. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { findPassword, findUser } from '#store'
import { Traveller } from './traveller.ts'
import { startTestHub, type TestHub } from './world.ts'

const config = (name: string, section = '', rules = '') =>
  `hub: {config: {JupyterHub: {authenticator_class: ${name}}, Authenticator: {${rules}}${section === '' ? '' : `, ${section}`}}}`

const who = async (hub: TestHub, browser: Traveller) =>
  JSON.parse((await browser.open(`${hub.url}/hub/who`)).text) as {
    name: string | null
    admin: boolean
    groups: string[]
  }

async function typeIn(hub: TestHub, username: string, password: string, browser = new Traveller()) {
  await browser.open(`${hub.url}/hub/login?next=%2Fhub%2Fwho`)
  const page = await browser.submit(`${hub.url}/hub/login?next=%2Fhub%2Fwho`, { username, password })
  return { page, browser, who: await who(hub, browser) }
}

test('tmp: a visit is enough, and each is somebody else', async (t) => {
  const hub = await startTestHub(t, { config: config('tmpauthenticator.TmpAuthenticator') })
  const names = []
  for (const _ of [1, 2]) {
    const browser = new Traveller()
    const page = await browser.open(`${hub.url}/hub/login?next=%2Fhub%2Fwho`)
    assert.equal(new URL(page.url).pathname, '/hub/who', page.text.slice(0, 400))
    names.push((await who(hub, browser)).name)
  }
  assert.match(names[0]!, /^[0-9a-f-]{36}$/)
  assert.notEqual(names[0], names[1])
})

test('tmp: the page of it makes a new user of somebody who is one, and browsers without cookies make none', async (t) => {
  const hub = await startTestHub(t, { config: config('tmp') })
  const browser = new Traveller()
  const come = async () => {
    await browser.open(`${hub.url}/hub/tmplogin?next=%2Fhub%2Fwho`)
    return (await who(hub, browser)).name
  }
  assert.notEqual(await come(), await come())
  const before = (await hub.store.db.selectFrom('users').selectAll().execute()).length
  const first = await fetch(`${hub.url}/hub/tmplogin`, { redirect: 'manual' })
  await fetch(new URL(first.headers.get('location')!, hub.url), { redirect: 'manual' })
  assert.equal((await hub.store.db.selectFrom('users').selectAll().execute()).length, before)
})

test('tmp: with auto_login off there is a button', async (t) => {
  const hub = await startTestHub(t, { config: config('tmp', '', 'auto_login: false') })
  const page = await new Traveller().open(`${hub.url}/hub/login`)
  assert.match(page.text, /href="\/hub\/tmplogin"/)
})

test('null: nobody signs in, and the page says so', async (t) => {
  const hub = await startTestHub(t, { config: config('nullauthenticator.NullAuthenticator') })
  const { page } = await typeIn(hub, 'ada', 'open sesame')
  assert.match(page.text, /Nobody signs in on this hub/)
  assert.doesNotMatch(page.text, /<form id="login-form"/)
})

test('shared password: administrators by theirs, groups by theirs', async (t) => {
  const section = `SharedPasswordAuthenticator: {user_password: open sesame, admin_password: ${'a'.repeat(32)}, password_groups: {group sesame: [lab]}}`
  const rules = 'allow_all: true, admin_users: [teacher], manage_groups: true'
  const hub = await startTestHub(t, { config: config('shared-password', section, rules) })
  assert.deepEqual((await typeIn(hub, 'ada', 'open sesame')).who, { name: 'ada', admin: false, groups: [] })
  assert.deepEqual((await typeIn(hub, 'eve', 'group sesame')).who, { name: 'eve', admin: false, groups: ['lab'] })
  assert.deepEqual((await typeIn(hub, 'teacher', 'a'.repeat(32))).who, { name: 'teacher', admin: true, groups: [] })
  assert.equal((await typeIn(hub, 'teacher', 'open sesame')).who.name, null)
  assert.deepEqual(hub.denials().at(-1)!.code, 'CREDENTIALS_INVALID')
})

test('first use: the first password counts, for those whom the rules let in alone', async (t) => {
  const rules = 'allowed_users: [ada]'
  const hub = await startTestHub(t, { config: config('firstuse', '', rules) })
  assert.equal((await typeIn(hub, 'ada', 'correct horse')).who.name, 'ada')
  assert.equal((await typeIn(hub, 'ada', 'another horse')).who.name, null)
  assert.equal((await typeIn(hub, 'ada', 'correct horse')).who.name, 'ada')
  assert.equal((await typeIn(hub, 'eve', 'correct horse')).who.name, null)
  assert.equal(await findUser(hub.store.db, 'eve'), null)
})

test('first use: of two who take a name at once one gets it', async (t) => {
  const hub = await startTestHub(t, { config: config('firstuse') })
  const come = async (password: string) => (await typeIn(hub, 'ada', password)).who.name
  const outcomes = await Promise.all([come('correct horse'), come('another horse')])
  assert.deepEqual(outcomes.filter((name) => name !== null).length, 1)
  assert.ok(await findPassword(hub.store.db, (await findUser(hub.store.db, 'ada'))!.id))
})

const remote = (more = '') =>
  config('remote-user', `RemoteUserAuthenticator: {trusted_proxies: [192.0.2.80]${more}}`, 'allow_all: true')
/** As our proxy tells it. */
const from = (peer: string, headers: Record<string, string>) => ({ headers: { 'x-forwarded-for': peer, ...headers } })

test('REMOTE_USER: the header of the web server signs in, that of anybody else does not', async (t) => {
  const hub = await startTestHub(t, { config: remote() })
  const browser = new Traveller()
  await browser.open(`${hub.url}/hub/login?next=%2Fhub%2Fwho`, from('192.0.2.80', { REMOTE_USER: 'Ada' }))
  assert.equal((await who(hub, browser)).name, 'ada')
  for (const [peer, headers] of [
    ['203.0.113.9', { REMOTE_USER: 'root' }],
    ['203.0.113.9, 192.0.2.80', { 'Remote-User': 'root' }],
    ['192.0.2.80, 203.0.113.9', { REMOTE_USER: 'root' }],
  ] as const) {
    const other = new Traveller()
    const page = await other.open(`${hub.url}/hub/login`, from(peer, headers))
    assert.equal(page.status, 403)
    assert.equal((await who(hub, other)).name, null)
  }
  assert.ok(hub.denials().every(({ code }) => ['WEB_SERVER_UNKNOWN', 'REMOTE_USER_MISSING'].includes(code)))
  assert.equal(hub.denials().length, 3)
})

const secret = 's'.repeat(32)
const jwt = () =>
  config(
    'jwtauthenticator.jwtauthenticator.JSONWebTokenAuthenticator',
    `JSONWebTokenAuthenticator: {secret: ${secret}, expected_audience: hub}`,
    'allow_all: true',
  )
const token = (claims: Record<string, unknown>) =>
  new SignJWT({ aud: 'hub', ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setExpirationTime('1m')
    .sign(Buffer.from(secret))

test('JWT: a link and a header sign in; a wrong token says why in the log, and nothing of it', async (t) => {
  const hub = await startTestHub(t, { config: jwt() })
  const browser = new Traveller()
  await browser.open(`${hub.url}/hub/login?next=%2Fhub%2Fwho&access_token=${await token({ upn: 'ada@example.org' })}`)
  assert.equal((await who(hub, browser)).name, 'ada')
  const other = new Traveller()
  const headers = { authorization: `bearer ${await token({ upn: 'bob' })}` }
  await other.open(`${hub.url}/hub/login?next=%2Fhub%2Fhome`, { headers, until: (url) => url.pathname === '/hub/home' })
  assert.equal((await who(hub, other)).name, 'bob')
  const wrong = await token({ upn: 'eve', aud: 'portal' })
  const page = await new Traveller().open(`${hub.url}/hub/login?access_token=${wrong}`)
  assert.match(page.text, /token that you came with is not taken/)
  assert.ok(!page.text.includes(wrong))
  assert.ok(!JSON.stringify(hub.logged).includes(wrong.split('.')[2]!))
})

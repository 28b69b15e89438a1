import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { createToken, findUser, setAdmin } from '#store'
import { approveSignUp, createSignInLink, discardSignUp, setPassword } from '../../src/hub/sign-in/index.ts'
import { type Browser, type HubParts, start, type TestHub, testHub } from './hub.ts'

const nameFor = async (browser: Browser) => (await browser.open('/hub/api/user')).json().name

async function signIn(browser: Browser, fields: Record<string, string>, query = '') {
  await browser.open('/hub/login')
  return browser.submit(`/hub/login${query}`, fields)
}

const auditOf = async ({ store }: TestHub) =>
  (await store.db.selectFrom('audit').select(['actor', 'action']).orderBy('id').execute()).map(
    ({ actor, action }) => `${actor}: ${action}`,
  )

test('the sign-in page holds a form with its XSRF token, and is not kept by caches', async (t) => {
  const hub = await testHub(t)
  const browser = hub.browser()
  const page = await browser.open('/hub/login?next=%2Fhub%2Fhome%22%3E')
  assert.equal(page.statusCode, 200)
  assert.equal(page.headers['cache-control'], 'no-store')
  assert.match(page.body, new RegExp(`name="_xsrf" value="${browser.xsrf}"`))
  assert.match(page.body, /action="\/hub\/login\?next=%2Fhub%2Fhome%2522%253E"/)
  assert.match(page.body, /name="username"/)
  assert.doesNotMatch(page.body, /name="password"/, 'the dummy without a password asks for none')
})

test('signing in opens a session, with its cookies, a new XSRF token and a line in the audit log', async (t) => {
  const hub = await testHub(t)
  const browser = hub.browser()
  await browser.open('/hub/login')
  const before = browser.xsrf
  const answer = await browser.submit('/hub/login', { username: '  Ada ' })
  assert.equal(answer.statusCode, 302, answer.body)
  assert.equal(answer.headers.location, '/hub/spawn')
  assert.equal(await nameFor(browser), 'ada')
  assert.notEqual(browser.xsrf, before)
  const lines = [answer.headers['set-cookie']].flat().join('\n')
  assert.match(lines, /jupyterhub-hub-login="2\|1:0\|.*"; Path=\/hub\/; Max-Age=1209600; SameSite=Lax; HttpOnly$/m)
  assert.match(lines, /jupyterhub-session-id=[0-9a-f]{32}; Path=\/; Max-Age=1209600; SameSite=Lax; HttpOnly$/m)
  assert.match(lines, /_xsrf=[\w-]+; Path=\/hub\/; Max-Age=1209600; SameSite=Lax$/m)
  assert.deepEqual(await auditOf(hub), ['user ada: sign-in'])
  const user = (await findUser(hub.store.db, 'ada'))!
  assert.equal(user.admin, false)
  assert.equal(user.last_activity, start)
})

for (const [next, leadsTo] of [
  ['/user/ada/lab?x=1', '/user/ada/lab?x=1'],
  ['//evil.example', '/hub/spawn'],
  ['/\\evil.example', '/%5Cevil.example'],
  ['https:evil.example', '/hub/spawn'],
  ['https://evil.example/', '/hub/spawn'],
  ['javascript:alert(1)', '/hub/spawn'],
  ['/\t/evil.example', '/hub/spawn'],
  ['http://localhost:80/hub/home', '/hub/home'],
] as const) {
  test(`after sign-in next=${JSON.stringify(next)} leads to ${leadsTo}`, async (t) => {
    const hub = await testHub(t)
    const answer = await signIn(hub.browser(), { username: 'ada' }, `?next=${encodeURIComponent(next)}`)
    assert.equal(answer.statusCode, 302)
    assert.equal(answer.headers.location, leadsTo)
  })
}

test('who is signed in already is led on from the sign-in page', async (t) => {
  const hub = await testHub(t)
  const browser = hub.browser()
  await signIn(browser, { username: 'ada' })
  const answer = await browser.open('/hub/login?next=%2Fhub%2Ftoken')
  assert.equal(answer.headers.location, '/hub/token')
})

test('the dummy password is asked for, and a wrong one shows the form again', async (t) => {
  const hub = await testHub(t, { more: { dummy: { password: 'sesame' } } as never })
  const browser = hub.browser()
  assert.match((await browser.open('/hub/login')).body, /name="password"/)
  const wrong = await browser.submit('/hub/login', { username: 'ada"><script>', password: 'sesam' })
  assert.equal(wrong.statusCode, 403)
  assert.match(wrong.body, /Invalid username or password/)
  assert.ok(!wrong.body.includes('ada"><script>'), 'the name is escaped')
  assert.ok(!wrong.body.includes('sesam'), 'the password is not sent back')
  assert.equal((await browser.submit('/hub/login', { username: 'ada', password: 'sesame' })).statusCode, 302)
})

test('who no rule allows is told which rule is missing, and leaves no trace', async (t) => {
  const hub = await testHub(t, { authenticator: { allowAll: false, allowedUsers: ['bob'] } })
  const answer = await signIn(hub.browser(), { username: 'ada' })
  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /no rule lets ada into this hub/)
  assert.match(answer.body, /allowed_users/)
  assert.equal(await findUser(hub.store.db, 'ada'), null)
  assert.equal((await hub.store.db.selectFrom('sessions').selectAll().execute()).length, 0)
})

test('who is blocked stays out, known or not', async (t) => {
  const hub = await testHub(t, { authenticator: { blockedUsers: ['ada'] } })
  await hub.addUser('ada')
  const answer = await signIn(hub.browser(), { username: 'ADA' })
  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /ada is blocked/)
})

test('who is listed in admin_users comes in as an administrator', async (t) => {
  const hub = await testHub(t, { authenticator: { allowAll: false, adminUsers: ['ada'] } })
  const browser = hub.browser()
  await signIn(browser, { username: 'ada' })
  const caller = (await browser.open('/hub/api/user')).json()
  assert.equal(caller.admin, true)
  assert.ok(caller.scopes.includes('admin-ui'))
})

test('an administrator who is not listed stays one', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  await setAdmin(hub.store.db, ada.id, true)
  await signIn(hub.browser(), { username: 'ada' })
  assert.equal((await findUser(hub.store.db, 'ada'))!.admin, true)
})

for (const username of ['a/b', '', '..', 'a\nb']) {
  test(`${JSON.stringify(username)} is refused as a user name`, async (t) => {
    const hub = await testHub(t)
    assert.equal((await signIn(hub.browser(), { username })).statusCode, 403)
    assert.equal((await hub.store.db.selectFrom('users').selectAll().execute()).length, 0)
  })
}

test('signing out ends the session and its tokens, and no others', async (t) => {
  const hub = await testHub(t)
  const [office, home] = [hub.browser(), hub.browser()]
  for (const browser of [office, home]) await signIn(browser, { username: 'ada' })
  const ada = (await findUser(hub.store.db, 'ada'))!
  const stolen = new Map(office.cookies)
  for (const [note, sessionId] of [
    ['office', office.cookies.get('jupyterhub-session-id')!.value],
    ['home', home.cookies.get('jupyterhub-session-id')!.value],
    ['script', null],
  ] as const) {
    await createToken(hub.store.db, {
      userId: ada.id,
      secret: note.padEnd(32, 'x'),
      scopes: [],
      note,
      now: start,
      sessionId,
    })
  }
  const answer = await office.open('/hub/logout')
  assert.equal(answer.statusCode, 302)
  assert.equal(answer.headers.location, '/hub/login')
  assert.equal(office.cookies.size, 0)
  for (const [name, cookie] of stolen) office.cookies.set(name, cookie)
  assert.equal(await nameFor(office), undefined, 'the old cookies are worth nothing')
  assert.equal(await nameFor(home), 'ada')
  const notes = await hub.store.db.selectFrom('api_tokens').select('note').orderBy('id').execute()
  assert.deepEqual(
    notes.map(({ note }) => note),
    ['home', 'script'],
  )
  assert.deepEqual(await auditOf(hub), ['user ada: sign-in', 'user ada: sign-in', 'user ada: sign-out'])
})

test('shutdown_on_logout stops what runs', async (t) => {
  const stopped: string[] = []
  const server = (name: string, phase: string) => ({ name, state: { phase } })
  const hub = await testHub(t, {
    hub: { shutdownOnLogout: true },
    servers: {
      ofUser: async () => [server('', 'ready'), server('gpu', 'starting'), server('old', 'stopped')] as never,
      stop: async (_user: number, name: string) => {
        stopped.push(name)
        return null
      },
    },
  })
  const browser = hub.browser()
  await signIn(browser, { username: 'ada' })
  await browser.open('/hub/logout')
  assert.deepEqual(stopped, ['', 'gpu'])
})

test('signing in as somebody else ends the session before', async (t) => {
  const hub = await testHub(t)
  const browser = hub.browser()
  await signIn(browser, { username: 'ada' })
  const first = browser.cookies.get('jupyterhub-session-id')!.value
  await browser.submit('/hub/login', { username: 'eve' })
  assert.equal(await nameFor(browser), 'eve')
  const rows = await hub.store.db.selectFrom('sessions').select('id').execute()
  assert.deepEqual(rows, [{ id: browser.cookies.get('jupyterhub-session-id')!.value }])
  assert.notEqual(rows[0]!.id, first)
})

test('a session id that somebody planted is not taken over', async (t) => {
  const hub = await testHub(t)
  const browser = hub.browser()
  browser.cookies.set('jupyterhub-session-id', { path: '/', value: 'e'.repeat(32) })
  await signIn(browser, { username: 'ada' })
  assert.notEqual(browser.cookies.get('jupyterhub-session-id')!.value, 'e'.repeat(32))
})

const post = (hub: TestHub, headers: Record<string, string>) =>
  hub.app.inject({
    method: 'POST',
    url: '/hub/login',
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'hub.example.org', ...headers },
    payload: 'username=ada',
  })

test('a page of another site cannot sign anybody in; a stale page of the hub can', async (t) => {
  const hub = await testHub(t)
  assert.equal((await post(hub, { 'sec-fetch-site': 'cross-site' })).statusCode, 403)
  assert.equal((await post(hub, { origin: 'https://evil.example' })).statusCode, 403)
  assert.equal((await post(hub, {})).statusCode, 403, 'a program without the token')
  assert.equal((await post(hub, { 'sec-fetch-site': 'same-origin' })).statusCode, 302)
  assert.equal((await post(hub, { origin: 'http://hub.example.org' })).statusCode, 302)
  assert.equal((await post(hub, { origin: 'https://outer.example', 'sec-fetch-site': 'same-origin' })).statusCode, 302)
})

test('a program signs in with the token of the form, and not with somebody else’s', async (t) => {
  const hub = await testHub(t)
  const [program, other] = [hub.browser(), hub.browser()]
  for (const one of [program, other]) await one.request({ url: '/hub/login' })
  hub.pass(1000)
  await other.request({ url: '/hub/login', headers: { cookie: '' } })
  const submit = (xsrf: string) =>
    program.request({
      method: 'POST',
      url: `/hub/login?_xsrf=${xsrf}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: 'username=ada',
    })
  assert.equal((await submit(other.xsrf)).statusCode, 403)
  assert.equal((await submit(program.xsrf)).statusCode, 302)
})

test('guessing a password gets slower and slower, for this name from this address', async (t) => {
  const hub = await testHub(t, { more: { dummy: { password: 'sesame' } } as never })
  const browser = hub.browser()
  const attempt = async (username: string, password: string) =>
    (await signIn(browser, { username, password })).statusCode
  for (let guess = 0; guess < 10; guess += 1) assert.equal(await attempt('ada', `guess ${guess}`), 403)
  const slowed = await signIn(browser, { username: 'ada', password: 'sesame' })
  assert.equal(slowed.statusCode, 429)
  assert.equal(slowed.headers['retry-after'], '1')
  assert.equal(await attempt('bob', 'sesame'), 302)
  hub.pass(1000)
  assert.equal(await attempt('ada', 'wrong'), 403)
  assert.equal(await attempt('ada', 'sesame'), 429)
  hub.pass(2000)
  assert.equal(await attempt('ada', 'sesame'), 302)
})

const native = (changes: object = {}, authenticator: object = {}): HubParts => ({
  authenticator: { classes: ['native'], allowAll: false, ...authenticator },
  more: {
    native: {
      openSignup: false,
      enableSignup: true,
      minimumPasswordLength: 8,
      allowedFailedLogins: 0,
      secondsBeforeNextTry: 600,
      ...changes,
    },
  } as never,
})

async function signUp(t: TestContext, parts: HubParts, fields: Record<string, string> = {}) {
  const hub = await testHub(t, parts)
  const browser = hub.browser()
  await browser.open('/hub/signup')
  const password = 'correct horse'
  const form = { username: 'Ada', signup_password: password, signup_password_confirmation: password, ...fields }
  const answer = await browser.submit('/hub/signup', form)
  return { hub, browser, answer, password }
}

test('who signs up comes in after an administrator has approved, and not before', async (t) => {
  const { hub, browser, answer, password } = await signUp(t, native())
  assert.equal(answer.statusCode, 200)
  assert.match(answer.body, /has to approve/)
  const early = await signIn(browser, { username: 'ada', password })
  assert.equal(early.statusCode, 403)
  assert.match(early.body, /not approved this account yet/)
  assert.equal(await approveSignUp(hub.context, { userName: 'ada', actor: 'user root' }), true)
  assert.equal((await signIn(browser, { username: 'ada', password })).statusCode, 302)
  assert.equal(await nameFor(browser), 'ada')
  const done = ['user ada: sign-up', 'user ada: sign-in.denied', 'user root: sign-up.approve', 'user ada: sign-in']
  assert.deepEqual(await auditOf(hub), done)
})

test('an administrator approves and discards sign-ups on a page', async (t) => {
  const { hub, browser, password } = await signUp(t, native())
  await browser.submit('/hub/signup', {
    username: 'eve<b>',
    signup_password: password,
    signup_password_confirmation: password,
  })
  const ordinary = await hub.signedIn(await hub.addUser('bob'))
  assert.equal((await ordinary.open('/hub/authorize')).statusCode, 403)
  assert.equal((await hub.browser().open('/hub/authorize')).headers.location, '/hub/login?next=%2Fhub%2Fauthorize')
  const admin = await hub.signedIn(await hub.addUser('root', { admin: true }))
  const page = await admin.open('/hub/authorize')
  assert.match(page.body, /value="ada"/)
  assert.match(page.body, /eve&lt;b&gt;/)
  const decide = (username: string, decision: string, by = admin) => by.submit('/hub/authorize', { username, decision })
  assert.equal((await decide('ada', 'approve', ordinary)).statusCode, 403)
  assert.match((await decide('ada', 'approve')).body, /ada can sign in now/)
  assert.equal((await decide('eve<b>', 'discard')).statusCode, 200)
  assert.equal(await findUser(hub.store.db, 'eve<b>'), null)
  assert.equal((await decide('ada', 'discard')).statusCode, 404, 'who is approved is no sign-up any more')
  assert.match((await admin.open('/hub/authorize')).body, /Nobody waits/)
  assert.equal((await signIn(browser, { username: 'ada', password })).statusCode, 302)
})

test('discarding the sign-up of a user whom the hub knew leaves the user', async (t) => {
  const hub = await testHub(t, native())
  await hub.addUser('ada')
  hub.pass(1000)
  const password = 'correct horse'
  const browser = hub.browser()
  await browser.open('/hub/signup')
  const form = { username: 'ada', signup_password: password, signup_password_confirmation: password }
  await browser.submit('/hub/signup', form)
  assert.equal(await discardSignUp(hub.context, { userName: 'ada', actor: 'user root' }), true)
  assert.notEqual(await findUser(hub.store.db, 'ada'), null)
  assert.equal((await signIn(browser, { username: 'ada', password })).statusCode, 403)
})

test('where sign-up is open, they come in at once', async (t) => {
  const { browser, answer, password } = await signUp(t, native({ openSignup: true }))
  assert.match(answer.body, /can sign in now/)
  assert.equal((await signIn(browser, { username: 'ada', password })).statusCode, 302)
})

test('open sign-up is for those whom a list of users allows', async (t) => {
  const { hub, answer } = await signUp(t, native({ openSignup: true }, { allowedUsers: ['bob'] }))
  assert.equal(answer.statusCode, 403)
  assert.equal(await findUser(hub.store.db, 'ada'), null)
})

test('an administrator’s name is not had by signing up', async (t) => {
  const parts = native({ openSignup: true }, { adminUsers: ['ada'] })
  const hub = await testHub(t, parts)
  await hub.addUser('ada', { admin: true })
  const browser = hub.browser()
  await browser.open('/hub/signup')
  const password = 'correct horse'
  await browser.submit('/hub/signup', {
    username: 'ada',
    signup_password: password,
    signup_password_confirmation: password,
  })
  assert.equal((await signIn(browser, { username: 'ada', password })).statusCode, 403)
})

test('who waits for approval is not known to other ways of signing in', async (t) => {
  const { browser } = await signUp(t, native({}, { classes: ['native', 'dummy'], allowExistingUsers: true }))
  const answer = await signIn(browser, { username: 'ada' })
  assert.equal(answer.statusCode, 403)
})

test('a sign-up with an unfit password or name is refused with the reason', async (t) => {
  const short = await signUp(t, native(), { signup_password: 'short', signup_password_confirmation: 'short' })
  assert.equal(short.answer.statusCode, 400)
  assert.match(short.answer.body, /password is too short/)
  const slash = await signUp(t, native(), { username: 'a/b' })
  assert.equal(slash.answer.statusCode, 403)
  assert.match(slash.answer.body, /holds a slash/)
})

test('there is no sign-up where nobody offers one', async (t) => {
  const hub = await testHub(t, native({ enableSignup: false }))
  assert.equal((await hub.browser().open('/hub/signup')).statusCode, 404)
  assert.equal((await hub.browser().submit('/hub/signup', { username: 'ada' })).statusCode, 404)
  assert.doesNotMatch((await hub.browser().open('/hub/login')).body, /\/hub\/signup/)
})

test('a password that was set for a user is good at once', async (t) => {
  const hub = await testHub(t, native())
  await setPassword(hub.context, { userName: 'Teacher', password: 'correct horse', actor: 'hub' })
  const browser = hub.browser()
  assert.equal((await signIn(browser, { username: 'teacher', password: 'correct horse' })).statusCode, 302)
  assert.equal(await nameFor(browser), 'teacher')
  await assert.rejects(setPassword(hub.context, { userName: 'x', password: 'short', actor: 'hub' }), {
    code: 'PASSWORD_UNFIT',
  })
})

test('several ways of signing in share one page', async (t) => {
  const parts = native({ enableSignup: false }, { classes: ['native', 'dummy'], allowAll: true })
  const hub = await testHub(t, parts)
  await setPassword(hub.context, { userName: 'ada', password: 'correct horse', actor: 'hub' })
  const page = await hub.browser().open('/hub/login')
  assert.equal(page.body.match(/<form [^>]*aria-labelledby="way-/g)?.length, 2)
  assert.equal((await signIn(hub.browser(), { username: 'ada', password: 'correct horse' })).statusCode, 302)
})

test('the one-time link signs its first visitor in as the administrator', async (t) => {
  const hub = await testHub(t, { authenticator: { classes: [], allowAll: false } })
  const link = await createSignInLink(hub.context, { userName: 'Root', address: 'http://127.0.0.1:8000/' })
  const { pathname, search } = new URL(link)
  assert.match(search, /^\?token=[\w-]{43}$/)
  const rows = await hub.store.db.selectFrom('sign_in_links').selectAll().execute()
  assert.ok(!JSON.stringify(rows).includes(search.slice(7)), 'only its hash is stored')
  const ahead = await hub.browser().request({ url: pathname + search, headers: { 'sec-purpose': 'prefetch' } })
  assert.equal(ahead.statusCode, 503)
  const browser = hub.browser()
  const answer = await browser.request({ url: pathname + search, headers: { 'sec-fetch-site': 'none' } })
  assert.equal(answer.statusCode, 302)
  assert.equal(answer.headers.location, '/hub/spawn')
  const caller = (await browser.open('/hub/api/user')).json()
  assert.equal(caller.name, 'root')
  assert.equal(caller.admin, true)
  const second = await hub.browser().open(pathname + search)
  assert.equal(second.statusCode, 403)
  assert.match(second.body, /was used already/)
})

test('a link is good for a day, and a wrong one says so', async (t) => {
  const hub = await testHub(t, { authenticator: { classes: [], allowAll: false } })
  const link = new URL(await createSignInLink(hub.context, { userName: 'root', address: 'http://h/' }))
  hub.pass(86_400_000)
  assert.match((await hub.browser().open(link.pathname + link.search)).body, /has expired/)
  assert.match((await hub.browser().open('/hub/login?token=nonsense')).body, /no sign-in link of this hub/)
  const page = await hub.browser().open('/hub/login')
  assert.match(page.body, /one-time link/)
  assert.doesNotMatch(page.body, /name="username"/)
})

test('auth_state is dropped where it is not to be kept', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  await hub.store.db.updateTable('users').set({ encrypted_auth_state: 'old' }).where('id', '=', ada.id).execute()
  await signIn(hub.browser(), { username: 'ada' })
  const row = await hub.store.db.selectFrom('users').select('encrypted_auth_state').executeTakeFirst()
  assert.equal(row!.encrypted_auth_state, null)
})

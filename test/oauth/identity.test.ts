import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createToken, deleteSession, setAdmin, tokenById, userById } from '#store'
import { signValue } from '../../src/hub/http/signed-value.ts'
import { type Browser, cookieSecret, start, testHub } from './hub.ts'

const nameFor = async (browser: Browser) => (await browser.open('/hub/api/user')).json().name
const day = 86_400_000

test('a login cookie with its session says who it is', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  const browser = await hub.signedIn(ada)
  const caller = (await browser.open('/hub/api/user')).json()
  assert.equal(caller.userId, ada.id)
  assert.equal(caller.via, 'cookie')
  assert.ok(caller.scopes.includes('access:servers!user=ada'))
  assert.ok(!caller.scopes.includes('admin:users'))
})

test('a login ends after cookie_max_age_days, whatever the browser keeps', async (t) => {
  const hub = await testHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  hub.pass(14 * day - 1000)
  assert.equal(await nameFor(browser), 'ada')
  hub.pass(2000)
  assert.equal(await nameFor(browser), undefined)
})

test('a login cookie is nothing without a session of the same user', async (t) => {
  const hub = await testHub(t)
  const [ada, eve] = [await hub.signedIn(await hub.addUser('ada')), await hub.signedIn(await hub.addUser('eve'))]
  const login = ada.cookies.get('jupyterhub-hub-login')!
  const evesSession = eve.cookies.get('jupyterhub-session-id')!
  ada.cookies.set('jupyterhub-session-id', evesSession)
  assert.equal(await nameFor(ada), undefined)
  ada.cookies.set('jupyterhub-session-id', { path: '/', value: 'f'.repeat(32) })
  assert.equal(await nameFor(ada), undefined)
  ada.cookies.delete('jupyterhub-session-id')
  assert.equal(await nameFor(ada), undefined)
  eve.cookies.set('jupyterhub-hub-login', login)
  assert.equal(await nameFor(eve), undefined)
})

test('forged login cookies are nobody', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  const browser = await hub.signedIn(ada)
  const { value, path } = browser.cookies.get('jupyterhub-hub-login')!
  const name = 'jupyterhub-hub-login'
  const key = { secret: cookieSecret, now: start }
  for (const forged of [
    ada.cookie_id,
    value.replace(/.("?)$/, (_, quote) => `0${quote}`).replace(/^"2/, '"1'),
    signValue(name, ada.cookie_id, { ...key, secret: Buffer.alloc(32) }),
    signValue('_xsrf', ada.cookie_id, key),
    signValue(name, 'x', key),
    signValue(name, ada.cookie_id, { ...key, now: start - 15 * day }),
    '',
    '"',
    '%00',
  ]) {
    browser.cookies.set(name, { path, value: forged })
    assert.equal(await nameFor(browser), undefined, forged)
  }
  browser.cookies.set(name, { path, value: signValue(name, ada.cookie_id, key) })
  assert.equal(await nameFor(browser), 'ada', 'one that was signed right, and not quoted')
})

test('two sessions of a user end one by one', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  const [office, home] = [await hub.signedIn(ada), await hub.signedIn(ada)]
  assert.deepEqual([await nameFor(office), await nameFor(home)], ['ada', 'ada'])
  await deleteSession(hub.store.db, office.cookies.get('jupyterhub-session-id')!.value)
  assert.deepEqual([await nameFor(office), await nameFor(home)], [undefined, 'ada'])
})

test('what a user may do changes at once, also for those seen a moment ago', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  const browser = await hub.signedIn(ada)
  const scopes = async () => (await browser.open('/hub/api/user')).json().scopes
  assert.ok(!(await scopes()).includes('admin:users'))
  await setAdmin(hub.store.db, ada.id, true)
  assert.ok((await scopes()).includes('admin:users'))
})

const tokenCaller = async (hub: Awaited<ReturnType<typeof testHub>>, authorization: string) =>
  (await hub.app.inject({ url: '/hub/api/user', headers: { authorization } })).json()

test('a token works with both of its words, in any case', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada')
  const secret = 'a'.repeat(32)
  await createToken(hub.store.db, { userId: ada.id, secret, scopes: ['inherit'], note: '', now: start })
  for (const word of ['token', 'Token', 'Bearer', 'BEARER  ']) {
    assert.equal((await tokenCaller(hub, `${word} ${secret}`)).name, 'ada', word)
  }
  for (const header of [
    secret,
    `Basic ${secret}`,
    `token ${secret.slice(1)}`,
    `token ${secret}x`,
    'token ',
    `token ${secret} x`,
  ]) {
    assert.equal((await tokenCaller(hub, header)).kind, 'anonymous', header)
  }
})

test('a wrong token is not mended by a login cookie', async (t) => {
  const hub = await testHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const answer = await browser.request({ url: '/hub/api/user', headers: { authorization: 'token wrong' } })
  assert.equal(answer.json().kind, 'anonymous')
})

test('a token never does more than its owner may now', async (t) => {
  const hub = await testHub(t)
  const ada = await hub.addUser('ada', { admin: true })
  const secret = 'a'.repeat(32)
  const scopes = ['admin:users', 'read:servers!user=bob', 'tokens!user']
  await createToken(hub.store.db, { userId: ada.id, secret, scopes, note: '', now: start })
  assert.ok((await tokenCaller(hub, `token ${secret}`)).scopes.includes('admin:users'))
  await setAdmin(hub.store.db, ada.id, false)
  const after = (await tokenCaller(hub, `token ${secret}`)).scopes as string[]
  assert.ok(after.includes('tokens!user=ada'))
  assert.deepEqual(
    after.filter((scope) => !scope.endsWith('!user=ada')),
    [],
  )
})

test('activity is recorded once in activity_resolution, and not for what the server says of itself', async (t) => {
  const hub = await testHub(t)
  const { db } = hub.store
  const ada = await hub.addUser('ada')
  const serverId = await hub.addServer(ada, '', 's'.repeat(32))
  const make = (secret: string, more = {}) =>
    createToken(db, { userId: ada.id, secret, scopes: ['inherit'], note: '', now: start, ...more })
  const [own, servers] = [await make('a'.repeat(32)), await make('s'.repeat(32), { serverId })]
  const seen = async () => [
    (await userById(db, ada.id))!.last_activity,
    (await tokenById(db, own.id, start))!.last_activity,
    (await tokenById(db, servers.id, start))!.last_activity,
  ]
  await tokenCaller(hub, `token ${'s'.repeat(32)}`)
  assert.deepEqual(await seen(), [null, null, start])
  hub.pass(10_000)
  await tokenCaller(hub, `token ${'a'.repeat(32)}`)
  assert.deepEqual(await seen(), [start + 10_000, start + 10_000, start])
  hub.pass(29_000)
  await tokenCaller(hub, `token ${'a'.repeat(32)}`)
  assert.deepEqual(await seen(), [start + 10_000, start + 10_000, start])
  hub.pass(1000)
  await tokenCaller(hub, `token ${'a'.repeat(32)}`)
  assert.deepEqual(await seen(), [start + 40_000, start + 40_000, start])
})

const deed = (browser: Browser, headers: Record<string, string>, query = '') =>
  browser.request({ method: 'POST', url: `/hub/api/deed${query}`, headers })

test('a script needs the XSRF token of its session, in the query or a header', async (t) => {
  const hub = await testHub(t, {
    register: (app) =>
      app.get('/hub/page', async (request) => {
        await request.caller()
        return request.xsrfToken()
      }),
  })
  const ada = await hub.addUser('ada')
  const [browser, other] = [await hub.signedIn(ada), await hub.signedIn(ada)]
  const stranger = await hub.signedIn(await hub.addUser('eve'))
  for (const one of [browser, other, stranger]) {
    const page = await one.open('/hub/page')
    assert.equal(page.body, one.xsrf, 'the cookie holds what the page holds')
  }
  const fromHub = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  const token = browser.xsrf
  assert.equal((await deed(browser, fromHub)).statusCode, 403)
  assert.match((await deed(browser, fromHub)).json().message, /'_xsrf' argument missing from POST/)
  assert.equal((await deed(browser, { ...fromHub, 'x-xsrftoken': token })).json().by, 'user')
  assert.equal((await deed(browser, { ...fromHub, 'x-csrftoken': token })).json().by, 'user')
  assert.equal((await deed(browser, fromHub, `?_xsrf=${token}`)).json().by, 'user')
  assert.equal((await deed(browser, { ...fromHub, 'x-xsrftoken': other.xsrf })).json().by, 'user', 'of another session')
  assert.equal((await deed(browser, { ...fromHub, 'x-xsrftoken': stranger.xsrf })).statusCode, 403)
  assert.equal((await deed(browser, { ...fromHub, 'x-xsrftoken': 'forged' })).statusCode, 403)
  const elsewhere = { ...fromHub, 'sec-fetch-site': 'cross-site', 'x-xsrftoken': token }
  assert.equal((await deed(browser, elsewhere)).statusCode, 403)
})

test('the page keeps its XSRF token while it is right, and finds it among several cookies', async (t) => {
  const hub = await testHub(t, {
    register: (app) =>
      app.get('/hub/page', async (request) => {
        await request.caller()
        return request.xsrfToken()
      }),
  })
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const first = (await browser.open('/hub/page')).body
  const cookies = ['jupyterhub-hub-login', 'jupyterhub-session-id'].map(
    (name) => `${name}=${browser.cookies.get(name)!.value}`,
  )
  const cookie = [...cookies, '_xsrf=old', `_xsrf=${first}`].join('; ')
  const again = await hub.app.inject({ url: '/hub/page', headers: { cookie } })
  assert.equal(again.body, first)
  assert.equal(again.headers['set-cookie'], undefined)
  const fetched = await hub.app.inject({ url: '/hub/page', headers: { 'sec-fetch-mode': 'cors' } })
  assert.equal(fetched.headers['set-cookie'], undefined, 'set by navigations only')
})

test('an API request that posts anything but JSON with a cookie is nobody’s', async (t) => {
  const hub = await testHub(t, {
    register: (app) => app.addContentTypeParser('text/html', async () => null),
  })
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const answer = await browser.request({
    method: 'POST',
    url: '/hub/api/deed',
    headers: { 'content-type': 'text/html', 'sec-fetch-site': 'same-origin' },
    payload: 'x',
  })
  assert.deepEqual(answer.json(), { by: 'anonymous' })
})

test('an address written in another way is held to the same rules', async (t) => {
  const hub = await testHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  const answer = await browser.request({ url: '/hub/%61pi/user', headers })
  assert.notEqual(answer.statusCode, 200)
})

test('an unknown path is unknown to everybody, without an XSRF check', async (t) => {
  const hub = await testHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))
  const answer = await browser.request({
    method: 'POST',
    url: '/hub/api/nothing',
    headers: { 'sec-fetch-site': 'cross-site' },
  })
  assert.equal(answer.statusCode, 404)
})

test('cookies are Secure when browsers speak https, and the login may carry the __Host- prefix', async (t) => {
  const hub = await testHub(t, { hub: { publicUrl: 'https://hub.example.org/', cookieHostPrefixEnabled: true } })
  const browser = await hub.signedIn(await hub.addUser('ada'))
  assert.deepEqual([...browser.cookies.keys()], ['__Host-jupyterhub-hub-login', 'jupyterhub-session-id'])
  assert.equal(browser.cookies.get('__Host-jupyterhub-hub-login')!.path, '/')
  assert.equal(await nameFor(browser), 'ada')
})

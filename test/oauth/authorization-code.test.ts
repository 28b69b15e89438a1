import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type TestContext, test } from 'node:test'
import { deleteSession } from '#store'
import { type Browser, type TestHub, testHub } from './hub.ts'

const secret = 'f'.repeat(32)
const callback = '/user/ada/oauth_callback'
const verifier = 'v'.repeat(50)
const s256 = createHash('sha256').update(verifier).digest('base64url')

const asked = {
  client_id: 'jupyterhub-user-ada',
  redirect_uri: callback,
  response_type: 'code',
  state: 'st ate&1',
}

const authorizeUrl = (changes: Record<string, string | undefined> = {}) => {
  const parameters = Object.entries({ ...asked, ...changes }).filter(([, value]) => value !== undefined)
  return `/hub/api/oauth2/authorize?${new URLSearchParams(parameters as [string, string][])}`
}

async function adasServer(t: TestContext, hubSettings = {}) {
  const hub = await testHub(t, { hub: hubSettings })
  const ada = await hub.addUser('ada')
  await hub.addServer(ada, '', secret)
  return { hub, ada, browser: await hub.signedIn(ada) }
}

async function codeFor(browser: Browser, changes = {}): Promise<string> {
  const answer = await browser.open(authorizeUrl(changes))
  assert.equal(answer.statusCode, 302, answer.body)
  const location = new URL(answer.headers.location as string, 'http://hub')
  assert.equal(location.pathname, callback)
  assert.equal(location.searchParams.get('state'), asked.state)
  return location.searchParams.get('code') ?? assert.fail(`no code in ${location}`)
}

const exchange = (hub: TestHub, fields: Record<string, string>) =>
  hub.app.inject({
    method: 'POST',
    url: '/hub/api/oauth2/token',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      // Sent by JupyterHub's client beside the form, and to be ignored.
      authorization: `token ${secret}`,
    },
    payload: new URLSearchParams({
      client_id: asked.client_id,
      client_secret: secret,
      grant_type: 'authorization_code',
      redirect_uri: callback,
      ...fields,
    }).toString(),
  })

const whoIs = async (hub: TestHub, token: string) =>
  (await hub.app.inject({ url: '/hub/api/user', headers: { authorization: `token ${token}` } })).json()

for (const [how, question, answer] of [
  ['without PKCE', {}, {}],
  ['with S256', { code_challenge: s256, code_challenge_method: 'S256' }, { code_verifier: verifier }],
  ['with plain', { code_challenge: verifier, code_challenge_method: 'plain' }, { code_verifier: verifier }],
  ['with a challenge of no method, which is plain', { code_challenge: verifier }, { code_verifier: verifier }],
] as const) {
  test(`a server gets a token for its owner without a question, ${how}`, async (t) => {
    const { hub, browser } = await adasServer(t)
    const answered = await exchange(hub, { code: await codeFor(browser, question), ...answer })
    assert.equal(answered.statusCode, 200, answered.body)
    assert.equal(answered.headers['cache-control'], 'no-store')
    assert.equal(answered.headers.pragma, 'no-cache')
    const { access_token, scope, ...rest } = answered.json()
    assert.deepEqual(rest, { expires_in: 1_209_600, token_type: 'Bearer' })
    assert.match(access_token, /^[A-Za-z0-9]{30}$/)
    assert.ok(scope.split(' ').includes('access:servers!server=ada/'))
    const user = await whoIs(hub, access_token)
    assert.deepEqual(user.scopes, [
      'access:servers!server=ada/',
      'read:users:groups!user=ada',
      'read:users:name!user=ada',
    ])
    assert.equal(user.sessionId, browser.cookies.get('jupyterhub-session-id')?.value)
  })
}

test('nobody who is not signed in gets a code: they are led to the sign-in page and back', async (t) => {
  const { hub } = await adasServer(t)
  const answer = await hub.browser().open(authorizeUrl())
  assert.equal(answer.statusCode, 302)
  const location = new URL(answer.headers.location as string, 'http://hub')
  assert.equal(location.pathname, '/hub/login')
  assert.equal(location.searchParams.get('next'), authorizeUrl())
})

test('an API token gets no code', async (t) => {
  const { hub, browser } = await adasServer(t)
  const { access_token } = (await exchange(hub, { code: await codeFor(browser) })).json()
  const answer = await hub.app.inject({ url: authorizeUrl(), headers: { authorization: `token ${access_token}` } })
  assert.equal(answer.statusCode, 403)
})

for (const [what, changes, status] of [
  ['an unknown client', { client_id: 'jupyterhub-user-eve' }, 400],
  ['the built-in client, which has no secret', { client_id: 'jupyterhub' }, 400],
  ['no client', { client_id: undefined }, 400],
  ['another address', { redirect_uri: 'https://evil.example/' }, 400],
  ['an address that only begins right', { redirect_uri: `${callback}/more` }, 400],
  ['an address with a query', { redirect_uri: `${callback}?next=//evil.example` }, 400],
  ['the absolute form of the address', { redirect_uri: `http://localhost${callback}` }, 400],
  ['no address', { redirect_uri: undefined }, 400],
] as const) {
  test(`a request with ${what} is answered by a page and sent nowhere`, async (t) => {
    const { browser } = await adasServer(t)
    const answer = await browser.open(authorizeUrl(changes))
    assert.equal(answer.statusCode, status)
    assert.equal(answer.headers.location, undefined)
  })
}

for (const [what, changes, error] of [
  ['another response_type', { response_type: 'token' }, 'unsupported_response_type'],
  ['no response_type', { response_type: undefined }, 'invalid_request'],
  ['an unknown PKCE method', { code_challenge: s256, code_challenge_method: 'S512' }, 'invalid_request'],
  ['a short challenge', { code_challenge: 'short', code_challenge_method: 'S256' }, 'invalid_request'],
  ['an unknown scope', { scope: 'read:everything' }, 'invalid_scope'],
] as const) {
  test(`a request with ${what} goes back to the client as ${error}`, async (t) => {
    const { browser } = await adasServer(t)
    const answer = await browser.open(authorizeUrl(changes))
    assert.equal(answer.statusCode, 302)
    const { pathname, searchParams } = new URL(answer.headers.location as string, 'http://hub')
    assert.equal(pathname, callback)
    assert.equal(searchParams.get('error'), error)
    assert.equal(searchParams.get('state'), asked.state)
    assert.equal(searchParams.get('code'), null)
  })
}

test('a parameter that is given twice is refused', async (t) => {
  const { browser } = await adasServer(t)
  const answer = await browser.open(`${authorizeUrl()}&client_id=jupyterhub-user-ada`)
  assert.equal(answer.statusCode, 400)
})

test('the server of another user is closed to those without its access scope', async (t) => {
  const { hub } = await adasServer(t)
  const eve = await hub.signedIn(await hub.addUser('eve'))
  const answer = await eve.open(authorizeUrl())
  assert.equal(answer.statusCode, 403)
  assert.match(answer.body, /You do not have permission to access Server at \/user\/ada\//)
})

test('PKCE can be made a must', async (t) => {
  const { hub, browser } = await adasServer(t, { oauthRequirePkce: true })
  const refused = await browser.open(authorizeUrl())
  assert.match(refused.headers.location as string, /error=invalid_request/)
  const code = await codeFor(browser, { code_challenge: s256, code_challenge_method: 'S256' })
  assert.equal((await exchange(hub, { code, code_verifier: verifier })).statusCode, 200)
})

test('a code that is used again gives nothing, and takes back what it gave', async (t) => {
  const { hub, browser } = await adasServer(t)
  const code = await codeFor(browser)
  const { access_token } = (await exchange(hub, { code })).json()
  assert.equal((await whoIs(hub, access_token)).name, 'ada')
  const again = await exchange(hub, { code })
  assert.equal(again.statusCode, 400)
  assert.equal(again.json().error, 'invalid_grant')
  assert.equal((await whoIs(hub, access_token)).kind, 'anonymous')
  const audit = await hub.store.db.selectFrom('audit').select('action').execute()
  assert.deepEqual(
    audit.map(({ action }) => action),
    ['token.revoke'],
  )
})

test('of two uses of a code at once one at most succeeds', async (t) => {
  const { hub, browser } = await adasServer(t)
  const code = await codeFor(browser)
  const answers = await Promise.all([exchange(hub, { code }), exchange(hub, { code })])
  assert.deepEqual(answers.map(({ statusCode }) => statusCode).sort(), [200, 400])
})

test('a code lasts 300 seconds', async (t) => {
  const { hub, browser } = await adasServer(t)
  const [early, late] = [await codeFor(browser), await codeFor(browser)]
  hub.pass(299_000)
  assert.equal((await exchange(hub, { code: early })).statusCode, 200)
  hub.pass(1000)
  assert.equal((await exchange(hub, { code: late })).json().error, 'invalid_grant')
})

test('a code is stored as a hash only', async (t) => {
  const { hub, browser } = await adasServer(t)
  const code = await codeFor(browser)
  const rows = await hub.store.db.selectFrom('oauth_codes').selectAll().execute()
  assert.equal(rows.length, 1)
  assert.ok(!JSON.stringify(rows).includes(code))
})

test('a code of a session that ended gives nothing', async (t) => {
  const { hub, browser } = await adasServer(t)
  const code = await codeFor(browser)
  await deleteSession(hub.store.db, browser.cookies.get('jupyterhub-session-id')!.value)
  assert.equal((await exchange(hub, { code })).json().error, 'invalid_grant')
})

for (const [what, fields, status, error] of [
  ['another secret', { client_secret: 'e'.repeat(32) }, 401, 'invalid_client'],
  ['no secret', { client_secret: '' }, 401, 'invalid_client'],
  ['an unknown client', { client_id: 'nobody' }, 401, 'invalid_client'],
  ['the built-in client', { client_id: 'jupyterhub', client_secret: '' }, 401, 'invalid_client'],
  ['another redirect_uri', { redirect_uri: '/user/ada/' }, 400, 'invalid_grant'],
  ['no redirect_uri', { redirect_uri: '' }, 400, 'invalid_grant'],
  ['a verifier for a code without challenge', { code_verifier: verifier }, 400, 'invalid_grant'],
  ['another code', { code: 'x'.repeat(30) }, 400, 'invalid_grant'],
  ['no code', { code: '' }, 400, 'invalid_request'],
  ['another grant_type', { grant_type: 'client_credentials' }, 400, 'unsupported_grant_type'],
  ['no grant_type', { grant_type: '' }, 400, 'invalid_request'],
] as const) {
  test(`an exchange with ${what} is refused as ${error}`, async (t) => {
    const { hub, browser } = await adasServer(t)
    const answer = await exchange(hub, { code: await codeFor(browser), ...fields })
    assert.equal(answer.statusCode, status)
    assert.equal(answer.json().error, error)
    assert.equal(typeof answer.json().error_description, 'string')
    assert.equal((await hub.store.db.selectFrom('api_tokens').selectAll().execute()).length, 0)
  })
}

for (const [what, answer] of [
  ['a wrong verifier', { code_verifier: 'w'.repeat(50) }],
  ['a short verifier', { code_verifier: 'v' }],
  ['no verifier', {}],
] as const) {
  test(`a code with a challenge is lost by ${what}`, async (t) => {
    const { hub, browser } = await adasServer(t)
    const code = await codeFor(browser, { code_challenge: s256, code_challenge_method: 'S256' })
    assert.equal((await exchange(hub, { code, ...answer })).json().error, 'invalid_grant')
    assert.equal((await exchange(hub, { code, code_verifier: verifier })).json().error, 'invalid_grant')
  })
}

test("a client can't use another client's code, and revokes nothing of it by trying", async (t) => {
  const { hub, ada, browser } = await adasServer(t)
  const evil = { client_id: 'jupyterhub-user-ada!evil', client_secret: 'e'.repeat(32) }
  await hub.addServer(ada, 'evil', evil.client_secret)
  const code = await codeFor(browser)
  const { access_token } = (await exchange(hub, { code })).json()
  assert.equal((await exchange(hub, { code, ...evil })).json().error, 'invalid_grant')
  assert.equal((await whoIs(hub, access_token)).name, 'ada')
  const fresh = await codeFor(browser)
  assert.equal((await exchange(hub, { code: fresh, ...evil })).json().error, 'invalid_grant')
})

test('an exchange as JSON is refused', async (t) => {
  const { hub } = await adasServer(t)
  const answer = await hub.app.inject({ method: 'POST', url: '/hub/api/oauth2/token', payload: { code: 'x' } })
  assert.equal(answer.statusCode, 400)
  assert.equal(answer.json().error, 'invalid_request')
})

test('a token for a server ends with the server', async (t) => {
  const { hub, browser } = await adasServer(t)
  const { access_token } = (await exchange(hub, { code: await codeFor(browser) })).json()
  await hub.store.db.deleteFrom('oauth_clients').where('identifier', '=', asked.client_id).execute()
  assert.equal((await whoIs(hub, access_token)).kind, 'anonymous')
})

test('a token expires', async (t) => {
  const { hub, browser } = await adasServer(t)
  const { access_token, expires_in } = (await exchange(hub, { code: await codeFor(browser) })).json()
  hub.pass(expires_in * 1000 - 1)
  assert.equal((await whoIs(hub, access_token)).name, 'ada')
  hub.pass(1)
  assert.equal((await whoIs(hub, access_token)).kind, 'anonymous')
})

test('an administrator is asked before the server of another user learns who they are, once', async (t) => {
  const { hub } = await adasServer(t)
  const root = await hub.signedIn(await hub.addUser('root', { admin: true }))
  const page = await root.open(authorizeUrl())
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /Server at \/user\/ada\//)
  assert.match(page.body, /name="scopes" value="access:servers!server=ada\/"/)
  const scopes = 'access:servers!server=ada/'
  const forged = await root.request({
    method: 'POST',
    url: authorizeUrl(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    payload: `scopes=${scopes}`,
  })
  assert.equal(forged.statusCode, 403)
  const answer = await root.submit(authorizeUrl(), { scopes })
  assert.equal(answer.statusCode, 302, answer.body)
  const code = new URL(answer.headers.location as string, 'http://hub').searchParams.get('code')!
  const { access_token } = (await exchange(hub, { code })).json()
  const user = await whoIs(hub, access_token)
  assert.deepEqual(user.scopes, [
    'access:servers!server=ada/',
    'read:users:groups!user=root',
    'read:users:name!user=root',
  ])
  assert.equal((await root.open(authorizeUrl())).statusCode, 302, 'what was allowed is not asked again')
})

test('who does not allow it sends the client away empty-handed', async (t) => {
  const { hub } = await adasServer(t)
  const root = await hub.signedIn(await hub.addUser('root', { admin: true }))
  await root.open(authorizeUrl())
  const answer = await root.submit(authorizeUrl(), { deny: '1' })
  assert.match(answer.headers.location as string, /^\/user\/ada\/oauth_callback\?error=access_denied&/)
})

test('a form that asks for more than the client may have gives no more', async (t) => {
  const { hub } = await adasServer(t)
  const root = await hub.signedIn(await hub.addUser('root', { admin: true }))
  await root.open(authorizeUrl())
  const scopes = 'admin:users'
  const answer = await root.submit(authorizeUrl({ scope: 'admin:users inherit' }), { scopes })
  const code = new URL(answer.headers.location as string, 'http://hub').searchParams.get('code')!
  const { scope } = (await exchange(hub, { code })).json()
  assert.deepEqual(scope.split(' ').sort(), [
    'access:servers!server=ada/',
    'read:users:groups!user=root',
    'read:users:name!user=root',
  ])
})

test('a client that asks for everything gets what it may have', async (t) => {
  const { hub, browser } = await adasServer(t)
  const code = await codeFor(browser, { scope: 'identify inherit self admin:users' })
  const { scope } = (await exchange(hub, { code })).json()
  assert.deepEqual(scope.split(' ').sort(), [
    'access:servers!server=ada/',
    'read:users:groups!user=ada',
    'read:users:name!user=ada',
  ])
})

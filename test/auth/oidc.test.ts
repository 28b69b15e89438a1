/** Signing in at a real OpenID provider. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { clientId, clientSecret, type RunningProvider, startProvider } from './provider.ts'
import { Traveller } from './traveller.ts'
import { startTestHub, type TestHub } from './world.ts'

let provider: RunningProvider
/** Hubs listen at any port; browsers know them by this address, and the test takes them to the right one. */
const callback = 'http://127.0.0.1:1/hub/oauth_callback'

before(async () => {
  provider = await startProvider([callback])
  const ada = { preferred_username: 'Ada', name: 'Ada L', email: 'ada@x.org', email_verified: true }
  provider.people.set('ada', { ...ada, groups: ['lab', 'staff'] })
  const bob = { preferred_username: 'bob', email: 'bob@y.org', email_verified: false, groups: ['guests'] }
  provider.people.set('bob', bob)
  provider.people.set('dan', { preferred_username: 'dan' })
})
after(() => provider.close())

const config = (more = '', rules = 'allow_all: true') => `
hub:
  config:
    JupyterHub: {authenticator_class: generic-oauth}
    Authenticator: {${rules}}
    GenericOAuthenticator:
      oidc_issuer: ${provider.issuer}
      client_id: ${clientId}
      client_secret: ${clientSecret}
      oauth_callback_url: ${callback}
      scope: [openid, profile, email]
      username_claim: preferred_username
${more}`

/** The provider sends the browser to the registered address; the hub of this test listens elsewhere. */
async function walk(hub: TestHub, person: string, browser = new Traveller(), path = '/hub/oauth_login?at=here') {
  provider.signsIn = person
  const stopped = await browser.open(`${hub.url}${path}`, {
    until: (url) => url.port === '1' || url.href.startsWith(callback),
  })
  return { browser, answer: new URL(stopped.url).search }
}

async function signIn(hub: TestHub, person: string, browser = new Traveller()) {
  const { answer } = await walk(hub, person, browser)
  const page = await browser.open(`${hub.url}/hub/oauth_callback${answer}`, {
    until: (url) => url.pathname === '/hub/spawn',
  })
  return { browser, page, answer }
}

const who = async (hub: TestHub, browser: Traveller) => JSON.parse((await browser.open(`${hub.url}/hub/who`)).text)

test('somebody signs in with discovery, PKCE, state and nonce', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  const { browser, page } = await signIn(hub, 'ada')
  assert.equal(new URL(page.url).pathname, '/hub/spawn', JSON.stringify(hub.denials()))
  assert.deepEqual(await who(hub, browser), { name: 'ada', admin: false, groups: [] })
})

test('the request carries what the answer is held against, each time anew', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  const open = async () =>
    new URL((await new Traveller().open(`${hub.url}/hub/oauth_login?at=here`, { until: () => true })).url)
  const [first, second] = [await open(), await open()]
  for (const name of ['state', 'nonce', 'code_challenge']) {
    assert.ok(first.searchParams.get(name))
    assert.notEqual(first.searchParams.get(name), second.searchParams.get(name))
  }
  assert.equal(first.searchParams.get('code_challenge_method'), 'S256')
  assert.equal(first.searchParams.get('redirect_uri'), callback)
})

test('groups come from the provider and decide who may enter and who administers', async (t) => {
  const hub = await startTestHub(t, {
    config: config(
      '      claim_groups_key: groups',
      'manage_groups: true, allowed_groups: [lab], admin_groups: [staff]',
    ),
  })
  const { browser } = await signIn(hub, 'ada')
  assert.deepEqual(await who(hub, browser), { name: 'ada', admin: true, groups: ['lab', 'staff'] })
  const { page } = await signIn(hub, 'bob')
  assert.equal(page.status, 403)
  assert.match(page.text, /members of lab \(allowed_groups\)/)
})

test('a rule on verified addresses takes no unverified one', async (t) => {
  const hub = await startTestHub(t, { config: config('', 'allowed_email_domains: [x.org, y.org]') })
  assert.deepEqual(await who(hub, (await signIn(hub, 'ada')).browser), { name: 'ada', admin: false, groups: [] })
  assert.equal((await signIn(hub, 'bob')).page.status, 403)
})

test('two tabs of one browser finish in any order', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  const browser = new Traveller()
  const first = await walk(hub, 'ada', browser)
  const second = await walk(hub, 'ada', browser)
  for (const { answer } of [second, first]) {
    const page = await browser.open(`${hub.url}/hub/oauth_callback${answer}`, {
      until: (url) => url.pathname === '/hub/spawn',
    })
    assert.equal(page.status, 0, page.text)
  }
})

test('what one hub begins, another of the same database finishes', async (t) => {
  const first = await startTestHub(t, { config: config() })
  const second = await startTestHub(t, { config: config(), store: first.store })
  const { browser, answer } = await walk(first, 'ada')
  const page = await browserAt(first, second, browser).open(`${second.url}/hub/oauth_callback${answer}`, {
    until: (url) => url.pathname === '/hub/spawn',
  })
  assert.equal(page.status, 0, JSON.stringify(second.denials()))
})

/** Behind one address, a browser sends both hubs the same cookies. */
function browserAt(one: TestHub, other: TestHub, browser: Traveller): Traveller {
  browser.shareCookies(one.url, other.url)
  return browser
}

test('the answer is worth nothing in another browser, and still good in the right one', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  const { browser, answer } = await walk(hub, 'ada')
  const stranger = await new Traveller().open(`${hub.url}/hub/oauth_callback${answer}`)
  assert.equal(stranger.status, 403)
  assert.match(stranger.text, /another browser/)
  const page = await browser.open(`${hub.url}/hub/oauth_callback${answer}`, {
    until: (url) => url.pathname === '/hub/spawn',
  })
  assert.equal(page.status, 0)
  const again = await browser.open(`${hub.url}/hub/oauth_callback${answer}`)
  assert.equal(again.status, 403)
  assert.deepEqual(
    hub.denials().map(({ code }) => code),
    ['ATTEMPT_FOREIGN', 'ATTEMPT_USED'],
  )
})

test('an account stays what it is when the name changes at the provider', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  await signIn(hub, 'dan')
  provider.people.set('dan', { preferred_username: 'daniel' })
  assert.equal((await who(hub, (await signIn(hub, 'dan')).browser)).name, 'dan')
  provider.people.set('impostor', { preferred_username: 'dan' })
  const { page } = await signIn(hub, 'impostor')
  assert.equal(page.status, 403)
  assert.match(page.text, /belongs to somebody else/)
})

test('the provider ends the session over the back channel', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  provider.hubUrl = hub.url
  const { browser } = await signIn(hub, 'ada')
  assert.equal((await who(hub, browser)).name, 'ada')
  await endAtProvider(browser, `${provider.issuer}/session/end`)
  assert.equal((await who(hub, browser)).name, null)
})

test('signing out here signs out there, where that is wanted', async (t) => {
  const hub = await startTestHub(t, { config: config('      logout_at_provider: true') })
  provider.hubUrl = hub.url
  const { browser } = await signIn(hub, 'ada')
  const { way } = await browser.open(`${hub.url}/hub/logout`)
  const end = new URL(way.at(-1)!)
  assert.equal(end.origin + end.pathname, `${provider.issuer}/session/end`)
  assert.ok(end.searchParams.get('id_token_hint'))
  assert.equal((await who(hub, browser)).name, null)
})

/** The person says yes on the provider's page. */
async function endAtProvider(browser: Traveller, address: string): Promise<void> {
  const page = await browser.open(address)
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const done = await browser.open(`${provider.issuer}/session/end/confirm`, {
    method: 'POST',
    fields: { xsrf, logout: 'yes' },
    until: () => true,
  })
  assert.ok(done.status < 400, done.text)
}

test('what is kept of a sign-in is renewed, and the rules are asked again', async (t) => {
  const hub = await startTestHub(t, {
    config: config(
      '      claim_groups_key: groups',
      'enable_auth_state: true, manage_groups: true, allowed_groups: [lab]',
    ),
  })
  const person = { preferred_username: 'cat', groups: ['lab'] }
  provider.people.set('cat', person)
  const { browser } = await signIn(hub, 'cat')
  assert.deepEqual((await who(hub, browser)).groups, ['lab'])

  provider.people.set('cat', { ...person, groups: ['lab', 'new'] })
  assert.equal(await hub.refresh('cat'), 'unchanged')
  hub.pass(301_000)
  assert.equal(await hub.refresh('cat'), 'renewed')
  assert.deepEqual((await who(hub, browser)).groups, ['lab', 'new'])

  provider.people.set('cat', { ...person, groups: [] })
  hub.pass(301_000)
  assert.equal(await hub.refresh('cat'), 'ended')
  assert.equal((await who(hub, browser)).name, null)
})

test("a provider that does not answer ends nobody's session", async (t) => {
  const other = await startProvider([callback])
  other.people.set('ada', { preferred_username: 'ada' })
  const text = config('', 'allow_all: true, enable_auth_state: true').replaceAll(provider.issuer, other.issuer)
  const hub = await startTestHub(t, { config: text })
  other.signsIn = 'ada'
  const { browser } = await signIn(hub, 'ada')
  await other.close()
  hub.pass(7_200_000)
  assert.equal(await hub.refresh('ada'), 'unreachable')
  assert.equal((await who(hub, browser)).name, 'ada')
})

test('a provider that changes its keys while the hub runs is believed, at the second try at the latest', async (t) => {
  const hub = await startTestHub(t, { config: config() })
  const first = await signIn(hub, 'ada')
  assert.equal((await who(hub, first.browser)).name, 'ada')
  provider.rotateKeys()
  // Published keys are asked for once a minute at most; a provider that rolls over well publishes the new one before.
  const second = await signIn(hub, 'bob')
  assert.match(hub.denials().at(-1)!.log, /KEY_SELECTION/)
  const again = await signIn(hub, 'bob', second.browser)
  assert.equal((await who(hub, again.browser)).name, 'bob', JSON.stringify(hub.denials()))
})

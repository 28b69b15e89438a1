/** What must let nobody in: bent tokens and answers, answers in the wrong place, forged orders to sign out. Each is named in the log. */
import assert from 'node:assert/strict'
import { after, before, type TestContext, test } from 'node:test'
import { clientId, clientSecret, HostileProvider, own, rogue, signed } from './hostile-provider.ts'
import { answers, claimCases, type HostileCase, signatures } from './hostile-tokens.ts'
import { Traveller } from './traveller.ts'
import { startTestHub, type TestHub } from './world.ts'

const provider = new HostileProvider()
const callback = 'http://127.0.0.1:1/hub/oauth_callback'
before(() => provider.start())
after(() => provider.stop())

const config = () => `
hub:
  config:
    JupyterHub: {authenticator_class: generic-oauth}
    GenericOAuthenticator:
      oidc_issuer: ${provider.issuer}
      client_id: ${clientId}
      client_secret: ${clientSecret}
      oauth_callback_url: ${callback}
      scope: [openid, profile]
      username_claim: preferred_username
      allow_all: true
`

const hubFor = (t: TestContext) => startTestHub(t, { config: config() })

/** Begins, and gives what the browser comes back with. */
async function begin(hub: TestHub, browser = new Traveller()) {
  const { url } = await browser.open(`${hub.url}/hub/oauth_login?at=here`, { until: () => true })
  return { browser, authorization: new URL(url), answer: provider.approve(new URL(url)) }
}

async function comeBack(hub: TestHub, browser: Traveller, answer: URLSearchParams | string) {
  return browser.open(`${hub.url}/hub/oauth_callback?${answer}`, { until: ({ pathname }) => pathname === '/hub/spawn' })
}

async function assertNobody(hub: TestHub, browser: Traveller): Promise<void> {
  assert.equal(JSON.parse((await browser.open(`${hub.url}/hub/who`)).text).name, null)
}

async function assertRefused(hub: TestHub, { log, code }: Pick<HostileCase, 'log' | 'code'>): Promise<void> {
  const denial = hub.denials().at(-1)
  assert.match(denial?.log ?? '', log)
  if (code) assert.equal(denial?.code, code)
}

test('what is bent lets nobody in', async (t) => {
  const hub = await hubFor(t)
  await t.test('what is right does', async () => {
    const { browser, answer } = await begin(hub)
    const page = await comeBack(hub, browser, answer)
    assert.equal(page.status, 0, JSON.stringify(hub.denials()))
    assert.equal(JSON.parse((await browser.open(`${hub.url}/hub/who`)).text).name, 'eve')
  })
  for (const one of [...signatures, ...claimCases, ...answers]) {
    await t.test(one.name, async () => {
      const before = hub.denials().length
      const { browser, answer } = await begin(hub)
      provider.bent = one.bent
      const page = await comeBack(hub, browser, answer)
      provider.bent = {}
      assert.equal(page.status, 403, page.text)
      assert.equal(hub.denials().length, before + 1)
      await assertRefused(hub, one)
      await assertNobody(hub, browser)
    })
  }
})

test('what comes back in the wrong place lets nobody in', async (t) => {
  const hub = await hubFor(t)
  const places: readonly [string, (begun: Awaited<ReturnType<typeof begin>>) => Promise<string>, string, RegExp][] = [
    ['without a state', async ({ answer }) => changed(answer, { state: null }), 'ATTEMPT_UNKNOWN', /state/],
    [
      'with a state of nobody',
      async ({ answer }) => changed(answer, { state: 'f'.repeat(32) }),
      'ATTEMPT_UNKNOWN',
      /state/,
    ],
    [
      'with a state that is no text of ours',
      async ({ answer }) => changed(answer, { state: "' or 1=1" }),
      'ATTEMPT_UNKNOWN',
      /state/,
    ],
    [
      'with the state of another browser',
      async () => (await begin(hub)).answer.toString(),
      'ATTEMPT_FOREIGN',
      /another browser/,
    ],
    [
      'with the code of another attempt',
      async ({ answer }) => changed(answer, { code: (await begin(hub)).answer.get('code') }),
      'PROVIDER_REFUSED',
      /invalid_grant/,
    ],
    [
      'with the code of another attempt in this browser',
      async ({ browser, answer }) => changed(answer, { code: (await begin(hub, browser)).answer.get('code') }),
      'PROVIDER_REFUSED',
      /invalid_grant/,
    ],
    [
      'with the issuer of another',
      async ({ answer }) => changed(answer, { iss: 'https://evil.example' }),
      'PROVIDER_ANSWER_REFUSED',
      /evil/,
    ],
    ['with an empty issuer', async ({ answer }) => changed(answer, { iss: '' }), 'PROVIDER_ANSWER_REFUSED', /iss|of ,/],
    [
      'without the issuer that was agreed',
      async ({ answer }) => changed(answer, { iss: null }),
      'PROVIDER_ANSWER_REFUSED',
      /iss/,
    ],
    ['without a code', async ({ answer }) => changed(answer, { code: null }), 'PROVIDER_ANSWER_WRONG', /code/],
    ['with two codes', async ({ answer }) => `${answer}&code=x`, 'PROVIDER_ANSWER_REFUSED', /twice/],
    ['with two states', async ({ answer }) => `${answer}&state=x`, 'PROVIDER_ANSWER_REFUSED', /twice/],
    [
      'with a code of nobody',
      async ({ answer }) => changed(answer, { code: 'x' }),
      'PROVIDER_REFUSED',
      /invalid_grant/,
    ],
    [
      'with an error that is HTML',
      async ({ answer }) => changed(answer, { code: null, error: 'x', error_description: '<script>alert(1)</script>' }),
      'PROVIDER_REFUSED',
      /script/,
    ],
    [
      'late',
      async ({ answer }) => {
        hub.pass(31 * 60_000)
        return answer.toString()
      },
      'ATTEMPT_EXPIRED',
      /expired/,
    ],
  ]
  for (const [name, bend, code, log] of places) {
    await t.test(name, async () => {
      const begun = await begin(hub)
      const page = await comeBack(hub, begun.browser, await bend(begun))
      assert.equal(page.status, 403, page.text)
      assert.doesNotMatch(page.text, /<script>alert/)
      await assertRefused(hub, { code, log })
      await assertNobody(hub, begun.browser)
    })
  }
  await t.test('again', async () => {
    const { browser, answer } = await begin(hub)
    assert.equal((await comeBack(hub, browser, answer)).status, 0)
    const page = await comeBack(hub, browser, answer)
    assert.equal(page.status, 403)
    await assertRefused(hub, { code: 'ATTEMPT_USED', log: /used before/ })
  })
})

function changed(answer: URLSearchParams, changes: Readonly<Record<string, string | null>>): string {
  const made = new URLSearchParams(answer)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) made.delete(name)
    else made.set(name, value)
  }
  return made.toString()
}

test('a provider that is not who it says is never asked', async (t) => {
  for (const [name, bent] of [
    [
      'its documents name another issuer',
      { metadata: (right: object) => ({ ...right, issuer: 'https://evil.example' }) },
    ],
    ['its documents are none', { metadata: () => [] as never }],
  ] as const) {
    await t.test(name, async (t) => {
      provider.bent = bent
      const hub = await hubFor(t)
      const page = await new Traveller().open(`${hub.url}/hub/oauth_login?at=here`)
      provider.bent = {}
      assert.equal(page.status, 503)
      assert.equal(hub.denials().at(-1)?.code, 'PROVIDER_UNREACHABLE')
    })
  }
  await t.test('it has no keys', async (t) => {
    const hub = await hubFor(t)
    const { browser, answer } = await begin(hub)
    provider.bent = { jwks: () => ({ keys: [] }) }
    const page = await comeBack(hub, browser, answer)
    provider.bent = {}
    assert.equal(page.status, 403)
    await assertRefused(hub, { log: /key/i })
  })
})

const logoutEvent = { 'http://schemas.openid.net/event/backchannel-logout': {} }

test('an order to sign out is believed only from the provider, and once', async (t) => {
  const hub = await hubFor(t)
  const { browser, answer } = await begin(hub)
  assert.equal((await comeBack(hub, browser, answer)).status, 0)
  const now = Math.floor(Date.now() / 1000)
  const right = { iss: provider.issuer, aud: clientId, sub: 'eve-1', iat: now, jti: 'j1', events: logoutEvent }
  const header = { alg: 'RS256', typ: 'logout+jwt', kid: 'k1' }
  const post = async (
    claims: Record<string, unknown>,
    { key = own.privateKey, head = header as Record<string, unknown> } = {},
  ) => {
    const body = new URLSearchParams({ logout_token: signed({ header: head, claims }, key) })
    return (await fetch(`${hub.url}/hub/oauth_backchannel_logout`, { method: 'POST', body })).status
  }
  const wrong: readonly [string, Promise<number>][] = [
    ['of another key', post(right, { key: rogue.privateKey })],
    ['of another issuer', post({ ...right, iss: 'https://evil.example' })],
    ['for another', post({ ...right, aud: 'other' })],
    ['with a nonce, as an ID token has one', post({ ...right, nonce: 'x' })],
    ['without its event', post({ ...right, events: {} })],
    ['about nobody', post({ ...right, sub: undefined })],
    ['without an id', post({ ...right, jti: undefined })],
    ['an hour old', post({ ...right, iat: now - 3600 })],
    ['with alg none', post(right, { head: { alg: 'none' } })],
  ]
  for (const [name, status] of wrong) {
    await t.test(name, async () => {
      assert.equal(await status, 400)
      assert.equal(JSON.parse((await browser.open(`${hub.url}/hub/who`)).text).name, 'eve')
    })
  }
  assert.ok(hub.logged.filter(({ message }) => /Logout by the provider refused/.test(message)).length >= wrong.length)
  assert.equal(await post(right), 200)
  await assertNobody(hub, browser)
  assert.equal(await post(right), 400, 'used before')
})

/** Servers and services that ask for what is not theirs. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { type Answer, exchangeBytes, requestBytes } from '../../harness/raw-request.ts'
import { browser, type Client, fields, form, type Nonsense, plain, row, type World } from './world.ts'

type Fields = Readonly<Record<string, string>>

const authorizePath = (client: Client, change: Fields = {}) =>
  `/hub/api/oauth2/authorize?${fields({ client_id: client.id, redirect_uri: client.redirectUri, response_type: 'code', state: 's', ...change })}`

const authorize = (change: Fields) => browser('ada', ({ course }) => ({ path: authorizePath(course, change) }))

async function newCode(world: World, change: Fields = {}): Promise<string> {
  const answer = await browser('ada', () => ({ path: authorizePath(world.course, change) }))(world)
  const code = new URL(answer.headers.get('location') ?? 'none:').searchParams.get('code')
  assert.ok(code, `a code: ${answer.status} ${answer.text}`)
  return code
}

function exchange({ port, course }: World, code: string, change: Fields = {}): Promise<Answer> {
  const body = fields({
    grant_type: 'authorization_code',
    client_id: course.id,
    client_secret: course.secret,
    redirect_uri: course.redirectUri,
    code,
    ...change,
  })
  return exchangeBytes(port, requestBytes({ method: 'POST', path: '/hub/api/oauth2/token', headers: form, body }))
}

/** The OAuth error of an answer in JSON. */
const says =
  (error: string): Nonsense['holds'] =>
  ({ text }) =>
    assert.equal((JSON.parse(text) as { error: string }).error, error)

/** A good code that comes with something wrong is lost. */
const spoilt = (what: string, change: Fields | ((world: World) => Fields), asked: Fields = {}) =>
  row(
    `a code with ${what}`,
    [400],
    async (world) =>
      exchange(world, await newCode(world, asked), typeof change === 'function' ? change(world) : change),
    says('invalid_grant'),
  )

const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url')
const pkce = { code_challenge: challenge, code_challenge_method: 'S256' }

/** Told by a redirect to the client's own address. */
const refusedTo =
  (error: string): Nonsense['holds'] =>
  ({ headers }, { course }) => {
    const location = new URL(headers.get('location') ?? 'none:')
    assert.equal(location.href.split('?')[0], course.redirectUri)
    assert.equal(location.searchParams.get('error'), error)
    assert.equal(location.searchParams.get('code'), null)
  }

/** Nothing is sent to an address that is not the client's. */
const noRedirect: Nonsense['holds'] = ({ headers }) => assert.equal(headers.get('location'), null)

export const oauth: readonly Nonsense[] = [
  row(
    'authorize without anything',
    [400],
    browser('ada', () => ({ path: '/hub/api/oauth2/authorize' })),
    noRedirect,
  ),
  row('authorize for an unknown client', [400], authorize({ client_id: 'service-nobody' }), noRedirect),
  row(
    'authorize with an address of somebody else',
    [400],
    authorize({ redirect_uri: 'https://evil.example/' }),
    noRedirect,
  ),
  row(
    'authorize with an address that only begins right',
    [400],
    authorize({ redirect_uri: 'http://127.0.0.1:9/callback/../x' }),
    noRedirect,
  ),
  row('authorize with an empty address', [400], authorize({ redirect_uri: '' }), noRedirect),
  row(
    'authorize with two clients',
    [400],
    browser('ada', ({ course }) => ({ path: `${authorizePath(course)}&client_id=service-other` })),
    noRedirect,
  ),
  row(
    'authorize with response_type=token',
    [302],
    authorize({ response_type: 'token' }),
    refusedTo('unsupported_response_type'),
  ),
  row('authorize without a response_type', [302], authorize({ response_type: '' }), refusedTo('invalid_request')),
  row('authorize for a scope that there is not', [302], authorize({ scope: 'everything' }), refusedTo('invalid_scope')),
  row(
    'authorize with a challenge of nonsense',
    [302],
    authorize({ code_challenge: 'x', code_challenge_method: 'S256' }),
    refusedTo('invalid_request'),
  ),
  row(
    'authorize with a challenge by a method that there is not',
    [302],
    authorize({ ...pkce, code_challenge_method: 'MD5' }),
    refusedTo('invalid_request'),
  ),
  row(
    'authorize by somebody who may not use the service',
    [403],
    browser('bob', ({ course }) => ({ path: authorizePath(course) })),
    noRedirect,
  ),
  row(
    'authorize with a token',
    [403],
    (world) =>
      exchangeBytes(
        world.port,
        requestBytes({ path: authorizePath(world.course), headers: { Authorization: `token ${world.tokens.admin}` } }),
      ),
    noRedirect,
  ),
  row(
    'a consent without _xsrf',
    [403],
    browser('ada', ({ course }) => ({ method: 'POST', path: authorizePath(course), headers: form, body: '' })),
    noRedirect,
  ),
  row(
    'a consent from another site',
    [403],
    browser('ada', ({ course, ada }) => ({
      method: 'POST',
      path: authorizePath(course),
      headers: { ...form, 'Sec-Fetch-Site': 'cross-site' },
      body: fields({ _xsrf: ada.cookie('_xsrf')! }),
    })),
    noRedirect,
  ),
  row('a code that was never given', [400], (world) => exchange(world, 'x'.repeat(30)), says('invalid_grant')),
  row('an empty code', [400], (world) => exchange(world, ''), says('invalid_request')),
  row('a code of 10 KiB', [400], (world) => exchange(world, 'x'.repeat(10_240)), says('invalid_request')),
  spoilt('another redirect_uri', { redirect_uri: 'https://evil.example/' }),
  spoilt('no redirect_uri', { redirect_uri: '' }),
  spoilt('another client', ({ other }) => ({ client_id: other.id, client_secret: other.secret })),
  spoilt('a verifier that was not announced', { code_verifier: 'v'.repeat(43) }),
  spoilt('a wrong verifier', { code_verifier: 'w'.repeat(43) }, pkce),
  spoilt('a verifier of nonsense', { code_verifier: 'v' }, pkce),
  spoilt('no verifier', {}, pkce),
  row('a wrong secret', [401], (world) => exchange(world, 'x', { client_secret: 'wrong' }), says('invalid_client')),
  row('an empty secret', [401], (world) => exchange(world, 'x', { client_secret: '' }), says('invalid_client')),
  row('an unknown client', [401], (world) => exchange(world, 'x', { client_id: 'nobody' }), says('invalid_client')),
  row(
    'a grant that there is not',
    [400],
    (world) => exchange(world, 'x', { grant_type: 'password' }),
    says('unsupported_grant_type'),
  ),
  row(
    'an exchange in JSON',
    [400],
    plain({
      method: 'POST',
      path: '/hub/api/oauth2/token',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    }),
    says('invalid_request'),
  ),
  row(
    'an exchange of nothing',
    [400],
    plain({ method: 'POST', path: '/hub/api/oauth2/token' }),
    says('invalid_request'),
  ),
  row('an exchange by GET', [404, 405], plain({ path: '/hub/api/oauth2/token' })),
  row(
    'a code that comes twice',
    [400],
    async (world) => {
      const code = await newCode(world)
      const first = await exchange(world, code)
      const second = await exchange(world, code)
      const { access_token: token } = JSON.parse(first.text) as { access_token: string }
      const after = await world.hub.api('/user', { token })
      assert.equal(after.status, 403, 'the token of the first is taken back')
      return second
    },
    says('invalid_grant'),
  ),
]

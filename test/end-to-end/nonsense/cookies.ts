/** Cookies that are none, and requests of a browser that its person never meant. */
import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { browser, fields, form, type Nonsense, row, type World } from './world.ts'

const login = 'jupyterhub-hub-login'

/** A login in the right form, signed with the key of another hub. */
function forgedLogin(name: string, cookieId: string): string {
  const value = Buffer.from(cookieId).toString('base64')
  const parts = ['0', `${Math.floor(Date.now() / 1000)}`, name, value].map((text) => `${text.length}:${text}`)
  const signed = `2|${parts.join('|')}|`
  return signed + createHmac('sha256', randomBytes(32)).update(signed).digest('hex')
}

/** Ada's cookies with another login, on a page for people who are signed in. */
const withCookie = (name: string, change: (own: string, world: World) => string) =>
  row(
    `${name} leads to the sign-in page`,
    [302],
    browser('ada', (world) => {
      const own = world.ada.cookie(login)!
      const session = world.ada.cookie('jupyterhub-session-id')!
      return { path: '/hub/token', cookie: `jupyterhub-session-id=${session}; ${login}=${change(own, world)}` }
    }),
    ({ headers }) => assert.match(headers.get('location') ?? '', /^\/hub\/login\?next=/),
  )

export const cookies: readonly Nonsense[] = [
  withCookie('an empty login', () => ''),
  withCookie('a login of nonsense', () => '"nonsense"'),
  withCookie('a login with its last letter changed', (own) => own.replace(/.("?)$/, (_, quote) => `~${quote}`)),
  withCookie('a login without its signature', (own) => own.slice(0, -66)),
  withCookie('a login cut in the middle', (own) => own.slice(0, own.length / 2)),
  withCookie('a login signed with another key', () => forgedLogin(login, 'f'.repeat(32))),
  withCookie('a login signed for another cookie', () => forgedLogin('_xsrf', 'f'.repeat(32))),
  withCookie('a login of a version that there is not', (own) => own.replace('2|', '3|')),
  withCookie('a login with lengths that lie', (own) => own.replace('|1:0|', '|99999:0|')),
  withCookie('a login of 20 KiB', () => '2|'.repeat(10_000)),
  row(
    'a login with the session of somebody else leads to the sign-in page',
    [302],
    browser('ada', ({ ada, bob }) => ({
      path: '/hub/token',
      cookie: `jupyterhub-session-id=${bob.cookie('jupyterhub-session-id')}; ${login}=${ada.cookie(login)}`,
    })),
    ({ headers }) => assert.match(headers.get('location') ?? '', /^\/hub\/login\?next=/),
  ),
  row(
    'a session without a login leads to the sign-in page',
    [302],
    browser('ada', ({ ada }) => ({
      path: '/hub/token',
      cookie: `jupyterhub-session-id=${ada.cookie('jupyterhub-session-id')}`,
    })),
  ),
  row(
    'ten thousand cookies are nobody',
    [302, 431],
    browser('ada', () => ({ path: '/hub/token', cookie: 'a=b; '.repeat(10_000) })),
  ),
]

const ownTokens = '/hub/api/users/ada/tokens'

/** The form on the page of tokens, from ada's browser; `token` stands for her `_xsrf`. */
function tokenForm(
  what: string,
  wanted: readonly number[],
  body: (token: string, world: World) => string,
  headers: Readonly<Record<string, string>> = form,
): Nonsense {
  const made = (world: World) => body(world.ada.cookie('_xsrf')!, world)
  const send = browser('ada', (world) => ({ method: 'POST', path: '/hub/token', headers, body: made(world) }))
  return row(`the form for tokens ${what}`, wanted, send)
}

/** A request of the API with ada's cookies. */
function apiCall(
  what: string,
  request: (token: string, world: World) => { method?: string; path: string; headers: Record<string, string> },
): Nonsense {
  const send = browser('ada', (world) => {
    const made = request(world.ada.cookie('_xsrf')!, world)
    return { ...made, cookie: world.ada.cookieHeader('/hub/api/'), ...(made.method === 'POST' ? { body: '{}' } : {}) }
  })
  return row(`the API with a cookie ${what}`, [403], send)
}

const json = { 'Content-Type': 'application/json' }
const script = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors' }
const crossSite = { 'Sec-Fetch-Site': 'cross-site' }
const create = (token: string) => fields({ action: 'create', _xsrf: token })

export const xsrf: readonly Nonsense[] = [
  tokenForm('without _xsrf', [403], () => 'action=create'),
  tokenForm('with the _xsrf of bob', [403], (_, { bob }) => create(bob.cookie('_xsrf')!)),
  tokenForm('with an _xsrf of nonsense', [403], () => create('AAAA')),
  tokenForm('from another site', [403], create, { ...form, ...crossSite }),
  tokenForm('with a foreign Origin', [403], create, {
    'Content-Type': form['Content-Type'],
    Origin: 'https://evil.example',
  }),
  tokenForm('without an action', [400], (token) => fields({ _xsrf: token })),
  tokenForm('with two actions', [400], (token) => `action=create&action=revoke&_xsrf=${token}`),
  tokenForm('with a life of nonsense', [400], (token) => `${create(token)}&expires_in=NaN`),
  tokenForm('with a scope of nonsense', [400], (token) => `${create(token)}&scopes=everything`),
  tokenForm('that revokes nonsense', [404], (token) => fields({ action: 'revoke', token: 'a999999999', _xsrf: token })),
  tokenForm('in multipart', [400, 403, 415], () => '--x\r\nnonsense', {
    ...form,
    'Content-Type': 'multipart/form-data; boundary=x',
  }),
  row(
    'a start by a page of another site',
    [403],
    browser('bob', () => ({ method: 'POST', path: '/hub/spawn', headers: { ...form, ...crossSite }, body: '' })),
  ),
  row(
    'the server of ada stopped by a form of bob',
    [404],
    browser('bob', ({ bob }) => ({
      method: 'POST',
      path: '/hub/servers/ada',
      headers: form,
      body: fields({ action: 'stop', _xsrf: bob.cookie('_xsrf')! }),
    })),
  ),
  apiCall('and no _xsrf', () => ({ method: 'POST', path: ownTokens, headers: { ...json, ...script } })),
  apiCall('and the _xsrf of bob', (_, { bob }) => ({
    method: 'POST',
    path: ownTokens,
    headers: { ...json, 'X-XSRFToken': bob.cookie('_xsrf')! },
  })),
  apiCall('and a form', (token) => ({
    method: 'POST',
    path: ownTokens,
    headers: { 'Content-Type': 'text/plain', 'X-XSRFToken': token },
  })),
  apiCall('from another site', (token) => ({
    method: 'DELETE',
    path: '/hub/api/users/ada/server',
    headers: { ...script, ...crossSite, 'X-XSRFToken': token },
  })),
  apiCall('read by a script of a server', () => ({ path: '/hub/api/user', headers: script })),
  apiCall('under another spelling of its address', () => ({
    method: 'DELETE',
    path: '/hub/%61pi/users/ada/server',
    headers: script,
  })),
]

/** Signing in by nonsense, addresses that lead away, markup where text belongs, and upgrades to nothing. */
import assert from 'node:assert/strict'
import type { Answer } from '../../harness/raw-request.ts'
import { browser, fields, form, markup, type Nonsense, password, plain, row } from './world.ts'

const signInForm = (body: string, extra: object = {}) =>
  plain({ method: 'POST', path: '/hub/login', headers: { ...form, ...extra }, body })

const signInAs = (what: string, username: string) =>
  row(`a sign-in as ${what}`, [400, 403], signInForm(fields({ username, password })))

export const signIn: readonly Nonsense[] = [
  signInAs('nobody', ''),
  signInAs('a slash', 'a/b'),
  signInAs('two dots', '..'),
  signInAs('a NUL', 'a\0b'),
  signInAs('a line feed', 'a\nb'),
  signInAs('300 characters', 'a'.repeat(300)),
  signInAs('text that runs backwards', 'a\u202eb'),
  signInAs('an invisible space in a known name', 'ad\u200ba'),
  row('a sign-in with a wrong password', [403], signInForm(fields({ username: 'ada', password: 'x' }))),
  row('a sign-in with two names', [403], signInForm('username=ada&username=bob&password=x')),
  row('a sign-in in JSON', [400, 403, 415], signInForm('{}', { 'Content-Type': 'application/json' })),
  row('a sign-in with half an escape', [400, 403], signInForm('username=%&password=%zz')),
  row('a sign-in of 100 KiB', [413, 0], signInForm(`username=${'a'.repeat(100 * 1024)}`)),
  row(
    'a sign-in from another site',
    [403],
    signInForm(fields({ username: 'ada', password }), { 'Sec-Fetch-Site': 'cross-site' }),
  ),
  row('a sign-in without anything', [403], plain({ method: 'POST', path: '/hub/login' })),
  row('a one-time link of nonsense', [403], plain({ path: '/hub/login?token=nonsense' })),
  row('a one-time link of the right length', [403], plain({ path: `/hub/login?token=${'x'.repeat(43)}` })),
  row('a sign-up where there is none', [404], plain({ path: '/hub/signup' })),
  row('a callback that nobody waits for', [404, 400], plain({ path: '/hub/oauth_callback?code=x&state=y' })),
]

const foreign = [
  'https://evil.example/',
  '//evil.example/',
  '///evil.example',
  '////evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/..//evil.example',
  '/hub/..//evil.example',
  'javascript:alert(1)',
  'data:text/html,x',
  'evil.example',
  'https:evil.example',
  'https:/evil.example',
  'http://127.0.0.1@evil.example/',
  'http://evil.example#@127.0.0.1/',
  'http://127.0.0.1.evil.example/',
  '/%0d%0aX-Injected:%201',
  '/\r\nX-Injected: 1',
  'http://[::1',
  `/${'a'.repeat(20_000)}`,
]

export const nexts: readonly Nonsense[] = foreign.map((next) =>
  row(
    `next=${JSON.stringify(next.slice(0, 40))} does not lead away`,
    [302],
    browser('ada', () => ({ path: `/hub/login?next=${encodeURIComponent(next)}` })),
    ({ headers }, { hub }) => {
      const location = headers.get('location') ?? ''
      // As a browser reads it.
      assert.equal(new URL(location, hub.url).origin, hub.url, location)
      assert.match(location, /^\/(?![/\\])/)
    },
  ),
)

const noMarkup = ({ text }: Answer) => assert.doesNotMatch(text, /<img src=x|<script>alert|onerror="/)
const markupInUrl = encodeURIComponent('"><script>alert(1)</script>')

export const pages: readonly Nonsense[] = [
  row('markup as next on the sign-in page', [200], plain({ path: `/hub/login?next=${markupInUrl}` }), noMarkup),
  row(
    'markup as the name of a failed sign-in',
    [403],
    signInForm(fields({ username: markup, password: 'x' })),
    noMarkup,
  ),
  row('markup in the path of a page', [404], plain({ path: `/hub/${markupInUrl}` }), noMarkup),
  row(
    'markup as the user of a page',
    [404],
    browser('ada', () => ({ path: `/hub/spawn/${encodeURIComponent(markup)}` })),
    noMarkup,
  ),
  row(
    'markup as the path of a server',
    [424],
    browser('ada', () => ({ path: `/hub/user/ada/${markupInUrl}/api` })),
    ({ headers }) => assert.equal(headers.get('content-type'), 'application/json'),
  ),
  row(
    'markup as the client of a consent page',
    [400],
    browser('ada', () => ({ path: `/hub/api/oauth2/authorize?client_id=${markupInUrl}` })),
    noMarkup,
  ),
  row(
    'the server of somebody else',
    [404],
    browser('bob', () => ({ path: '/hub/user/ada/' })),
  ),
  row(
    'the start of somebody else',
    [404, 403],
    browser('bob', () => ({ path: '/hub/spawn-pending/ada' })),
  ),
  row(
    'the page of administrators',
    [403],
    browser('bob', () => ({ path: '/hub/admin' })),
  ),
  row(
    'a redirect count of nonsense',
    [302],
    browser('ada', () => ({ path: '/hub/user/ada/?redirects=nonsense' })),
  ),
  row(
    'a redirect count below nothing',
    [302],
    browser('ada', () => ({ path: '/hub/user/ada/?redirects=-7' })),
  ),
  row(
    'PUT to a page',
    [403, 404, 405],
    browser('ada', () => ({ method: 'PUT', path: '/hub/home' })),
  ),
  row(
    'POST to a page that only shows',
    [404, 405],
    browser('ada', ({ ada }) => ({ method: 'POST', path: `/hub/home?_xsrf=${ada.cookie('_xsrf')}` })),
  ),
  row(
    'a report of a browser that is none',
    [204, 400],
    plain({ method: 'POST', path: '/hub/security/csp-report', body: '\0nonsense' }),
  ),
  row(
    'a report of a browser of 100 KiB',
    [413],
    plain({ method: 'POST', path: '/hub/security/csp-report', body: 'x'.repeat(100 * 1024) }),
  ),
  row(
    'an Accept-Language of nonsense',
    [200],
    plain({ path: '/hub/login', headers: { 'Accept-Language': ';;q=9,__proto__,*;q=-1' } }),
  ),
  row(
    'a forwarded protocol of nonsense',
    [200],
    plain({ path: '/hub/login', headers: { 'X-Forwarded-Proto': 'javascript', Forwarded: 'proto=;;,"' } }),
  ),
]

const websocket = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' }
const key = { 'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==' }
const notUpgraded = [400, 403, 404, 405, 424, 426, 501]

function upgrade(what: string, path: string, headers: Readonly<Record<string, string>>): Nonsense {
  return row(what, notUpgraded, plain({ path, headers: { ...websocket, ...headers } }))
}

export const upgrades: readonly Nonsense[] = [
  upgrade('a websocket without a key', '/user/ada/api/events/subscribe', {}),
  upgrade('a websocket of a stranger', '/user/ada/api/events/subscribe', key),
  upgrade('a websocket with a key of nonsense', '/user/ada/api/kernels/x/channels', { 'Sec-WebSocket-Key': '?' }),
  upgrade('a websocket of a version that there is not', '/user/ada/api/events/subscribe', {
    ...key,
    'Sec-WebSocket-Version': '99',
  }),
  upgrade('a websocket to a server that does not run', '/user/bob/api/kernels/x/channels', key),
  upgrade('a websocket to the API', '/hub/api/user', key),
  row(
    'a websocket by POST',
    notUpgraded,
    plain({ method: 'POST', path: '/hub/api/users', headers: websocket, body: '{}' }),
  ),
  upgrade('an upgrade to nonsense', '/hub/api/user', { Upgrade: 'nonsense' }),
  upgrade('an upgrade to HTTP/2', '/hub/api/user', { Upgrade: 'h2c', 'HTTP2-Settings': 'AAMAAABkAAQAAP__' }),
]

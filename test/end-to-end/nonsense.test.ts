/** Requests that nobody should send: each gets the right status, and none leaves a trace. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { type RunningHub, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
      allow_named_servers: true
    Authenticator:
      allow_all: true
`

interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Whose token goes along; none: nobody's. */
  readonly as?: 'admin' | 'ada'
  /** The sign-in of ada's browser goes along. */
  readonly cookies?: true
}

type Case = readonly [what: string, wanted: readonly number[], sent: Sent]

const json = { 'content-type': 'application/json' }
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const crossSite = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }
const api = '/hub/api'
const post = (path: string, body: string, own: Partial<Sent> = {}): Sent => ({
  method: 'POST',
  path: `${api}${path}`,
  headers: json,
  body,
  as: 'admin',
  ...own,
})
const get = (path: string, own: Partial<Sent> = {}): Sent => ({ path, ...own })
const each = <T>(values: readonly T[], make: (value: T) => Case): Case[] => values.map(make)

const bodies: Case[] = [
  ...each(['{', '[1,', '{"usernames": [}', 'not json', '\u0000', '{"a":1}}', "{'usernames': ['a']}"], (body) => [
    `users: a body of ${JSON.stringify(body)}`,
    [400],
    post('/users', body),
  ]),
  ...each(
    [
      '[]',
      '"x"',
      '7',
      '{}',
      '{"usernames": "x"}',
      '{"usernames": [1]}',
      '{"usernames": []}',
      '{"usernames": [""]}',
      '{"usernames": ["a/b"]}',
      '{"usernames": ["x"], "admin": "yes"}',
    ],
    (body) => [`users: the wrong shape ${body}`, [400], post('/users', body)],
  ),
  ...each(['{"admin": 1}', '{"name": 7}', '{"nosuch": true}', '{"groups": []}', '[]'], (body) => [
    `a user changed by ${body}`,
    [400],
    post('/users/ada', body, { method: 'PATCH' }),
  ]),
  ...each(['[]', '"fast"', '7', '{"user_options": 7}', '{"display_name": 7}'], (body) => [
    `a start with ${body}`,
    [400],
    post('/users/ada/server', body),
  ]),
  ...each(
    [
      '{}',
      '{"last_activity": "yesterday"}',
      '{"last_activity": 7}',
      '{"servers": {"nosuch": {"last_activity": "2026-01-01T00:00:00Z"}}}',
      '{"servers": []}',
      '{"last_activity": "2999-01-01T00:00:00Z"}',
    ],
    (body) => [`activity of ${body}`, [400], post('/users/ada/activity', body)],
  ),
  ...each(
    [
      '{"expires_in": "soon"}',
      '{"expires_in": 1.5}',
      '{"scopes": "all"}',
      '{"scopes": ["nosuch"]}',
      '{"scopes": ["admin:users"]}',
      '{"roles": ["nosuch"]}',
      '{"roles": ["user"], "scopes": ["self"]}',
      '{"note": 7}',
    ],
    (body) => [`a token of ${body}`, [400], post('/users/ada/tokens', body, { as: 'ada' })],
  ),
  // 503 where the hub closes on the rest before the proxy has read its answer.
  ['a body of 11 MB', [413, 503], post('/users', JSON.stringify({ usernames: ['x'.repeat(11 * 1024 ** 2)] }))],
  ['a group of an unknown user', [400], post('/groups/lab', '{"users": ["nobody"]}')],
]

const paths: Case[] = [
  ...each(
    [
      '/hub/api/../../etc/passwd',
      '/hub/static/../../../package.json',
      '/hub/static/%2e%2e/%2e%2e/package.json',
      '/hub/static/..%2f..%2fpackage.json',
      '/hub/static/%00',
      '/hub/static/....//package.json',
      '/hub/static//etc/passwd',
    ],
    (path) => [`the path ${path}`, [302, 400, 403, 404], get(path)],
  ),
  ...each(['/hub/%', '/hub/api/users/%zz', '/hub/api/users/%c3%28'], (path) => [
    `the escape in ${path}`,
    [400, 403, 404],
    get(path, { as: 'admin' }),
  ]),
  ...each(['/hub/api/nosuch', '/hub/api/users/ada/nosuch', '/hub/api/users//', '/hub/api//users'], (path) => [
    `no such ${path}`,
    [404],
    get(path, { as: 'admin' }),
  ]),
  ['a user that is not there', [404], get(`${api}/users/nobody`, { as: 'admin' })],
  ['another user', [404], get(`${api}/users/bo`, { as: 'ada' })],
  ['the list of users by a user', [403], get(`${api}/users`, { as: 'ada' })],
  ['a start for another user', [404], post('/users/bo/server', '', { as: 'ada' })],
  ['the end of another user', [403, 404], post('/users/bo', '', { as: 'ada', method: 'DELETE' })],
  ['the shutdown by a user', [403], post('/shutdown', '{}', { as: 'ada' })],
  ['the proxy by a user', [403], get(`${api}/proxy`, { as: 'ada' })],
  ['a server that is not there', [404], post('/users/ada/servers/nosuch', '', { method: 'DELETE' })],
  [
    'progress of nothing',
    [400, 404],
    get(`${api}/users/ada/server/progress`, { as: 'admin', headers: { 'last-event-id': 'x' } }),
  ],
  ...each(['UPPER', 'a--b', '-a', 'a'.repeat(31), 'a%20b', '%2e%2e', '1a'], (name) => [
    `a server named ${name}`,
    [400, 404],
    post(`/users/ada/servers/${name}`, ''),
  ]),
  ...each(['limit=x', 'offset=-x', 'state=nosuch', 'sort=nosuch', 'limit=1e3x'], (query) => [
    `users?${query}`,
    [400],
    get(`${api}/users?${query}`, { as: 'admin' }),
  ]),
  ...each(['PUT', 'PATCH', 'DELETE', 'TRACE'], (method) => [
    `${method} of the list of users`,
    [400, 404, 405, 501],
    { method, path: `${api}/users`, as: 'admin' },
  ]),
  ['PUT of the home page', [403, 404, 405], { method: 'PUT', path: '/hub/home' }],
]

const strangers: Case[] = [
  ...each(
    [
      'token x',
      'token',
      'Bearer ',
      'Basic YWRhOg==',
      `token ${'0'.repeat(32)}`,
      `token ${'x'.repeat(5000)}`,
      'token \u00ff',
    ],
    (authorization) => [
      `the authorization ${authorization.slice(0, 20)}`,
      [403],
      get(`${api}/user`, { headers: { authorization } }),
    ],
  ),
  ...each(
    [
      'x',
      '""',
      '"2|1:0|10:1|20:jupyterhub-hub-login|4:eA==|00"',
      `"2|1:0|10:1895413280|20:jupyterhub-hub-login|44:${Buffer.from('0'.repeat(32)).toString('base64')}|${'0'.repeat(64)}"`,
      '2|',
      '\u00ff',
    ],
    (value) => [
      `the forged login ${value.slice(0, 20)}`,
      [302, 403],
      get('/hub/home', {
        headers: { cookie: `jupyterhub-hub-login=${value}; jupyterhub-session-id=${'0'.repeat(32)}` },
      }),
    ],
  ),
  [
    'an API call across sites',
    [403],
    post('/users/ada/tokens', '{}', { as: undefined as never, cookies: true, headers: { ...json, ...crossSite } }),
  ],
  [
    'an API call without its XSRF token',
    [403],
    post('/users/ada/tokens', '{}', {
      as: undefined as never,
      cookies: true,
      headers: { ...json, 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' },
    }),
  ],
  [
    'a form across sites',
    [403],
    { method: 'POST', path: '/hub/spawn', headers: { ...form, ...crossSite }, body: 'profile=x', cookies: true },
  ],
  [
    'a form with a wrong XSRF token',
    [403],
    { method: 'POST', path: '/hub/spawn', headers: form, body: '_xsrf=wrong', cookies: true },
  ],
  [
    'a sign-in across sites',
    [403],
    { method: 'POST', path: '/hub/login', headers: { ...form, ...crossSite }, body: 'username=ada' },
  ],
  ['a sign-in without a name', [403], { method: 'POST', path: '/hub/login', headers: form, body: 'username=' }],
  ['a sign-in link that never was', [403], get(`/hub/login?token=${'x'.repeat(43)}`)],
  [
    'an OAuth client that is not there',
    [400],
    get(`${api}/oauth2/authorize?client_id=nosuch&redirect_uri=/x&response_type=code`, { cookies: true }),
  ],
  ['an OAuth request of nothing', [400], get(`${api}/oauth2/authorize`, { cookies: true })],
  ...each(
    [
      '',
      'grant_type=password',
      'grant_type=authorization_code&code=x',
      'grant_type=authorization_code&code=x&client_id=nosuch&client_secret=x&redirect_uri=/x',
      'a'.repeat(2000),
    ],
    (body) => [
      `a code exchanged by ${body.slice(0, 50)}`,
      [400, 401],
      { method: 'POST', path: `${api}/oauth2/token`, headers: form, body },
    ],
  ),
]

const nextUrls: Case[] = each(
  [
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '///evil.example',
    '%2F%2Fevil.example',
    '\t//evil.example',
    'http://127.0.0.1@evil.example/',
  ],
  (next) => [
    `signed in, with next=${JSON.stringify(next)}`,
    [302, 303, 400],
    get(`/hub/login?next=${encodeURIComponent(next)}`, { cookies: true }),
  ],
)

const cases = [...bodies, ...paths, ...strangers, ...nextUrls]

test(`${cases.length} malformed requests get the right status and leave no trace`, async (t) => {
  assert.ok(cases.length >= 100, `${cases.length} cases`)
  await using hub = await startHub({ config })
  await hub.api('/users', { method: 'POST', body: JSON.stringify({ usernames: ['ada', 'bo'] }) })
  const made = (await (await hub.api('/users/ada/tokens', { method: 'POST', body: '{}' })).json()) as { token: string }
  const ada = new Visitor(hub.url)
  await ada.signIn('ada')
  await hub.api('/users/ada/server', { method: 'DELETE' })
  const before = rows(hub)

  for (const [what, wanted, sent] of cases) {
    await t.test(what, async () => {
      const token = sent.as && { authorization: `token ${sent.as === 'ada' ? made.token : hub.adminToken}` }
      const cookie = sent.cookies && { cookie: ada.cookieHeader(sent.path) }
      const answer = await raw(hub.url, { ...sent, headers: { ...token, ...cookie, ...sent.headers } })

      assert.ok(
        wanted.includes(answer.status),
        `${answer.status}, not ${wanted.join(' or ')}\n${answer.text.slice(0, 600)}`,
      )
      const [, location] = /^location: (.*)$/im.exec(answer.text) ?? []
      assert.equal(new URL(location ?? '/', hub.url).origin, hub.url, `the redirect to ${location} stays here`)
    })
  }

  await t.test('bytes that are no HTTP', async () => {
    for (const bytes of [
      '\x16\x03\x01\x02\x00',
      'GET\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`,
    ]) {
      const { status } = await exchange(hub.url, bytes)
      assert.ok([0, 400, 431, 505].includes(status), `${status} for ${JSON.stringify(bytes.slice(0, 40))}`)
    }
  })

  await t.test('nothing is left of it', async () => {
    assert.deepEqual(rows(hub), before)
    assert.doesNotMatch(hub.output(), /"level":50/)
    assert.equal((await hub.api('/user')).status, 200)
  })
})

/** How many rows each table has that a request could have added to. */
function rows(hub: RunningHub): Record<string, number> {
  const db = new DatabaseSync(join(hub.dataDir, 'himalia.sqlite'), { readOnly: true })
  try {
    const tables = [
      'users',
      'groups',
      'roles',
      'user_roles',
      'user_groups',
      'api_tokens',
      'sessions',
      'oauth_codes',
      'oauth_clients',
      'servers',
      'sign_in_links',
      'passwords',
    ]
    return Object.fromEntries(
      tables.map((table) => [table, Number(db.prepare(`select count(*) as n from ${table}`).get()?.n)]),
    )
  } finally {
    db.close()
  }
}

/** The request as it stands, byte for byte: no client in between that would mend it. */
function raw(
  origin: string,
  { method = 'GET', path, headers = {}, body = '' }: Sent,
): Promise<{ status: number; text: string }> {
  const length = method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host: new URL(origin).host, connection: 'close', ...length, ...headers })
  return exchange(
    origin,
    `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`,
  )
}

/** Status 0: the connection was closed without an answer. */
function exchange(origin: string, bytes: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(origin).port), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer within 20 s')))
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done() : reject(error),
    )
    socket.once('close', done)
    function done() {
      resolve({ status: Number(/^HTTP\/1\.\d (\d+)/.exec(text)?.[1] ?? 0), text })
    }
  })
}

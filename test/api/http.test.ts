/** The HTTP server below the routes: headers, errors, limits, and nonsense over real sockets. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { describe, test } from 'node:test'
import { apiClient, routes, statusOf } from '#api'
import { scrub } from '../../src/hub/http/access-log.ts'
import { forwardedProtocol, trustedHops } from '../../src/hub/http/client-address.ts'
import { type TestHub, testHub } from './hub.ts'

describe('every answer', () => {
  test('says the version, and has a policy', async (t) => {
    const hub = await testHub(t)
    for (const [method, url] of [
      ['GET', '/hub/api/'],
      ['GET', '/hub/api/nothing'],
      ['POST', '/hub/api/users'],
      ['GET', '/hub/nothing'],
      ['GET', '/hub/health'],
      ['OPTIONS', '/hub/api/nothing'],
      ['GET', '/hub/api/%'],
    ] as const) {
      const { headers } = await hub.app.inject({ method, url })

      assert.equal(headers['x-jupyterhub-version'], '6.1.1', url)
      assert.equal(headers['access-control-allow-headers'], 'accept, content-type, authorization')
      const policy = String(headers['content-security-policy'])
      assert.match(policy, /frame-ancestors 'none'; report-uri \/hub\/security\/csp-report/)
      assert.equal(policy.includes("default-src 'none'"), url.startsWith('/hub/api'), url)
    }
  })

  test('has the headers that the administrator adds', async (t) => {
    const hub = await testHub(t, {
      hub: { extraHeaders: { 'X-Frame-Options': 'DENY', 'Access-Control-Allow-Headers': 'x' } },
    })

    const { headers } = await hub.app.inject('/hub/api/')

    assert.equal(headers['x-frame-options'], 'DENY')
    assert.equal(headers['access-control-allow-headers'], 'x')
  })

  test('under the API is JSON with status and message', async (t) => {
    const hub = await testHub(t)
    for (const url of [
      '/hub/api/nothing',
      '/hub/api/users/a%2Fb',
      '/hub/api/%E0%A4%A',
      '/hub/api/users/%00',
      '/hub/api//users',
    ]) {
      const answer = await hub.app.inject(url)

      assert.equal(answer.headers['content-type'], 'application/json', url)
      assert.equal(answer.json().status, answer.statusCode)
      assert.ok([400, 403, 404].includes(answer.statusCode), `${url} ${answer.statusCode}`)
    }
  })

  test('to OPTIONS is 200 and empty, and HEAD has no body', async (t) => {
    const hub = await testHub(t)

    const options = await hub.app.inject({ method: 'OPTIONS', url: '/hub/api/users' })
    const head = await hub.app.inject({ method: 'HEAD', url: '/hub/api/' })

    assert.deepEqual([options.statusCode, options.body], [200, ''])
    assert.deepEqual([head.statusCode, head.body], [200, ''])
  })

  test('lies below the base URL, and nothing above it', async (t) => {
    const hub = await testHub(t, { base: '/lab/' })

    assert.equal((await hub.app.inject('/lab/hub/api/')).statusCode, 200)
    assert.equal((await hub.app.inject('/hub/api/')).statusCode, 404)
    assert.match((await hub.app.inject('/lab/hub/api/openapi.json')).json().servers[0].url, /^\/lab\/hub\/api$/)
  })
})

describe('a bug of ours', () => {
  test('is answered with 500 and an id that stands in the log, and nothing of the bug', async (t) => {
    const hub = await testHub(t)
    hub.app.get('/hub/api/bug', async () => {
      throw new Error('secret inner life')
    })

    const answer = await hub.app.inject('/hub/api/bug?token=abc')

    const { id } = answer.json()
    assert.equal(answer.statusCode, 500)
    assert.ok(!answer.body.includes('inner life'))
    const line = hub.logged.find(({ level }) => level === 'error')
    assert.equal(line?.fields.errorId, id)
    assert.ok(!JSON.stringify(hub.logged).includes('token=abc'))
  })
})

describe('a body', () => {
  test('that is no JSON is refused with one sentence, whatever it is called', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    const bodies = ['{', 'usernames=x', '{"usernames": ["\\u0000"]}', Buffer.from([0x7b, 0xff, 0x7d]), '[1,', 'NaN']
    for (const body of bodies) {
      for (const type of [
        'application/json',
        'text/plain',
        'multipart/form-data; boundary=x',
        'json',
        'application/json; charset',
        '; ;',
      ]) {
        const answer = await hub.app.inject({
          method: 'POST',
          url: '/hub/api/users',
          headers: { authorization: `token ${token}`, 'content-type': type },
          payload: body,
        })
        assert.equal(answer.statusCode, 400, `${type} ${body}`)
        assert.equal(answer.json().message, 'Invalid JSON in body of request', `${type} ${body}`)
      }
    }
  })

  test('of the wrong shape is refused with what is wrong', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    for (const [body, message] of [
      ['{"usernames": "x"}', /usernames must be a list/],
      ['{"usernames": [1]}', /usernames\.0 must be text/],
      ['{}', /must have usernames/],
      ['[]', /must be an object/],
      ['null', /must be an object/],
      ['', /needs a body/],
    ] as const) {
      const answer = await hub.call('POST', '/users', { token, body })

      assert.equal(answer.statusCode, 400, body)
      assert.match(answer.json().message, message)
    }
  })

  test('cannot reach into the prototype of anything', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    const body =
      '{"__proto__": {"polluted": 1}, "\\u005f_proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'

    const answer = await hub.call('POST', '/users/root/servers/x', { token, body })

    assert.equal(answer.statusCode, 201)
    assert.equal(({} as { polluted?: number }).polluted, undefined)
    const { user_options } = (await hub.call('GET', '/users/root/servers/x', { token })).json()
    assert.deepEqual(Object.keys(user_options), ['constructor'])
  })

  test('that is too large is refused with 413 before it is read whole', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))

    const answer = await hub.call('POST', '/users', { token, body: 'x'.repeat(10 * 1024 ** 2 + 1) })

    assert.deepEqual([answer.statusCode, answer.json().status], [413, 413])
  })
})

describe('nonsense on the wire', () => {
  for (const [what, sent, status] of [
    [
      'headers larger than any client sends',
      `GET /hub/api/ HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`,
      431,
    ],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['two lengths', 'POST /hub/api/users HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', 400],
    [
      'length and chunks',
      'POST /hub/api/users HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a line break in a header', 'GET /hub/api/ HTTP/1.1\r\nhost: x\r\nx: a\nb\r\n\r\n', 400],
    ['no host', 'GET /hub/api/ HTTP/1.1\r\n\r\n', 400],
    ['a path out of the tree', 'GET /hub/api/../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 404],
    [
      'an encoded path out of the tree',
      'GET /hub/api/%2e%2e%2f%2e%2e%2fetc HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
      404,
    ],
    ['a host with spaces and quotes', 'GET /hub/api/ HTTP/1.1\r\nhost: "><script>\r\nconnection: close\r\n\r\n', 200],
  ] as const) {
    test(`${what}: ${status}`, async (t) => {
      const hub = await testHub(t)

      const answer = await raw(hub, sent)

      assert.match(answer, new RegExp(`^HTTP/1.1 ${status} `))
      assert.equal(hub.logged.filter(({ level }) => level === 'error').length, 0)
    })
  }

  test('leaves the hub answering', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    const random = (seed: number) => {
      let state = seed
      return () => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31
        return state / 2 ** 31
      }
    }
    const next = random(7)
    const pieces = [
      'users',
      'ada',
      '..',
      '%2f',
      '%00',
      '%ff',
      'servers',
      '',
      'progress',
      '\u{1f600}',
      'a1',
      'tokens',
      '?limit=-1e9',
      '?a[]=1&a[b]=2',
      '#x',
      ';x',
      '*',
      '~',
      "'",
      '"',
    ]
    for (let round = 0; round < 300; round += 1) {
      const path = Array.from(
        { length: 1 + Math.floor(next() * 5) },
        () => pieces[Math.floor(next() * pieces.length)],
      ).join('/')
      const method = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'][Math.floor(next() * 5)]!
      const body = ['{}', '[]', '{"users":[null]}', '{"name":{}}', '"', ''][Math.floor(next() * 6)]!
      const answer = await hub.call(method, `/${encodeURI(path).replaceAll('%25', '%')}`, { token, body })

      assert.ok(answer.statusCode < 500 || answer.statusCode === 501, `${method} ${path} ${body} ${answer.body}`)
    }
    assert.equal((await hub.call('GET', '/')).statusCode, 200)
  })
})

async function raw(hub: TestHub, text: string): Promise<string> {
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((hub.app.server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  let answer = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    answer += chunk
    if (answer.includes('\r\n\r\n')) socket.end()
  })
  socket.write(text)
  await once(socket, 'close')
  return answer
}

describe('where a request comes from', () => {
  const headers = {
    'x-forwarded-for': '9.9.9.9, 203.0.113.7',
    'x-forwarded-proto': 'https,http',
    'x-forwarded-host': 'evil',
  }

  async function seen(t: Parameters<typeof testHub>[0], trusted: string[], remoteAddress: string) {
    const hub = await testHub(t, { hub: { trustedDownstreamIps: trusted } })
    hub.app.get('/hub/seen', async ({ ip, protocol, host }) => ({ ip, protocol, host }))
    return (await hub.app.inject({ url: '/hub/seen', headers: { host: 'hub', ...headers }, remoteAddress })).json()
  }

  test('is what the proxy on this machine says, and not what the browser made up', async (t) => {
    assert.deepEqual(await seen(t, [], '127.0.0.1'), { ip: '203.0.113.7', protocol: 'https', host: 'hub' })
  })

  test('is peeled of the hops that the administrator trusts', async (t) => {
    assert.equal((await seen(t, ['203.0.113.0/24'], '127.0.0.1')).ip, '9.9.9.9')
  })

  test('is the other end of the connection when that is a stranger', async (t) => {
    assert.deepEqual(await seen(t, [], '203.0.113.9'), { ip: '203.0.113.9', protocol: 'http', host: 'hub' })
  })

  test('knows loopback in every spelling, and listed networks', () => {
    const isTrusted = trustedHops(() => ['10.0.0.0/8', 'fd00::/8', 'nonsense', '1.2.3.4/99'])

    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '10.1.2.3', 'fd00::1']) {
      assert.ok(isTrusted(address), address)
    }
    for (const address of ['128.0.0.1', '11.0.0.1', '::2', '1.2.3.4', 'nonsense', ''])
      assert.ok(!isTrusted(address), address)
  })

  test('takes the protocol from the header that says it best', () => {
    assert.equal(forwardedProtocol({ forwarded: 'for=1.2.3.4;proto=https;by=x, proto=http' }), 'https')
    assert.equal(forwardedProtocol({ 'x-scheme': 'https', 'x-forwarded-proto': 'http' }), 'https')
    assert.equal(forwardedProtocol({ 'x-forwarded-proto': 'HTTPS, http' }), 'https')
    assert.equal(forwardedProtocol({ 'x-forwarded-proto': 'gopher' }), null)
    assert.equal(forwardedProtocol({}), null)
  })
})

describe('the log of requests', () => {
  for (const [url, expected] of [
    ['/hub/login?next=%2Fhub%2Fhome', '/hub/login?next=%2Fhub%2Fhome'],
    ['/hub/login?token=abc&x=1', '/hub/login?token=[secret]&x=1'],
    ['/hub/api/x?%74oken=abc', '/hub/api/x?%74oken=[secret]'],
    ['/hub/oauth?code=abc&state=def&_xsrf=g', '/hub/oauth?code=[secret]&state=[secret]&_xsrf=[secret]'],
    ['/hub/login?next=%2Fx%3Ftoken%3Dabc', '/hub/login?next=[secret]'],
    ['/hub/api/authorizations/token/abc', '/hub/api/authorizations/token/[secret]'],
    ['/hub/x?%E0%A4%A=1', '/hub/x?%E0%A4%A=1'],
  ] as const) {
    test(`says ${expected}`, () => assert.equal(scrub(url), expected))
  }

  test('has a line with who it was for what people do, and is quiet about what programs ask', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))

    await hub.call('POST', '/users', { token, body: { usernames: ['ada'] } })
    await hub.call('GET', '/user', { token })
    await hub.call('GET', '/health')

    const lines = hub.logged.filter(({ sentence }) => sentence === 'Request')
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['info', 'debug', 'debug'],
    )
    assert.deepEqual([lines[0]?.fields.user, lines[0]?.fields.status], ['root', 201])
    assert.ok(!JSON.stringify(lines).includes(token))
  })
})

describe('the typed client', () => {
  test('calls routes, follows pages and tells what the hub answered', async (t) => {
    const hub = await testHub(t, { hub: { apiPageDefaultLimit: 2 } })
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    await hub.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = hub.app.server.address() as AddressInfo
    const client = apiClient({ url: `http://127.0.0.1:${port}/hub/api`, token })

    const made = await client.call(routes.createUsers, { body: { usernames: ['a@b c', 'b', 'c', 'd'] } })
    const started = await client.request(routes.startServer, { params: { user: 'a@b c', server: '' } })
    const names: string[] = []
    for await (const user of client.items(routes.listUsers, { query: { sort: 'name' } })) names.push(user.name)

    assert.equal(made.length, 4)
    assert.equal(started.status, 201)
    assert.deepEqual(names, ['a@b c', 'b', 'c', 'd', 'root'])
    await assert.rejects(
      client.call(routes.getUser, { params: { user: 'nobody' } }),
      (error) => statusOf(error) === 404,
    )
  })
})

test('metrics are for those who may read them', async (t) => {
  const hub = await testHub(t)
  const token = await hub.token(await hub.addUser('root', { admin: true }))
  await hub.call('POST', '/users/root/server', { token })

  const answer = await hub.app.inject({ url: '/hub/metrics', headers: { authorization: `token ${token}` } })

  assert.equal((await hub.app.inject('/hub/metrics')).statusCode, 403)
  assert.match(answer.body, /jupyterhub_total_users 1\n/)
  assert.match(answer.body, /jupyterhub_running_servers 1\n/)
  assert.match(answer.body, /jupyterhub_active_users\{period="24h"\} /)
  assert.match(
    answer.body,
    /jupyterhub_request_duration_seconds_count\{method="POST",handler="\/hub\/api\/users\/:user\/server",code="201"\} 1/,
  )
})

test('metrics are for everybody where the administrator says so', async (t) => {
  const hub = await testHub(t, { hub: { authenticatePrometheus: false } })

  assert.equal((await hub.app.inject('/hub/metrics')).statusCode, 200)
})

test('a report about a broken policy is counted, whatever is in it', async (t) => {
  const hub = await testHub(t, { hub: { authenticatePrometheus: false } })
  for (const payload of [
    '{"csp-report": {"document-uri": "http://x/?token=abc"}}',
    'nonsense',
    '[]',
    '{"csp-report": 1}',
  ]) {
    const answer = await hub.app.inject({
      method: 'POST',
      url: '/hub/security/csp-report',
      payload,
      headers: { 'content-type': 'application/csp-report' },
    })
    assert.equal(answer.statusCode, 204, payload)
  }

  assert.match((await hub.app.inject('/hub/metrics')).body, /jupyterhub_csp_reports_total 4/)
  assert.ok(!JSON.stringify(hub.logged).includes('token=abc'))
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { exchange, httpUpstream, proxyFor, rawClient, scratch, token } from './helpers.ts'

const target = 'http://127.0.0.1:1'

describe('the REST API', () => {
  test('lists what was stored word for word, in the order of first adding, with last_activity', async (t) => {
    const proxy = await proxyFor(t, {}, { clock: { now: () => 1_700_000_000_123, sleep: async () => {} } })
    await proxy.api('POST', '/', { target, hub: true, jupyterhub: true })
    await proxy.api('POST', '/user/a%40b/', { target, user: 'a@b', last_activity: 'mine', nested: { x: [1] } })
    await proxy.api('POST', '/', { target, replaced: true })

    const answer = await proxy.api('GET', '')

    const last_activity = '2023-11-14T22:13:20.123Z'
    assert.equal(answer.headers.get('content-type'), 'application/json')
    assert.deepEqual(Object.entries((await answer.json()) as object), [
      ['/', { target, replaced: true, last_activity }],
      ['/user/a@b', { target, user: 'a@b', last_activity, nested: { x: [1] } }],
    ])
    assert.deepEqual(await (await proxy.api('GET', '/user/a%40b')).json(), {
      target,
      user: 'a@b',
      last_activity,
      nested: { x: [1] },
    })
  })

  test('lists only what was used before inactive_since, strictly', async (t) => {
    let now = 1000
    const proxy = await proxyFor(t, {}, { clock: { now: () => now, sleep: async () => {} } })
    await proxy.api('POST', '/a', { target })
    now = 2000
    await proxy.api('POST', '/b', { target })
    const keys = async (at: string) =>
      Object.keys((await (await proxy.api('GET', `?inactive_since=${at}`)).json()) as object)

    assert.deepEqual(await keys(new Date(1000).toISOString()), [])
    assert.deepEqual(await keys(new Date(2000).toISOString()), ['/a'])
    assert.deepEqual(await keys(new Date(2001).toISOString()), ['/a', '/b'])
    assert.equal((await proxy.api('GET', '?inactive_since=yesterday')).status, 400)
  })

  const refusals: [method: string, path: string, body: unknown, status: number][] = [
    ['GET', '/none', undefined, 404],
    ['DELETE', '/none', undefined, 404],
    ['DELETE', '', undefined, 400],
    ['DELETE', '/a%', undefined, 400],
    ['GET', '/a%', undefined, 400],
    ['POST', '/a%2Fb', { target }, 400],
    ['POST', '/a//b', { target }, 400],
    ['POST', '/a', '{', 400],
    ['POST', '/a', 'null', 400],
    ['POST', '/a', '[]', 400],
    ['POST', '/a', { target: 5 }, 400],
    ['POST', '/a', {}, 400],
    ['POST', '/a', { target: 'not a url' }, 400],
    ['POST', '/a', { target: 'ftp://h' }, 400],
    ['POST', '/a', { target, pad: 'x'.repeat(1024 * 1024) }, 413],
    ['PUT', '/a', { target }, 405],
    ['PATCH', '', {}, 405],
  ]
  for (const [method, path, body, status] of refusals) {
    test(`${method} ${path} ${JSON.stringify(body)?.slice(0, 40) ?? ''} is ${status} and changes nothing`, async (t) => {
      const proxy = await proxyFor(t)

      assert.equal((await proxy.api(method, path, body)).status, status)
      assert.deepEqual(await (await proxy.api('GET', '')).json(), {})
    })
  }

  test('is not found anywhere else', async (t) => {
    const proxy = await proxyFor(t)
    for (const path of ['/', '/api', '/api/', '/api/routesx', '/api/../api/routes']) {
      const answer = await exchange(
        t,
        proxy.apiPort,
        `GET ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: token ${token}\r\nConnection: close\r\n\r\n`,
      )
      assert.match(answer, /^HTTP\/1.1 404 /, path)
    }
  })

  test('takes the token as token or Bearer, and nothing else', async (t) => {
    const proxy = await proxyFor(t)
    const status = async (authorization: string | null) =>
      (
        await fetch(`http://127.0.0.1:${proxy.apiPort}/api/routes`, {
          headers: authorization === null ? {} : { authorization },
        })
      ).status

    assert.equal(await status(`token ${token}`), 200)
    assert.equal(await status(`Bearer ${token}`), 200)
    for (const wrong of [
      null,
      '',
      token,
      `x token ${token}`,
      `token ${token} x`,
      `token ${token}x`,
      `token ${token.slice(1)}`,
      `Basic ${token}`,
    ]) {
      assert.equal(await status(wrong), 403, `${wrong}`)
    }
  })

  test('refuses a stranger before it reads the body', async (t) => {
    const proxy = await proxyFor(t)

    const client = rawClient(
      t,
      proxy.apiPort,
      'POST /api/routes/a HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n',
    )

    assert.match(await client.closed(), /^HTTP\/1.1 403 /)
  })

  test('routes at the moment it says 201, and no longer at the moment it says 204', async (t) => {
    const upstream = await httpUpstream(t, (_request, response) => response.end('ada'))
    const proxy = await proxyFor(t, { stateDir: await scratch(t) })
    const status = async (name: string) => (await fetch(`http://127.0.0.1:${proxy.port}/user/${name}/x`)).status

    await Promise.all(
      Array.from({ length: 50 }, async (_none, index) => {
        await proxy.route(`/user/u${index}`, upstream)
        assert.equal(await status(`u${index}`), 200)
        assert.equal((await proxy.api('DELETE', `/user/u${index}`)).status, 204)
        assert.equal(await status(`u${index}`), 404)
      }),
    )
  })

  test('without a token is refused on an address that others can reach', async (t) => {
    await assert.rejects(proxyFor(t, { authToken: null, apiIp: '0.0.0.0' }), { code: 'PROXY_API_UNPROTECTED' })
  })
})

describe('last_activity', () => {
  test('moves with answers below 300 and with uploads, not with errors and redirects', async (t) => {
    let now = 1000
    const upstream = await httpUpstream(t, (request, response) => {
      request.resume()
      request.on('end', () => {
        response.statusCode = Number(request.url?.slice(-3))
        response.end('x')
      })
    })
    const proxy = await proxyFor(t, {}, { clock: { now: () => now, sleep: async () => {} } })
    await proxy.route('/a', upstream)
    await proxy.route('/dead', target)
    const after = async (path: string, init?: RequestInit) => {
      now += 1000
      await (await fetch(`http://127.0.0.1:${proxy.port}${path}`, { redirect: 'manual', ...init })).text()
      const routes = (await (await proxy.api('GET', '')).json()) as Record<string, { last_activity: string }>
      return Date.parse(routes[path.startsWith('/a') ? '/a' : '/dead']?.last_activity ?? '')
    }

    assert.equal(await after('/a/200'), 2000)
    assert.equal(await after('/a/302'), 2000)
    assert.equal(await after('/a/404'), 2000)
    assert.equal(await after('/a/500', { method: 'POST', body: 'upload' }), 5000)
    assert.equal(await after('/dead/x'), 1000)
  })
})

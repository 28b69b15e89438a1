import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { httpUpstream, proxyFor, rawUpstream } from './helpers.ts'

describe('an error page', () => {
  test("is the hub's, with its type and words but the original status", async (t) => {
    const asked: (string | undefined)[] = []
    const hub = await httpUpstream(t, (request, response) => {
      asked.push(request.url, request.headers.cookie, request.headers['accept-language'])
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': 'x=1' })
        .end('<p>the hub says')
    })
    const proxy = await proxyFor(t, { errorTarget: `${hub}/hub/error/` })

    const answer = await fetch(`http://127.0.0.1:${proxy.port}/user/x?a=b&c`, {
      headers: { cookie: 'secret', 'accept-language': 'de' },
    })

    assert.equal(answer.status, 404)
    assert.equal(await answer.text(), '<p>the hub says')
    assert.equal(answer.headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.deepEqual(asked, ['/hub/error/404?url=%2Fuser%2Fx%3Fa%3Db%26c', undefined, 'de'])
  })

  test('is our own when the hub is gone, cuts its page off, or sends too much', async (t) => {
    const half = await rawUpstream(t, (socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
    )
    const huge = await httpUpstream(t, (_request, response) => response.end('x'.repeat(2 * 1024 * 1024)))
    for (const errorTarget of ['http://127.0.0.1:1', half, huge]) {
      const proxy = await proxyFor(t, { errorTarget })
      const answer = await fetch(`http://127.0.0.1:${proxy.port}/user/x`)

      assert.equal(answer.status, 404)
      assert.match(await answer.text(), /Nothing here/)
    }
  })

  test('speaks German to those who prefer it, and holds nothing of the request', async (t) => {
    const proxy = await proxyFor(t, { defaultTarget: 'http://127.0.0.1:1' })
    const page = async (language: string) => {
      const answer = await fetch(`http://127.0.0.1:${proxy.port}/marker<script>`, {
        headers: { 'accept-language': language },
      })
      assert.equal(answer.status, 503)
      return answer.text()
    }

    assert.match(await page('de-AT,de;q=0.9,en;q=0.8'), /<html lang="de">.*Der Server antwortet nicht/s)
    assert.match(await page('en,de;q=0.9'), /<html lang="en">.*does not answer/s)
    assert.match(await page('fr'), /<html lang="en">/)
    assert.doesNotMatch(await page('de'), /marker|<script/)
  })

  test('of HEAD has a length and no body', async (t) => {
    const proxy = await proxyFor(t)

    const answer = await fetch(`http://127.0.0.1:${proxy.port}/x`, { method: 'HEAD' })

    assert.equal(answer.status, 404)
    assert.ok(Number(answer.headers.get('content-length')) > 500)
  })
})

test('the health check answers without a route, and only at its exact address', async (t) => {
  const proxy = await proxyFor(t)

  const answer = await fetch(`http://127.0.0.1:${proxy.port}/_chp_healthz`)
  assert.deepEqual([answer.status, await answer.json()], [200, { status: 'OK' }])
  assert.equal((await fetch(`http://127.0.0.1:${proxy.port}/_chp_healthz?x`)).status, 404)
})

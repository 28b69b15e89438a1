import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { type TestContext, test } from 'node:test'
import { httpCall } from './http-call.ts'

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('method, headers and body go out, status, headers and text come back; redirections are not followed', async (t) => {
  const url = await serve(t, async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    response.writeHead(302, { location: '/elsewhere', 'x-mine': 'é'.length.toString() })
    response.end(`${request.method} ${request.url} ${request.headers.authorization} ${body}`)
  })

  const answer = await httpCall(`${url}/a?b`, { method: 'PUT', headers: { authorization: 'token x' }, body: 'é' })

  assert.deepEqual([answer.status, answer.ok, answer.headers['x-mine']], [302, false, '1'])
  assert.equal(answer.text, 'PUT /a?b token x é')
})

test('what takes too long, or is not wanted any more, ends with the reason', async (t) => {
  const url = await serve(t, (_request, response) => void response.write('begins'))

  await assert.rejects(httpCall(url, { timeoutMs: 20 }), { name: 'TimeoutError' })
  const given = new AbortController()
  const going = httpCall(url, { signal: given.signal })
  given.abort(new Error('not wanted'))
  await assert.rejects(going, { message: 'not wanted' })
})

test('no more is read than was asked for', async (t) => {
  const url = await serve(t, (_request, response) => {
    const more = () => {
      while (response.write('x'.repeat(10_000)));
    }
    response.on('drain', more)
    more()
  })

  const { text } = await httpCall(url, { maxBytes: 50_000 })

  assert.ok(text.length > 50_000 && text.length < 500_000)
})

test('who listens to nobody is told by the code', async () => {
  await assert.rejects(httpCall('http://127.0.0.1:1/'), { code: 'ECONNREFUSED' })
})

/** Answers the first request of a connection and cuts it at the second, as a server does whose time for it is up. */
async function cutting(t: TestContext): Promise<{ url: string; asked: () => number }> {
  let asked = 0
  const server = createTcpServer((socket) => {
    let first = true
    socket.on('error', () => {})
    socket.on('data', () => {
      asked += 1
      if (!first) return void socket.resetAndDestroy()
      first = false
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nfine')
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
}

test('a kept connection that is cut is no failure of a request that may be sent twice', async (t) => {
  const { url, asked } = await cutting(t)

  await httpCall(url)
  assert.equal((await httpCall(url)).text, 'fine')
  assert.equal(asked(), 3)
  assert.equal((await httpCall(url, { method: 'POST', isRepeatable: true })).text, 'fine')
})

test('a POST is not sent twice unasked', async (t) => {
  const { url } = await cutting(t)

  await httpCall(url)
  await assert.rejects(httpCall(url, { method: 'POST' }), { code: 'ECONNRESET' })
})

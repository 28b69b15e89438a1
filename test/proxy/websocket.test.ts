import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { WebSocket, WebSocketServer } from 'ws'
import { exchange, httpUpstream, portOf, proxyFor, rawClient, rawUpstream, scratch } from './helpers.ts'

async function echoServer(
  t: TestContext,
): Promise<{ url: string; headers: () => Record<string, unknown>; push: (text: string) => void }> {
  const http = createServer()
  const wss = new WebSocketServer({ server: http, handleProtocols: () => 'v1.kernel' })
  let headers: Record<string, unknown> = {}
  wss.on('connection', (socket, request) => {
    headers = request.headers
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.after(() => {
    for (const client of wss.clients) client.terminate()
    http.close()
  })
  const push = (text: string) => {
    for (const client of wss.clients) client.send(text)
  }
  return { url: `http://127.0.0.1:${await portOf(http)}`, headers: () => headers, push }
}

async function opened(t: TestContext, url: string): Promise<WebSocket> {
  const client = new WebSocket(url, ['v1.kernel'], { headers: { 'x-forwarded-proto': 'https' } })
  t.after(() => client.terminate())
  await once(client, 'open')
  return client
}

test('messages of all sizes come back as they were sent, and the close code arrives', async (t) => {
  const echo = await echoServer(t)
  const proxy = await proxyFor(t)
  await proxy.route('/user/ada', echo.url)
  const client = await opened(t, `ws://127.0.0.1:${proxy.port}/user/ada/api/kernels/1/channels?x=1`)

  for (const size of [0, 1, 125, 126, 65_535, 65_536, 5_000_000]) {
    const message = Buffer.alloc(size, size % 251)
    client.send(message)
    const [back] = (await once(client, 'message')) as [Buffer]
    assert.ok(back.equals(message), `${size}`)
  }
  client.close(4321, 'bye')
  const [code] = await once(client, 'close')

  assert.equal(code, 4321)
  assert.equal(client.protocol, 'v1.kernel')
})

test('the hub reads http and https from a websocket, not ws', async (t) => {
  const echo = await echoServer(t)
  const proxy = await proxyFor(t)
  await proxy.route('/', echo.url)
  await opened(t, `ws://127.0.0.1:${proxy.port}/`)

  assert.equal(echo.headers()['x-forwarded-proto'], 'https,http')
  assert.equal(echo.headers()['x-forwarded-host'], `127.0.0.1:${proxy.port}`)
  assert.equal(echo.headers().host, `127.0.0.1:${proxy.port}`)
})

test('an open websocket survives that its route is replaced and deleted', async (t) => {
  const echo = await echoServer(t)
  const proxy = await proxyFor(t)
  await proxy.route('/user/ada', echo.url)
  const client = await opened(t, `ws://127.0.0.1:${proxy.port}/user/ada`)

  await proxy.route('/user/ada', 'http://127.0.0.1:1')
  await proxy.api('DELETE', '/user/ada')
  client.send('still here')

  assert.equal(String((await once(client, 'message'))[0]), 'still here')
})

test('bytes sent before the 101 are not lost', async (t) => {
  const upstream = await rawUpstream(t, (socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello ')
      socket.on('data', (chunk) => socket.write(chunk))
    })
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)

  const client = rawClient(
    t,
    proxy.port,
    'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\nearly',
  )

  assert.match(await client.until(/early/), /^HTTP\/1.1 101 .*\r\n\r\nhello early$/s)
})

test('what the server pushes does not count as activity, what the user sends does', async (t) => {
  const echo = await echoServer(t)
  let now = 1_000_000
  const proxy = await proxyFor(t, {}, { clock: { now: () => now, sleep: async () => {} } })
  await proxy.route('/user/ada', echo.url)
  const client = await opened(t, `ws://127.0.0.1:${proxy.port}/user/ada`)
  const activity = async () =>
    Date.parse(((await (await proxy.api('GET', '/user/ada')).json()) as { last_activity: string }).last_activity)

  now = 2_000_000
  echo.push('news')
  await once(client, 'message')
  assert.equal(await activity(), 1_000_000)

  client.send('x')
  await once(client, 'message')
  assert.equal(await activity(), 2_000_000)
})

const handshake =
  'GET /user/x HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n'

test('a handshake without a route is answered with 404 and closed, a dead server with 503', async (t) => {
  const proxy = await proxyFor(t)
  assert.match(await exchange(t, proxy.port, handshake), /^HTTP\/1.1 404 Not Found\r\n.*\r\n\r\nNot Found\n$/s)

  await proxy.route('/', 'http://127.0.0.1:1')
  assert.match(await exchange(t, proxy.port, handshake), /^HTTP\/1.1 503 Service Unavailable\r\n/)
})

test('an answer other than 101 is relayed whole and the connection closed', async (t) => {
  const body = 'no '.repeat(200_000)
  const upstream = await httpUpstream(t, (_request, response) => response.writeHead(403, { 'x-why': 'xsrf' }).end(body))
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, handshake)

  const answer = await client.closed()

  assert.match(answer, /^HTTP\/1.1 403 Forbidden\r\n.*x-why: xsrf\r\n/s)
  assert.equal(answer.replace(/\r\n[0-9a-f]+\r\n/g, '').match(/no /g)?.length, 200_000)
})

test('the death of either side is the death of the other', async (t) => {
  let peer: import('node:net').Socket | undefined
  const upstream = await rawUpstream(t, (socket) => {
    peer = socket
    socket.once('data', () => socket.write('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'))
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)

  const first = rawClient(t, proxy.port, handshake)
  await first.until(/101/)
  peer?.resetAndDestroy()
  await first.closed()

  const second = rawClient(t, proxy.port, handshake)
  await second.until(/101/)
  const gone = once(peer as import('node:net').Socket, 'close')
  second.socket.resetAndDestroy()
  await gone
})

test('a proxy stops although a handshake still waits for its server', async (t) => {
  const arrived = Promise.withResolvers<void>()
  const upstream = await rawUpstream(t, (socket) => socket.once('data', () => arrived.resolve()))
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, handshake)
  await arrived.promise

  await proxy.stop()

  assert.equal(await client.closed(), '')
})

test('a server behind a UNIX socket is reached by requests and websockets', async (t) => {
  const path = join(await scratch(t), 'x.sock')
  const http = createServer((request, response) => response.end(request.url))
  new WebSocketServer({ server: http }).on('connection', (socket) =>
    socket.on('message', (data) => socket.send(`${data}`)),
  )
  http.listen(path)
  await once(http, 'listening')
  t.after(() => {
    http.closeAllConnections()
    http.close()
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', `http+unix://${encodeURIComponent(path)}/base`)

  assert.equal(await (await fetch(`http://127.0.0.1:${proxy.port}/x`)).text(), '/base/x')
  const client = await opened(t, `ws://127.0.0.1:${proxy.port}/ws`)
  client.send('hello')
  assert.equal(String((await once(client, 'message'))[0]), 'hello')
  client.terminate()
})

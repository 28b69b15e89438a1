/** Kept connections to an upstream: what one call leaves behind must never reach another. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { freePort } from '../../src/cli/free-port.ts'
import { exchange, proxyFor, rawClient, rawUpstream, steppedClock } from './helpers.ts'

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n`
const ok = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`

test('a second answer behind the first is given to nobody', async (t) => {
  let connections = 0
  const upstream = await rawUpstream(t, (socket) => {
    connections += 1
    socket.on('data', (chunk) => socket.write(ok(String(chunk).includes('/first') ? 'first' : 'second') + ok('POISON')))
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)

  assert.doesNotMatch(await exchange(t, proxy.port, get('/first')), /POISON/)
  await turn()
  assert.doesNotMatch(await exchange(t, proxy.port, get('/second')), /POISON/)
  assert.equal(connections, 2)
})

test('an answer that nobody asked for closes the idle connection it came on', async (t) => {
  const sockets: Socket[] = []
  const upstream = await rawUpstream(t, (socket) => {
    sockets.push(socket)
    socket.on('data', () => socket.write(ok('fine')))
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  await exchange(t, proxy.port, get('/'))
  const closed = once(sockets[0] as Socket, 'close')
  sockets[0]?.write(ok('POISON'))
  await closed

  assert.match(await exchange(t, proxy.port, get('/')), /fine$/)
  assert.equal(sockets.length, 2)
})

test('an answer before the end of an upload leaves its connection to nobody else', async (t) => {
  let connections = 0
  const upstream = await rawUpstream(t, (socket) => {
    connections += 1
    socket.on('data', (chunk) => {
      if (/^(GET|PUT)/.test(String(chunk))) socket.write(ok('early'))
    })
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nbegin')
  await client.until(/early/)

  assert.match(await exchange(t, proxy.port, get('/')), /early$/)
  assert.equal(connections, 2)

  client.send(Buffer.alloc(1_000_000 - 5, 'x'))
  client.send(get('/'))
  assert.match(await client.closed(), /early.*early$/s)
})

test('two clients at once have a connection each, and each its own answer', async (t) => {
  const upstream = await rawUpstream(t, (socket) =>
    socket.on('data', (chunk) => setImmediate(() => socket.write(ok(/GET (\S+)/.exec(String(chunk))?.[1] ?? '')))),
  )
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)

  await Promise.all(
    Array.from({ length: 100 }, async (_none, index) => {
      assert.match(await exchange(t, proxy.port, get(`/n${index}`)), new RegExp(`\r\n\r\n/n${index}$`))
    }),
  )
})

test('a client that leaves in the middle of an answer takes no connection from the next one', async (t) => {
  const upstream = await rawUpstream(t, (socket) =>
    socket.on('data', (chunk) => {
      if (String(chunk).includes('/slow')) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nslow')
      else socket.write(ok('quick'))
    }),
  )
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  await exchange(t, proxy.port, get('/'))
  const client = rawClient(t, proxy.port, get('/slow'))
  await client.until(/slow$/)
  client.socket.destroy()

  assert.match(await exchange(t, proxy.port, get('/')), /quick$/)
})

test('requests wait for a default target that takes no connections, with their bodies, and for no other', async (t) => {
  const [place, nobody] = [await freePort('127.0.0.1', [0]), await freePort('127.0.0.1', [0])]
  const target = `http://127.0.0.1:${place}`
  const clock = steppedClock()
  const proxy = await proxyFor(t, { defaultTarget: target, waitForDefaultMs: 10_000 }, { clock })
  await proxy.route('/user/ada', `http://127.0.0.1:${nobody}`)
  const page = exchange(t, proxy.port, get('/hub/home'))
  const post = exchange(
    t,
    proxy.port,
    'POST /hub/a HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody',
  )

  assert.match(await exchange(t, proxy.port, get('/user/ada/lab')), /^HTTP\/1.1 503/)
  await clock.waitedFor(2)
  const server = createServer((request, response) => request.pipe(response))
  server.listen(place ?? 0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  clock.step()

  assert.match(await page, /^HTTP\/1.1 200/)
  assert.match(await post, /body/)
})

test('a default target that stays away is told of in the end', async (t) => {
  const clock = steppedClock()
  const options = { defaultTarget: `http://127.0.0.1:${await freePort('127.0.0.1', [0])}`, waitForDefaultMs: 1_000 }
  const proxy = await proxyFor(t, options, { clock })
  const page = exchange(t, proxy.port, get('/hub/home'))
  await clock.waitedFor(1)

  clock.step(2_000)

  assert.match(await page, /^HTTP\/1.1 503/)
})

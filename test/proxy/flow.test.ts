/** Back-pressure: what a slow reader has not taken stays with the fast writer. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { httpUpstream, proxyFor, rawClient, rawUpstream } from './helpers.ts'

const piece = Buffer.alloc(64 * 1024, 'x')
// Kernel buffers of four socket ends, and what the proxy may hold.
const bound = 64 * 1024 * 1024

/** Writes as long as it is let; resolves with how much was taken when nothing moved for a while. */
async function pump(socket: Socket): Promise<number> {
  let written = 0
  while (written < 4 * bound) {
    const free = socket.write(piece)
    written += piece.length
    if (free) continue
    const moved = await Promise.race([once(socket, 'drain').then(() => true), sleep(300, false)])
    if (!moved) return written
  }
  return written
}

test('a download that nobody reads stops at the upstream', async (t) => {
  const writer = Promise.withResolvers<Socket>()
  const upstream = await rawUpstream(t, (socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n')
      writer.resolve(socket)
    }),
  )
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')
  client.socket.pause()

  assert.ok((await pump(await writer.promise)) < bound)
})

test('an upload that nobody reads stops at the client', async (t) => {
  const upstream = await rawUpstream(t, (socket) => socket.pause())
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, 'PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\n')
  await once(client.socket, 'connect')

  assert.ok((await pump(client.socket)) < bound)
})

test('a websocket that nobody reads stops at its writer, either way', async (t) => {
  const writer = Promise.withResolvers<Socket>()
  const upstream = await rawUpstream(t, (socket) =>
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 X\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      socket.pause()
      writer.resolve(socket)
    }),
  )
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const client = rawClient(
    t,
    proxy.port,
    'GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  )
  await client.until(/101/)
  client.socket.pause()

  const [down, up] = await Promise.all([pump(await writer.promise), pump(client.socket)])
  assert.ok(down < bound && up < bound, `${down} ${up}`)
})

test('a 64 MiB body arrives whole in both directions', async (t) => {
  const size = 64 * 1024 * 1024
  const upstream = await httpUpstream(t, (request, response) => {
    response.writeHead(200, { 'content-length': request.headers['content-length'] })
    request.pipe(response)
  })
  const proxy = await proxyFor(t)
  await proxy.route('/', upstream)
  const body = Buffer.alloc(size)
  for (let index = 0; index < size; index += 4096) body.writeUInt32LE(index, index)

  const answer = await fetch(`http://127.0.0.1:${proxy.port}/`, { method: 'PUT', body })

  assert.ok(Buffer.from(await answer.arrayBuffer()).equals(body))
})

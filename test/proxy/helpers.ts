import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { type ProxyOptions, type RunningProxy, startProxy } from '#proxy'

export const token = 'a-token-for-tests'

export interface TestProxy extends RunningProxy {
  /** Calls the REST API with the token. */
  api(method: string, path: string, body?: unknown): Promise<Response>
  route(path: string, target: string): Promise<void>
}

/** A proxy on free ports of loopback, stopped with the test. */
export async function proxyFor(
  t: TestContext,
  options: Partial<ProxyOptions> = {},
  deps: { clock?: Clock; log?: Log } = {},
): Promise<TestProxy> {
  const place = { ip: '127.0.0.1', port: 0, apiPort: 0, authToken: token, drainMs: 0 }
  const running = await startProxy({ ...place, ...options }, deps)
  t.after(() => running.stop())
  return withApi(running)
}

export function withApi(running: RunningProxy): TestProxy {
  const api = (method: string, path: string, body?: unknown) =>
    fetch(`http://127.0.0.1:${running.apiPort}/api/routes${path}`, {
      method,
      headers: { authorization: `token ${token}` },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
  const route = async (path: string, target: string) => {
    const answer = await api('POST', path, { target })
    assert.equal(answer.status, 201, await answer.text())
  }
  return { ...running, api, route }
}

export async function portOf(server: { address(): AddressInfo | string | null }): Promise<number> {
  return (server.address() as AddressInfo).port
}

/** An HTTP server on a free port; its address. */
export async function httpUpstream(t: TestContext, listener: RequestListener): Promise<string> {
  const server: Server = createServer({ requestTimeout: 0 }, listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${await portOf(server)}`
}

/** A server that speaks whatever `talk` writes. */
export async function rawUpstream(t: TestContext, talk: (socket: Socket, count: number) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createTcpServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
    talk(socket, sockets.size)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `http://127.0.0.1:${await portOf(server)}`
}

export interface RawClient {
  readonly socket: Socket
  send(text: string | Buffer): void
  /** All that came so far, as latin1, when it matches; fails when the connection ends first. */
  until(pattern: RegExp): Promise<string>
  /** All that came until the connection was closed, by an end or a reset. */
  closed(): Promise<string>
}

export function rawClient(t: TestContext, port: number, first = ''): RawClient {
  const socket = connect(port, '127.0.0.1')
  let received = ''
  socket.setEncoding('latin1')
  socket.on('error', () => {})
  socket.on('data', (text) => {
    received += text
  })
  t.after(() => socket.destroy())
  socket.write(first, 'latin1')
  return {
    socket,
    send: (text) => void socket.write(text, 'latin1'),
    async until(pattern) {
      while (!pattern.test(received)) {
        if (socket.closed || socket.readableEnded) assert.fail(`ended before ${pattern}: ${received}`)
        await new Promise<void>((resolve) => {
          const again = () => {
            for (const event of ['data', 'end', 'close']) socket.off(event, again)
            resolve()
          }
          for (const event of ['data', 'end', 'close']) socket.on(event, again)
        })
      }
      return received
    },
    async closed() {
      if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve))
      return received
    },
  }
}

/** One request on a connection of its own; everything that came back. */
export function exchange(t: TestContext, port: number, text: string): Promise<string> {
  return rawClient(t, port, text).closed()
}

export async function scratch(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'himalia-proxy-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}

export interface SteppedClock extends Clock {
  /** Resolves when so many sleep. */
  waitedFor(sleepers: number): Promise<void>
  /** Time goes on by so many ms, and all who sleep wake. */
  step(ms?: number): void
}

/** A clock that stands until it is told. */
export function steppedClock(): SteppedClock {
  let now = Date.now()
  const asleep = new Set<() => void>()
  let look = () => {}
  return {
    now: () => now,
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        asleep.add(resolve)
        signal?.addEventListener('abort', () => {
          asleep.delete(resolve)
          reject(signal.reason)
        })
        look()
      }),
    waitedFor: (sleepers) =>
      new Promise((resolve) => {
        look = () => {
          if (asleep.size >= sleepers) resolve()
        }
        look()
      }),
    step(ms = 100) {
      now += ms
      for (const wake of asleep) wake()
      asleep.clear()
    },
  }
}

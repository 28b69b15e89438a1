/**
 * The same script against configurable-http-proxy and against ours: where a client could tell the difference, there
 * must be none. Intended differences (hop-by-hop headers, X-Forwarded-Proto of websockets, refused nonsense) are
 * covered by the other files here.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { WebSocket, WebSocketServer } from 'ws'
import { startProxy } from '#proxy'
import { token } from './helpers.ts'

interface Peer {
  readonly port: number
  readonly apiPort: number
}

const bin = fileURLToPath(
  new URL('../../node_modules/configurable-http-proxy/bin/configurable-http-proxy', import.meta.url),
)

async function theirs(t: TestContext, errorTarget: string): Promise<Peer> {
  const [port, apiPort] = [await freePort(), await freePort()]
  const flags = ['--ip', '127.0.0.1', '--port', `${port}`, '--api-ip', '127.0.0.1', '--api-port', `${apiPort}`]
  const child = spawn(process.execPath, [bin, ...flags, '--error-target', errorTarget, '--log-level', 'error'], {
    stdio: 'ignore',
    env: { ...process.env, CONFIGPROXY_AUTH_TOKEN: token },
  })
  t.after(() => child.kill('SIGKILL'))
  while (!(await fetch(`http://127.0.0.1:${apiPort}/`).catch(() => null))) await sleep(20)
  while (!(await fetch(`http://127.0.0.1:${port}/_chp_healthz`).catch(() => null))) await sleep(20)
  return { port, apiPort }
}

async function our(t: TestContext, errorTarget: string): Promise<Peer> {
  const proxy = await startProxy({ ip: '127.0.0.1', port: 0, apiPort: 0, authToken: token, errorTarget, drainMs: 0 })
  t.after(() => proxy.stop())
  return proxy
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** Answers with all it was asked; `?status=` and `?location=` say how. Echoes websocket messages after its own greeting. */
async function backend(t: TestContext): Promise<string> {
  const server = createServer((incoming, response) => {
    const query = new URLSearchParams(incoming.url?.split('?')[1])
    const { connection: _hop, 'transfer-encoding': _framing, ...headers } = incoming.headers
    // CHP adds the empty length to DELETE and OPTIONS; without one it means the same.
    if (headers['content-length'] === '0') delete headers['content-length']
    let body = ''
    incoming.setEncoding('utf8').on('data', (text) => {
      body += text
    })
    incoming.on('end', () => {
      response.statusCode = Number(query.get('status') ?? 200)
      response.setHeader('set-cookie', ['a=1; Path=/', 'b=2'])
      if (query.has('location')) response.setHeader('location', `http://127.0.0.1:1/${query.get('location')}`)
      response.end(JSON.stringify({ method: incoming.method, url: incoming.url, headers, body }))
    })
  }).listen(0, '127.0.0.1')
  new WebSocketServer({ server }).on('connection', (socket, incoming) => {
    socket.send(`connected ${incoming.url} ${incoming.headers.host} ${incoming.headers['x-forwarded-for']}`)
    socket.on('message', (data) => socket.send(`back ${data}`))
  })
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Step =
  | { readonly api: string; readonly path: string; readonly body?: unknown; readonly auth?: string | null }
  | { readonly web: string; readonly path: string; readonly body?: string; readonly headers?: Record<string, string> }
  | { readonly socket: string }

function script(target: string): Step[] {
  const get = (path: string): Step => ({ web: 'GET', path })
  const list: Step = { api: 'GET', path: '' }
  return [
    list,
    get('/nothing/yet?x=1'),
    { api: 'POST', path: '/', body: { target, hub: true, jupyterhub: true } },
    {
      api: 'POST',
      path: '/user/ada',
      body: { target: `${target}/base/`, user: 'ada', server_name: '', jupyterhub: true },
    },
    { api: 'POST', path: '/user/has%40/', body: { target: `${target}/at?tq=1` } },
    { api: 'POST', path: '/user/~zoe/%E7%A7%80%E6%A8%B9', body: { target, extra: [1, { a: null }] } },
    { api: 'POST', path: '/dead', body: { target: 'http://127.0.0.1:1' } },
    list,
    { api: 'GET', path: '/' },
    { api: 'GET', path: '/user/ada' },
    { api: 'GET', path: '/user/ada/' },
    { api: 'GET', path: '/user' },
    { api: 'GET', path: '?inactive_since=2000-01-01T00:00:00Z' },
    { api: 'GET', path: '?inactiveSince=2999-01-01T00:00:00Z' },
    { api: 'GET', path: '?inactive_since=never' },
    { api: 'GET', path: '?inactive_since=' },
    { api: 'GET', path: '', auth: null },
    { api: 'GET', path: '', auth: 'token wrong' },
    { api: 'POST', path: '/x', body: { target: 1 } },
    { api: 'POST', path: '/x', body: 'not json' },
    { api: 'POST', path: '/x', body: null },
    { api: 'PUT', path: '/x', body: {} },
    { api: 'DELETE', path: '/never' },
    get('/'),
    get('/user'),
    get('/user/adam'),
    get('/user/ada'),
    get('/user/ada/'),
    get('/user/ada/lab/tree?a=%20b&c=/../d'),
    get('/user/%61da/x%40y'),
    get('/user/has@/x?y=2'),
    get('/user/has%40/x'),
    get('/user/~zoe/%E7%A7%80%E6%A8%B9/notebook'),
    get('/user/ada/../ada/./x'),
    get('/user/ada/r?status=302&location=there'),
    get('/user/ada/r?status=404'),
    get('/user/ada/r?status=500'),
    get('/dead/page?x=1'),
    { web: 'HEAD', path: '/user/ada/x' },
    { web: 'POST', path: '/user/ada/x', body: 'a body' },
    { web: 'PUT', path: '/user/ada/x', body: 'ü'.repeat(100_000) },
    { web: 'DELETE', path: '/user/ada/x' },
    { web: 'PATCH', path: '/user/ada/x', body: '' },
    { web: 'OPTIONS', path: '/user/ada/x' },
    {
      web: 'GET',
      path: '/x',
      headers: { host: 'hub.example:8443', 'x-forwarded-for': '1.2.3.4', 'x-forwarded-proto': 'https' },
    },
    {
      web: 'GET',
      path: '/x',
      headers: { 'x-forwarded-port': '443', 'x-forwarded-host': 'outer', 'x-scheme': 'https', cookie: 'a=1; b=2' },
    },
    { socket: '/user/ada/api/kernels/x/channels?session_id=1' },
    { socket: '/dead/socket' },
    { api: 'POST', path: '/user/ada', body: { target } },
    get('/user/ada/moved'),
    { api: 'DELETE', path: '/user/ada' },
    get('/user/ada/moved'),
    { api: 'DELETE', path: '/' },
    get('/user/ada/moved'),
    { api: 'DELETE', path: '/user/has%40/' },
    list,
  ]
}

async function play(peer: Peer, step: Step): Promise<unknown> {
  if ('socket' in step) return playSocket(peer, step.socket)
  if ('web' in step) return playWeb(peer, step)
  const authorization = step.auth === undefined ? `token ${token}` : step.auth
  const body =
    step.body === undefined ? undefined : typeof step.body === 'string' ? step.body : JSON.stringify(step.body)
  const answer = await fetch(`http://127.0.0.1:${peer.apiPort}/api/routes${step.path}`, {
    method: step.api,
    headers: authorization === null ? {} : { authorization },
    ...(body === undefined ? {} : { body }),
  })
  const text = await answer.text()
  const times = /"last_activity":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g
  return {
    status: answer.status,
    ...(answer.ok && { type: answer.headers.get('content-type'), body: text.replace(times, '"last_activity":"…"') }),
  }
}

/** Through `http.request`, which leaves the path as it is. */
async function playWeb(peer: Peer, step: Extract<Step, { web: string }>): Promise<unknown> {
  const headers = { host: 'hub.example', connection: 'close', ...step.headers }
  const call = request({ host: '127.0.0.1', port: peer.port, method: step.web, path: step.path, headers, agent: false })
  call.end(step.body)
  const [answer] = await once(call, 'response')
  let body = ''
  for await (const text of answer.setEncoding('utf8')) body += text
  const { date: _date, connection: _hop, 'transfer-encoding': _framing, ...rest } = answer.headers
  // Pages of the error target: the type and the words count.
  const kept = body.startsWith('{') || body === '' ? rest : { 'content-type': rest['content-type'] }
  return {
    status: answer.statusCode,
    reason: answer.statusMessage,
    headers: kept,
    body: body.startsWith('{') ? JSON.parse(body) : body,
  }
}

async function playSocket(peer: Peer, path: string): Promise<unknown> {
  const socket = new WebSocket(`ws://127.0.0.1:${peer.port}${path}`, { headers: { host: 'hub.example' } })
  const messages: string[] = []
  return new Promise((resolve) => {
    socket.on('unexpected-response', (_request, answer) => {
      socket.on('error', () => {})
      socket.terminate()
      resolve({ status: answer.statusCode })
    })
    socket.on('message', (data) => {
      messages.push(String(data))
      if (messages.length === 1) socket.send('hello')
      else socket.close(1000)
    })
    socket.on('close', (code) => resolve({ messages, code }))
  })
}

describe('one script, two proxies', () => {
  const outcomes: { step: Step; theirs: unknown; ours: unknown }[] = []

  test('is played against both', async (t) => {
    const hub = createServer((incoming, response) =>
      response.setHeader('content-type', 'text/html').end(`page ${incoming.url}`),
    )
    hub.listen(0, '127.0.0.1')
    await once(hub, 'listening')
    t.after(() => {
      hub.closeAllConnections()
      hub.close()
    })
    const errorTarget = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/hub/error`
    const [their, own, target] = [await theirs(t, errorTarget), await our(t, errorTarget), await backend(t)]
    for (const step of script(target))
      outcomes.push({ step, theirs: await play(their, step), ours: await play(own, step) })
  })

  test('gives the same answers', () => {
    assert.ok(outcomes.length > 50)
    for (const { step, theirs, ours } of outcomes) assert.deepEqual(ours, theirs, JSON.stringify(step))
  })
})

/** The client against our proxy and against configurable-http-proxy: no difference. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startProxy } from '#proxy'
import { createProxyClient } from '../../src/hub/proxy-client/index.ts'
import { until } from './harness.ts'

const peers: Readonly<Record<string, (t: TestContext) => Promise<string>>> = {
  'our proxy': async (t) => {
    const proxy = await startProxy({ ip: '127.0.0.1', port: 0, apiIp: '127.0.0.1', apiPort: 0, authToken: 'secret' })
    t.after(() => proxy.stop())
    return `http://127.0.0.1:${proxy.apiPort}`
  },
  'configurable-http-proxy': async (t) => {
    const bin = fileURLToPath(import.meta.resolve('configurable-http-proxy/bin/configurable-http-proxy'))
    const [port, apiPort] = [await freePort(), await freePort()]
    const flags = ['--ip', '127.0.0.1', '--port', `${port}`, '--api-ip', '127.0.0.1', '--api-port', `${apiPort}`]
    const env = { ...process.env, CONFIGPROXY_AUTH_TOKEN: 'secret' }
    const child = spawn(process.execPath, [bin, ...flags, '--log-level', 'error'], { stdio: 'ignore', env })
    t.after(() => child.kill('SIGKILL'))
    await until('it listens', () => fetch(`http://127.0.0.1:${apiPort}/`).catch(() => null))
    return `http://127.0.0.1:${apiPort}`
  },
}

for (const [peer, start] of Object.entries(peers)) {
  test(`routes are added, listed, replaced and removed (${peer})`, async (t) => {
    const apiUrl = await start(t)
    const client = createProxyClient({ apiUrl, authToken: 'secret' })
    const paths = ['/', '/user/ada/', '/user/ada@x.org/gpu-1/', '/user/a%20b%2Bc/', '/user/%C3%A9/']
    for (const path of paths) await client.add(path, 'http://127.0.0.1:1', { user: path })
    await client.add('/user/ada/', 'http://127.0.0.1:2', { user: 'ada', server_name: '' })

    const routes = await client.list()
    assert.deepEqual([...routes.keys()].sort(), [...paths].sort())
    const { target, data, lastActivity } = routes.get('/user/ada/')!
    assert.equal(target, 'http://127.0.0.1:2')
    assert.deepEqual(data, { user: 'ada', server_name: '' })
    assert.ok(lastActivity !== null && lastActivity > 1_700_000_000_000)

    for (const path of paths) await client.remove(path)
    await client.remove('/user/ada/')
    assert.equal((await client.list()).size, 0)
  })

  test(`routes that no hub made are not looked at (${peer})`, async (t) => {
    const apiUrl = await start(t)
    const headers = { authorization: 'token secret' }
    const body = JSON.stringify({ target: 'http://127.0.0.1:1' })
    await fetch(`${apiUrl}/api/routes/theirs`, { method: 'POST', headers, body })

    assert.equal((await createProxyClient({ apiUrl, authToken: 'secret' }).list()).size, 0)
  })

  test(`a wrong token is told as such (${peer})`, async (t) => {
    const client = createProxyClient({ apiUrl: await start(t), authToken: 'wrong' })
    await assert.rejects(client.list(), { code: 'PROXY_REFUSED' })
  })
}

test('a proxy that is not there is unavailable', async () => {
  const client = createProxyClient({ apiUrl: `http://127.0.0.1:${await freePort()}`, authToken: 'secret' })
  await assert.rejects(client.add('/', 'http://127.0.0.1:1', {}), {
    code: 'PROXY_UNAVAILABLE',
    message: 'The proxy does not answer (ECONNREFUSED).',
  })
})

test('a proxy that never answers, fails or talks nonsense is unavailable', async (t) => {
  const answers: Readonly<Record<string, (end: (status: number, body: string) => void) => void>> = {
    silent: () => {},
    failing: (end) => end(503, ''),
    nonsense: (end) => end(200, '<html>'),
  }
  for (const [name, answer] of Object.entries(answers)) {
    const server = createServer((_, response) => answer((status, body) => response.writeHead(status).end(body)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    t.after(() => server.closeAllConnections())
    t.after(() => server.close())
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const client = createProxyClient({ apiUrl, authToken: 'secret', timeoutMs: 100 })
    await assert.rejects(client.list(), { code: 'PROXY_UNAVAILABLE' }, name)
  }
})

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}

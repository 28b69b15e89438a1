/** The proxy as a process of its own: its files, its signals, its death. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { ProcessRecord } from '#proxy'
import { httpUpstream, portOf, rawClient, scratch, type TestProxy, token, withApi } from './helpers.ts'

const main = fileURLToPath(new URL('../../src/proxy/main.ts', import.meta.url))

interface Started extends TestProxy {
  readonly child: ChildProcess
  readonly log: () => string
}

function run(t: TestContext, flags: readonly string[]): { child: ChildProcess; output: () => string } {
  const environment = { ...process.env, CONFIGPROXY_AUTH_TOKEN: token }
  const child = spawn(process.execPath, [main, '--ip', '127.0.0.1', ...flags], { env: environment })
  t.after(() => child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return { child, output: () => output }
}

async function started(t: TestContext, stateDir: string, flags: readonly string[] = []): Promise<Started> {
  const { child, output } = run(t, ['--port', '0', '--state-dir', stateDir, ...flags])
  while (!output().includes('Proxy is listening')) {
    if (child.exitCode !== null) assert.fail(output())
    await Promise.race([once(child.stderr as NodeJS.ReadableStream, 'data'), once(child, 'exit')])
  }
  const record = JSON.parse(await readFile(join(stateDir, 'proxy.json'), 'utf8')) as ProcessRecord
  assert.equal(record.pid, child.pid)
  return { ...withApi({ ...record, redirectPort: null, stop: async () => {} }), child, log: output }
}

async function killed(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const exit = once(child, 'exit')
  child.kill(signal)
  return (await exit)[0] as number | null
}

test('every route that was confirmed is there after a kill -9 in the middle of writes', async (t) => {
  const stateDir = await scratch(t)
  const upstream = await httpUpstream(t, (request, response) => response.end(request.url))
  const expected = new Map<string, boolean>()

  for (let round = 0; round < 3; round += 1) {
    const proxy = await started(t, stateDir)
    let confirmed = 0
    const writers = Array.from({ length: 8 }, async (_none, writer) => {
      for (let index = 0; ; index += 1) {
        const path = `/user/${round}-${writer}-${index}`
        await proxy.route(path, upstream)
        expected.set(path, true)
        if (index % 3 === 0) {
          expected.delete(path)
          await proxy.api('DELETE', path)
          expected.set(path, false)
        }
        confirmed += 1
        if (confirmed === 150) proxy.child.kill('SIGKILL')
      }
    })
    await Promise.allSettled(writers)
  }

  const proxy = await started(t, stateDir)
  const routes = (await (await proxy.api('GET', '')).json()) as Record<string, unknown>
  for (const [path, present] of expected) assert.equal(path in routes, present, path)
  const [path] = [...expected].find(([, present]) => present) ?? []
  assert.equal(await (await fetch(`http://127.0.0.1:${proxy.port}${path}`)).text(), path)
})

test('a file of routes that is garbage is set aside with a warning', async (t) => {
  const stateDir = await scratch(t)
  await writeFile(join(stateDir, 'routes.jsonl'), 'not what we wrote\n')

  const proxy = await started(t, stateDir)

  assert.deepEqual(await (await proxy.api('GET', '')).json(), {})
  assert.match(proxy.log(), /"level":40.*was damaged/)
  assert.equal(await readFile(join(stateDir, 'routes.jsonl.damaged'), 'utf8'), 'not what we wrote\n')
})

test('SIGTERM lets an open request finish, ends websockets, removes its files and exits with 0', async (t) => {
  const stateDir = await scratch(t)
  const pidFile = join(stateDir, 'pid')
  const arrived = Promise.withResolvers<() => void>()
  const upstream = await httpUpstream(t, (_request, response) => {
    response.write('begun ')
    arrived.resolve(() => response.end('done'))
  })
  const proxy = await started(t, stateDir, ['--pid-file', pidFile, '--drain-timeout', '20000'])
  assert.equal(await readFile(pidFile, 'utf8'), `${proxy.child.pid}\n`)
  await proxy.route('/', upstream)
  const client = rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n')
  const idle = rawClient(t, proxy.port, 'GET /_chp_healthz HTTP/1.1\r\nHost: h\r\n\r\n')
  await client.until(/begun/)
  await idle.until(/OK/)

  const exit = once(proxy.child, 'exit')
  proxy.child.kill('SIGTERM')
  await idle.closed()
  ;(await arrived.promise)()

  assert.match(await client.closed(), /done/)
  assert.deepEqual(await exit, [0, null])
  assert.ok(!existsSync(pidFile) && !existsSync(join(stateDir, 'proxy.json')))
})

test('SIGINT ends a proxy whose requests never end', async (t) => {
  const upstream = await httpUpstream(t, (_request, response) => response.write('begun '))
  const proxy = await started(t, await scratch(t), ['--drain-timeout', '50'])
  await proxy.route('/', upstream)
  await rawClient(t, proxy.port, 'GET / HTTP/1.1\r\nHost: h\r\n\r\n').until(/begun/)

  assert.equal(await killed(proxy.child, 'SIGINT'), 0)
})

test('a port in use is an error that names it, exit code 1', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const port = await portOf(taken)
  for (const flags of [
    ['--port', `${port}`],
    ['--port', '0', '--api-port', `${port}`],
  ]) {
    const { child, output } = run(t, flags)

    assert.deepEqual(await once(child, 'close'), [1, null])
    assert.match(output(), new RegExp(`port ${port}: the port is in use`))
  }
})

test('a flag that is not supported is refused by name, exit code 2', async (t) => {
  const { child, output } = run(t, ['--ssl-ca', 'k.pem'])

  assert.deepEqual(await once(child, 'close'), [2, null])
  assert.match(output(), /--ssl-ca is not supported/)
})

test("a default target given by flag is a route, and the hub's richer data for it survives", async (t) => {
  const stateDir = await scratch(t)
  const first = await started(t, stateDir, ['--default-target', 'http://127.0.0.1:1'])
  await first.api('POST', '/', { target: 'http://127.0.0.1:1', hub: true })
  await killed(first.child, 'SIGKILL')

  const second = await started(t, stateDir, ['--default-target', 'http://127.0.0.1:1'])
  assert.equal((await root(second))?.hub, true)
  await killed(second.child, 'SIGKILL')

  const third = await started(t, stateDir, ['--default-target', 'http://127.0.0.1:2'])
  assert.equal((await root(third))?.target, 'http://127.0.0.1:2')
})

async function root(proxy: TestProxy): Promise<{ target: string; hub?: boolean } | undefined> {
  return ((await (await proxy.api('GET', '/')).json()) as Record<string, { target: string }>)['/']
}

/** Certificates from a real ACME server, by a proxy as a process, as in the pod. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { noHelm } from './helm.ts'
import { freePort, startPebble } from './pebble.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

test('a proxy gets certificates by ACME, keeps them, and sends browsers to https when it has them', {
  skip: noHelm,
}, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'himalia-acme-'))
  const [port, plain] = [await freePort(), await freePort()]
  await using pebble = await startPebble(folder, plain)
  const hosts = ['hub.test', 'lab.test']
  const flags = [
    ...['--ip', '127.0.0.1', '--port', `${port}`, '--api-port', `${await freePort()}`],
    ...['--redirect-port', `${plain}`, '--redirect-to', '443', '--hsts', 'max-age=60'],
    ...hosts.flatMap((host) => ['--acme-host', host]),
    ...['--acme-email', 'it@hub.test', '--acme-server', pebble.url, '--acme-dir', join(folder, 'kept')],
  ]
  const proxy = await started(t, flags, pebble.authority)

  await proxy.says(/There is a new certificate.*lab.test|lab.test.*There is a new certificate/)
  assert.match((await issuerAt(port, 'hub.test')) ?? '', /Pebble/)
  assert.match((await issuerAt(port, 'lab.test')) ?? '', /Pebble/)
  await assert.rejects(issuerAt(port, 'other.test'))
  assert.deepEqual(await plainly(plain, '/hub/', 'hub.test'), [301, 'https://hub.test/hub/'])
  assert.equal((await plainly(plain, '/hub/', 'other.test'))[0], 503)

  const kept = await readFile(join(folder, 'kept', 'acme.json'), 'utf8')
  await proxy.end()
  const again = await started(t, flags, pebble.authority)
  assert.match((await issuerAt(port, 'hub.test')) ?? '', /Pebble/)
  await again.end()
  assert.equal(await readFile(join(folder, 'kept', 'acme.json'), 'utf8'), kept)
})

interface Started {
  says(pattern: RegExp): Promise<void>
  end(): Promise<void>
}

async function started(t: TestContext, flags: readonly string[], authority: string): Promise<Started> {
  const env = { ...process.env, CONFIGPROXY_AUTH_TOKEN: 'x', NODE_EXTRA_CA_CERTS: authority }
  const child: ChildProcess = spawn(process.execPath, [main, 'proxy', ...flags], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  t.after(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr?.on('data', (chunk) => {
    said += chunk
  })
  const says = async (pattern: RegExp) => {
    while (!pattern.test(said)) {
      if (child.exitCode !== null) assert.fail(said)
      await Promise.race([once(child.stderr as NodeJS.ReadableStream, 'data'), once(child, 'exit')])
    }
  }
  await says(/Proxy is listening/)
  const end = async () => {
    const exit = once(child, 'exit')
    child.kill()
    await exit
  }
  return { says, end }
}

async function issuerAt(port: number, servername: string): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect')
    return socket.getPeerCertificate().issuer.CN as string
  } finally {
    socket.destroy()
  }
}

async function plainly(port: number, path: string, host: string): Promise<[number | undefined, string | undefined]> {
  const asked = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }).end()
  const [answer] = await once(asked, 'response')
  answer.resume()
  return [answer.statusCode, answer.headers.location]
}

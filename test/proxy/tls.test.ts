/** https towards browsers: which pairs are taken, how a new one comes in, and what the plain port beside it does. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { connect, type TLSSocket } from 'node:tls'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { startProxy } from '#proxy'
import { type CertificateFiles, makeCertificate } from '../harness/certificate.ts'
import { httpUpstream, proxyFor, scratch } from './helpers.ts'

const noExtras = { ciphers: null, redirectPort: null, redirectTo: null, hsts: null }
const tlsOf = (files: CertificateFiles, passphrase: string | null = null) => ({
  source: { kind: 'files', ...files, passphrase } as const,
  ...noExtras,
})

test('browsers are served over TLS, and servers behind are told that it was https', async (t) => {
  const folder = await scratch(t)
  const files = await makeCertificate(folder, 'one')
  const proxy = await proxyFor(t, { tls: { ...tlsOf(files), hsts: 'max-age=60' } })
  const upstream = await httpUpstream(t, (request, response) => response.end(request.headers['x-forwarded-proto']))
  await proxy.route('/user/ada', upstream)

  const answer = await fetched(proxy.port, '/user/ada/')

  assert.deepEqual([answer.status, answer.body], [200, 'https'])
  assert.equal(answer.headers['strict-transport-security'], 'max-age=60')
})

test('a changed certificate is taken up while connections go on; a wrong one is told and changes nothing', async (t) => {
  const folder = await scratch(t)
  const used = { key: join(folder, 'tls.key'), cert: join(folder, 'tls.crt') }
  const [one, two] = [await makeCertificate(folder, 'one'), await makeCertificate(folder, 'two', { name: 'two.test' })]
  await install(one, used)
  const clock = stepping()
  const lines: string[] = []
  const log = logTo(lines)
  const proxy = await proxyFor(t, { tls: tlsOf(used) }, { clock, log })
  const upstream = await httpUpstream(t, (_request, response) => response.end('ok'))
  await proxy.route('/', upstream)
  const open = await tlsConnection(t, proxy.port)

  await install({ key: one.key, cert: two.cert }, used)
  await clock.turn(() => lines.some((line) => /was not made for the private key/.test(line)))
  assert.equal(await nameAt(t, proxy.port), 'localhost')

  await install(two, used)
  await clock.turn(() => lines.some((line) => /is in use/.test(line)))
  assert.equal(await nameAt(t, proxy.port), 'two.test')
  open.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  assert.match(String((await once(open, 'data'))[0]), /^HTTP\/1.1 200 OK/)
})

describe('A pair that can not be used is refused at start', () => {
  const cases = [
    { name: 'of two parts that do not belong together', code: 'PROXY_CERTIFICATE_MISMATCH', swap: true },
    { name: 'that has expired', code: 'PROXY_CERTIFICATE_EXPIRED', later: 31 * 86_400_000 },
    { name: 'whose key is locked', code: 'PROXY_CERTIFICATE_UNREADABLE', wishes: { passphrase: 'sesame' } },
    { name: 'that is none', code: 'PROXY_CERTIFICATE_UNREADABLE', text: '-----BEGIN CERTIFICATE-----\n...\n' },
  ]
  for (const { name, code, swap = false, wishes = {}, text, later = 0 } of cases) {
    test(name, async (t) => {
      const folder = await scratch(t)
      const files = await makeCertificate(folder, 'one', wishes)
      if (swap) await copyFile((await makeCertificate(folder, 'other')).cert, files.cert)
      if (text !== undefined) await writeFile(files.cert, text)

      const clock = stepping()
      clock.skip(later)

      const starting = startProxy(
        { ip: '127.0.0.1', port: 0, apiPort: 0, authToken: 'x', tls: tlsOf(files) },
        { clock },
      )

      await assert.rejects(starting, { code })
    })
  }
})

test('an encrypted key opens with its passphrase', async (t) => {
  const files = await makeCertificate(await scratch(t), 'one', { passphrase: 'sesame' })
  const proxy = await proxyFor(t, { tls: tlsOf(files, 'sesame') })

  assert.equal(await nameAt(t, proxy.port), 'localhost')
})

test('old protocols are refused', async (t) => {
  const files = await makeCertificate(await scratch(t), 'one')
  const proxy = await proxyFor(t, { tls: tlsOf(files) })
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const

  const socket = connect({ host: '127.0.0.1', port: proxy.port, rejectUnauthorized: false, ...old })

  await assert.rejects(once(socket, 'secureConnect'), /alert protocol version|unsupported/i)
})

describe('The plain port beside https', () => {
  const cases = [
    { path: '/hub/login?next=a', host: 'hub.test:80', to: 443, location: 'https://hub.test/hub/login?next=a' },
    { path: '/a', host: 'hub.test', to: 8443, location: 'https://hub.test:8443/a' },
    { path: '/a', host: '[::1]:80', to: 443, location: 'https://[::1]/a' },
  ]
  for (const { path, host, to, location } of cases) {
    test(`${host}${path} leads to ${location}`, async (t) => {
      const answer = await plain(t, path, { host, to })

      assert.deepEqual([answer.status, answer.headers.get('location')], [301, location])
    })
  }

  test('a host that is none leads nowhere', async (t) => {
    assert.equal((await plain(t, '/', { host: 'a"b', to: 443 })).status, 400)
  })

  test("Kubernetes' probes are answered", async (t) => {
    assert.equal((await plain(t, '/_chp_healthz', { host: '10.0.0.1:8000', to: 443 })).status, 200)
    assert.equal((await plain(t, '/_chp_readyz', { host: '10.0.0.1:8000', to: 443 })).status, 503)
  })

  async function plain(t: TestContext, path: string, { host, to }: { host: string; to: number }) {
    const files = await makeCertificate(await scratch(t), 'one')
    const proxy = await proxyFor(t, { tls: { ...tlsOf(files), redirectPort: 0, redirectTo: to } })
    return rawGet(proxy.redirectPort ?? 0, path, host)
  }
})

test('a proxy is ready when the hub has put in its route, or nobody has for a minute', async (t) => {
  const clock = stepping()
  const proxy = await proxyFor(t, {}, { clock })
  const status = async () => (await fetch(`http://127.0.0.1:${proxy.port}/_chp_readyz`)).status

  await proxy.api('POST', '/user/ada', { target: 'http://127.0.0.1:1', jupyterhub: true, user: 'ada' })
  assert.equal(await status(), 503)
  await proxy.api('POST', '/', { target: 'http://127.0.0.1:1', jupyterhub: true, hub: true })
  assert.equal(await status(), 200)

  const alone = await proxyFor(t, {}, { clock })
  clock.skip(60_000)
  assert.equal((await fetch(`http://127.0.0.1:${alone.port}/_chp_readyz`)).status, 200)
})

async function install(from: CertificateFiles, to: CertificateFiles): Promise<void> {
  await writeFile(to.key, await readFile(from.key))
  await writeFile(to.cert, await readFile(from.cert))
}

function fetched(port: number, path: string) {
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      get({ host: '127.0.0.1', port, path, rejectUnauthorized: false, agent: false }, (response) => {
        let body = ''
        response.on('data', (chunk) => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
      }).on('error', reject)
    },
  )
}

async function rawGet(port: number, path: string, host: string): Promise<Response> {
  const { request } = await import('node:http')
  const asked = request({ host: '127.0.0.1', port, path, headers: { host }, agent: false }).end()
  const [answer] = await once(asked, 'response')
  answer.resume()
  return new Response(null, { status: answer.statusCode, headers: answer.headers })
}

async function tlsConnection(t: TestContext, port: number): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  t.after(() => socket.destroy())
  await once(socket, 'secureConnect')
  return socket
}

/** The name in the certificate that a new connection is shown. */
async function nameAt(t: TestContext, port: number): Promise<string | undefined> {
  return (await tlsConnection(t, port)).getPeerCertificate().subject?.CN as string | undefined
}

function logTo(lines: string[]) {
  const note = (fields: object, sentence: string) => void lines.push(`${sentence} ${JSON.stringify(fields)}`)
  const log: Log = { debug: note, info: note, warn: note, error: note, child: () => log }
  return log
}

/** A clock that a test moves: whoever sleeps wakes at the next turn. */
function stepping(): Clock & { turn(until: () => boolean): Promise<void>; skip(ms: number): void } {
  const sleepers = new Set<() => void>()
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    skip(ms) {
      ahead += ms
    },
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        sleepers.add(resolve)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
    async turn(until) {
      while (!until()) {
        for (const wake of sleepers) wake()
        sleepers.clear()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

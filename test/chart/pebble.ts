/** A real ACME server: pebble, and the DNS that it asks, both on loopback. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { Agent, get } from 'node:https'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { programs } from '../cluster/paths.ts'
import { makeCertificate } from '../harness/certificate.ts'

export interface Pebble extends AsyncDisposable {
  /** The address of its directory. */
  readonly url: string
  /** A file with the certificate by which it is known. */
  readonly authority: string
}

/** `httpPort`: where it looks for the answers to its challenges; every name leads to 127.0.0.1. */
export async function startPebble(folder: string, httpPort: number): Promise<Pebble> {
  const [port, management, dns] = [await freePort(), await freePort(), await freePort()]
  const { key, cert } = await makeCertificate(folder, 'pebble')
  const config = {
    pebble: {
      listenAddress: `127.0.0.1:${port}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: cert,
      privateKey: key,
      httpPort,
      tlsPort: 1,
      ocspResponderURL: '',
      externalAccountBindingRequired: false,
    },
  }
  await writeFile(join(folder, 'pebble.json'), JSON.stringify(config))
  const silent = { stdio: 'ignore' } as const
  const names = spawn(
    join(programs, 'pebble-challtestsrv'),
    [
      '-dnsserver',
      `127.0.0.1:${dns}`,
      '-defaultIPv6',
      '',
      '-http01',
      '',
      '-https01',
      '',
      '-tlsalpn01',
      '',
      '-doh',
      '',
      '-management',
      `127.0.0.1:${await freePort()}`,
    ],
    silent,
  )
  const server = spawn(
    join(programs, 'pebble'),
    ['-config', join(folder, 'pebble.json'), '-dnsserver', `127.0.0.1:${dns}`],
    { ...silent, env: { ...process.env, PEBBLE_VA_NOSLEEP: '1', PEBBLE_WFE_NONCEREJECT: '0' } },
  )
  const url = `https://127.0.0.1:${port}/dir`
  while (!(await answers(url))) if (server.exitCode !== null) throw new Error('pebble ended before it was ready')
  return {
    url,
    authority: cert,
    async [Symbol.asyncDispose]() {
      await Promise.all([server, names].map(ended))
    },
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = once(child, 'exit')
  child.kill()
  await end
}

function answers(url: string): Promise<boolean> {
  const agent = new Agent({ rejectUnauthorized: false })
  return new Promise((resolve) => {
    get(url, { agent, headers: { 'user-agent': 'test' } }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    }).on('error', () => setImmediate(resolve, false))
  })
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (typeof address !== 'object' || address === null) throw new Error('no port is free')
  return address.port
}

/** Stands between a hub and the API server, and counts what the hub asks. The same for both, so what it costs is shared. */
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { parse } from '../../src/base/yaml.ts'

export interface ApiCounter {
  /** A kubeconfig whose server is this counter. */
  readonly kubeconfig: string
  /** Requests by method and kind, e.g. `POST pods`; watches are `WATCH pods`. */
  readonly counts: Map<string, number>
  close(): void
}

interface Kubeconfig {
  readonly clusters: readonly { cluster: { server: string; 'certificate-authority-data': string } }[]
  readonly users: readonly { user: { 'client-certificate-data': string; 'client-key-data': string } }[]
}

export async function countApi(real: string, file: string): Promise<ApiCounter> {
  const config = parse(readFileSync(real, 'utf8')) as Kubeconfig
  const { cluster } = config.clusters[0]!
  const { user } = config.users[0]!
  const decode = (data: string) => Buffer.from(data, 'base64')
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 256,
    ca: decode(cluster['certificate-authority-data']),
    cert: decode(user['client-certificate-data']),
    key: decode(user['client-key-data']),
  })
  const counts = new Map<string, number>()
  const server = createServer((incoming, answer) => {
    const name = nameOf(incoming.method ?? '', incoming.url ?? '')
    counts.set(name, (counts.get(name) ?? 0) + 1)
    const target = new URL(incoming.url ?? '', cluster.server)
    const outgoing = request(target, {
      agent,
      method: incoming.method ?? 'GET',
      headers: { ...incoming.headers, host: target.host },
    })
    outgoing.on('response', (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers)
      response.pipe(answer)
      answer.on('close', () => response.destroy())
    })
    outgoing.on('error', () => answer.destroy())
    incoming.pipe(outgoing)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const counting = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'counted',
    contexts: [{ name: 'counted', context: { cluster: 'counted', user: 'nobody' } }],
    clusters: [{ name: 'counted', cluster: { server: url } }],
    users: [{ name: 'nobody', user: {} }],
  }
  writeFileSync(file, JSON.stringify(counting))
  return {
    kubeconfig: file,
    counts,
    close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}

function nameOf(method: string, url: string): string {
  const { pathname, searchParams } = new URL(url, 'http://api')
  const [, kind = pathname] =
    /\/(pods|events|persistentvolumeclaims|services|secrets|namespaces)(?:\/[^/]*)?$/.exec(pathname) ?? []
  return `${searchParams.has('watch') ? 'WATCH' : method} ${kind}`
}

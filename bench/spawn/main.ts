/**
 * Himalia and JupyterHub with KubeSpawner side by side on one cluster in one run: so many servers are asked for at
 * once, and must be ready. `npm run bench -- spawn [servers …]`, default 200; the cluster for tests is brought up.
 */
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { paginationMediaType } from '#api'
import { cluster, createWorkspace } from '../../test/cluster/index.ts'
import { fakeNode } from '../../test/kubernetes/fake-node.ts'
import { type Contender, post } from '../hub/contenders.ts'
import { countApi } from './api-counter.ts'
import { himalia, jupyterHub, type Place } from './contenders.ts'

/** The default of the chart. */
const concurrent = 64
const giveUpMs = 30 * 60_000

interface Result {
  readonly name: string
  readonly count: number
  readonly seconds: number
  readonly requests: number
  readonly asked: string
  readonly cpuSeconds: number
  readonly rss: number
  /** Starts that failed, and were asked for anew as their users would. */
  readonly again: number
}

export async function main(counts: readonly number[]): Promise<void> {
  const results: Result[] = []
  for (const count of counts) {
    for (const make of [himalia, jupyterHub]) {
      const result = await measure(make, count)
      if (result) results.push(result)
    }
  }
  console.log(table(results))
}

async function measure(make: (place: Place) => Promise<Contender | null>, count: number): Promise<Result | null> {
  const kubernetes = await cluster()
  const stub = createServer((_, answer) => void answer.end('{"version": "2.0.0"}')).listen(0, '127.0.0.1')
  await once(stub, 'listening')
  const folder = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const api = await countApi(kubernetes.kubeconfig, join(folder, 'kubeconfig'))
  const pool = `bench-${count}`
  await using _ = await fakeNode(kubernetes, pool)
  await using space = await createWorkspace(kubernetes)
  const stubPort = (stub.address() as AddressInfo).port
  const hub = await make({ kubeconfig: api.kubeconfig, namespace: space.name, pool, stubPort, concurrent })
  if (!hub) return null
  try {
    process.stderr.write(`${hub.name}: ${count} servers …\n`)
    const names = Array.from({ length: count }, (_, index) => `user-${index}`)
    await post(hub, '/users', { usernames: names })
    api.counts.clear()
    const cpu = await hub.cpuSeconds()
    const begin = performance.now()
    await startAll(hub, names)
    const again = await allReady(hub, count)
    const seconds = (performance.now() - begin) / 1000
    const asked = [...api.counts].sort((a, b) => b[1] - a[1])
    return {
      name: hub.name,
      count,
      seconds,
      requests: asked.reduce((sum, [, times]) => sum + times, 0),
      asked: asked.map(([name, times]) => `${name} ${times}`).join(', '),
      cpuSeconds: (await hub.cpuSeconds()) - cpu,
      rss: await hub.rss(),
      again,
    }
  } finally {
    await hub.remove()
    api.close()
    stub.closeAllConnections()
    stub.close()
  }
}

async function startAll(hub: Contender, names: readonly string[]): Promise<void> {
  const rest = [...names]
  const work = async () => {
    for (let name = rest.pop(); name !== undefined; ) {
      const answer = await fetch(`http://127.0.0.1:${hub.port}/hub/api/users/${name}/server`, {
        method: 'POST',
        headers: { authorization: `token ${hub.token}` },
      })
      const text = await answer.text()
      if (answer.ok) name = rest.pop()
      // JupyterHub refuses what is over its limit, and says when to come back.
      else if (answer.status === 429) await sleep(500)
      else throw new Error(`${answer.status}: ${text}`)
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

/** @returns how many starts were asked for again */
async function allReady(hub: Contender, count: number): Promise<number> {
  const giveUpAt = performance.now() + giveUpMs
  for (let again = 0; ; ) {
    const { ready, failed } = await look(hub)
    if (ready >= count) return again
    if (performance.now() > giveUpAt) throw new Error(`Only ${ready} of ${count} came up`)
    again += failed.length
    await startAll(hub, failed)
    await sleep(1_000)
  }
}

interface Server {
  readonly ready: boolean
  readonly pending: string | null
}

interface Page {
  readonly items: readonly { readonly name: string; readonly servers: Readonly<Record<string, Server>> }[]
  readonly _pagination: { readonly next: { readonly offset: number } | null }
}

/** By the servers themselves: for JupyterHub the filter `state=ready` lets starts under way through. */
async function look(hub: Contender): Promise<{ ready: number; failed: string[] }> {
  const failed: string[] = []
  let ready = 0
  for (let offset: number | null = 0; offset !== null; ) {
    const answer = await fetch(`http://127.0.0.1:${hub.port}/hub/api/users?limit=200&offset=${offset}`, {
      headers: { authorization: `token ${hub.token}`, accept: paginationMediaType },
    })
    const { items, _pagination } = (await answer.json()) as Page
    for (const { name, servers } of items) {
      if (!name.startsWith('user-')) continue
      if (servers['']?.ready) ready += 1
      else if (!servers['']?.pending) failed.push(name)
    }
    offset = _pagination.next?.offset ?? null
  }
  return { ready, failed }
}

function table(results: readonly Result[]): string {
  const lines = results.map(({ name, count, seconds, requests, cpuSeconds, rss, again }) => {
    const cells = [
      name,
      count,
      (count / seconds).toFixed(1),
      (requests / count).toFixed(2),
      (cpuSeconds / count).toFixed(4),
    ]
    return `| ${[...cells, rss.toFixed(0), again].join(' | ')} |`
  })
  const head =
    '| hub | servers | starts/s | API requests a start | CPU s a start | memory MB | failed starts |\n|---|--:|--:|--:|--:|--:|--:|'
  const asked = results.map(({ name, count, asked }) => `${name}, ${count}: ${asked}`)
  return [head, ...lines, '', ...asked].join('\n')
}

const counts = process.argv
  .slice(2)
  .map(Number)
  .filter((count) => count > 0)
await main(counts.length > 0 ? counts : [200])

/** Many servers at once, on nodes that KWOK plays: their pods come up after half a second, and a stub answers for them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Cluster, cluster, noCluster } from '../cluster/index.ts'
import { eventually } from '../harness/hub.ts'
import { fakeNode } from './fake-node.ts'
import { type ClusterHub, startClusterHub } from './hub.ts'

let kubernetes: Cluster
before(async () => {
  if (noCluster === false) kubernetes = await cluster()
})

/** Answers as a server of Jupyter does, whosoever it is asked for. */
async function stub(t: TestContext): Promise<number> {
  const server = createServer((_, answer) => void answer.end('{"version": "2.0.0"}'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function manyHub(t: TestContext, pool: string): Promise<ClusterHub> {
  return startClusterHub(kubernetes, {
    hub: { concurrentSpawnLimit: 0 },
    traits: { pod_connect_ip: '127.0.0.1', port: await stub(t) },
    singleuser: {
      image: { name: 'not-pulled', tag: '1' },
      storage: { type: 'none' },
      nodeSelector: { pool },
      extraTolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
    },
  })
}

async function startMany(here: ClusterHub, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `student-${index}`)
  const made = await here.hub.api('/users', { method: 'POST', body: JSON.stringify({ usernames: names }) })
  assert.equal(made.status, 201)
  const rest = [...names]
  const work = async () => {
    for (let name = rest.pop(); name !== undefined; name = rest.pop()) {
      const answer = await here.hub.api(`/users/${name}/server`, { method: 'POST' })
      assert.ok([201, 202].includes(answer.status), await answer.text())
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

async function countReady(here: ClusterHub): Promise<number> {
  const answer = await here.hub.api('/users?state=ready&limit=1', {
    headers: { accept: 'application/jupyterhub-pagination+json' },
  })
  return ((await answer.json()) as { _pagination: { total: number } })._pagination.total
}

test('a hundred starts at once are all ready', { skip: noCluster }, async (t) => {
  await using _ = await fakeNode(kubernetes, 'hundred')
  await using here = await manyHub(t, 'hundred')

  await startMany(here, 100)

  await eventually('100 are ready', async () => (await countReady(here)) === 100, 120_000)
})

test('when a node is deleted all its servers are seen to be gone', { skip: noCluster }, async (t) => {
  await using _ = await fakeNode(kubernetes, 'doomed')
  await using here = await manyHub(t, 'doomed')
  await startMany(here, 1_000)
  await eventually('1,000 are ready', async () => (await countReady(here)) === 1_000, 300_000)

  await kubernetes.kubectl(['delete', 'node', 'doomed'])
  const left = () => here.space.kubectl(['get', 'pods', '--output=name']).then((text) => text.split('\n').length - 1)
  await eventually('the cluster has deleted the pods', async () => (await left()) === 0, 240_000)

  const since = Date.now()
  await eventually('none is ready', async () => (await countReady(here)) === 0)
  t.diagnostic(`seen ${Date.now() - since} ms after the last pod was gone`)
})

test('starts go on when the API server comes back after a minute', {
  skip: noCluster || Boolean(process.env.KUBECONFIG),
}, async (t) => {
  await using _ = await fakeNode(kubernetes, 'patient')
  await using here = await manyHub(t, 'patient')
  await startMany(here, 20)
  await kubernetes.stop('kube-apiserver')
  try {
    await sleep(60_000)
  } finally {
    await kubernetes.start('kube-apiserver')
  }

  await eventually('20 are ready', async () => (await countReady(here)) === 20, 240_000)
})

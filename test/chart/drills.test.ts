/**
 * What happens to people while a release is changed and its pods die: two hubs on a PostgreSQL, two proxies, a server at
 * work. `HIMALIA_ROUNDS=50` does more rounds of upgrades than a run of all tests has time for, and prints what it saw.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cluster, createWorkspace, noCluster } from '../cluster/index.ts'
import { until } from '../cluster/run.ts'
import { startPostgres } from '../harness/postgres.ts'
import { Visitor } from '../harness/visitor.ts'
import { imagesOf, registryOf, releaseIn } from './release.ts'
import { traffic } from './traffic.ts'

const rounds = Number(process.env.HIMALIA_ROUNDS ?? 2)

test('people work on while a release changes and its pods die', { skip: noCluster }, async (t) => {
  const kubernetes = await cluster()
  const registry = registryOf(kubernetes)
  assert.ok(registry && kubernetes.host, 'HIMALIA_TEST_REGISTRY and HIMALIA_TEST_HOST name this machine to the cluster')
  const { hub, proxy } = await imagesOf(registry)
  const database = await startPostgres({ address: kubernetes.host })
  t.after(() => database.stop())
  await using space = await createWorkspace(kubernetes)
  const release = releaseIn(space, kubernetes.kubeconfig)
  const [name = '', tag = ''] = kubernetes.image('user').split(':')
  const values = (round: number) => ({
    hub: {
      image: hub,
      replicas: 2,
      db: { type: 'postgres', url: database.url },
      config: { JupyterHub: { authenticator_class: 'dummy' }, DummyAuthenticator: { password: 'sesame' } },
      // A new pod each time.
      extraEnv: { ROUND: `${round}` },
    },
    proxy: { replicas: 2, chp: { image: proxy }, service: { type: 'ClusterIP' } },
    singleuser: {
      image: { name, tag },
      cloudMetadata: { blockWithIptables: false },
      memory: { guarantee: '64M' },
      storage: { type: 'none' },
    },
    prePuller: { continuous: { enabled: false } },
  })
  await release.upgrade(values(0))
  const origin = `http://${await release.field('service/proxy-public', 'spec.clusterIP')}`
  const ana = new Visitor(origin)
  await ana.signIn('ana', 'sesame')
  await ana.open('/hub/spawn/ana')
  const isUp = async () => {
    const { status, url } = await ana.open('/user/ana/lab')
    return status === 200 && !url.includes('/hub/')
  }
  await until("ana's server", isUp, { timeoutMs: 240_000 })
  const load = {
    origin,
    paths: ['/hub/api', '/user/ana/api/status', '/hub/home'],
    webSockets: { path: '/user/ana/api/events/subscribe', count: 20 },
  }
  const names = async (component: string) =>
    (
      await space.kubectl([
        'get',
        'pods',
        `--selector=component=${component}`,
        '--output=jsonpath={.items[*].metadata.name}',
      ])
    ).split(' ')
  const settled = async () => {
    for (const part of ['hub', 'proxy'])
      await space.kubectl(['rollout', 'status', `deployment/${part}`, '--timeout=120s'])
  }

  await t.test(`${rounds} rounds of upgrades and rollbacks: no request fails, no websocket is lost`, async () => {
    await using people = await traffic(ana, load)
    for (let round = 1; round <= rounds; round += 1) {
      const hubs = (await names('hub')).toSorted()
      if (round % 2 === 1) await release.upgrade(values(round), round % 4 === 1 ? 'helm4' : 'helm')
      else await release.rollback(round - 1)
      await settled()
      assert.notDeepEqual((await names('hub')).toSorted(), hubs)
      await people.answered(10)
      assert.deepEqual(people.failures(), [])
      t.diagnostic(`round ${round}: slowest request ${people.slowestMs()} ms`)
    }
    assert.equal(people.lost(), 0)
  })

  await t.test('each pod of a hub is killed: websockets stay, the other hub answers at once', async () => {
    await using people = await traffic(ana, load)
    for (const pod of await names('hub')) {
      await space.kubectl(['delete', 'pod', pod, '--grace-period=0', '--force'])
      await until('somebody answers', async () => (await ana.request('/hub/api')).status === 200, { timeoutMs: 5_000 })
      await settled()
      t.diagnostic(
        `a hub was killed: ${people.failures().length} requests failed, the slowest took ${people.slowestMs()} ms`,
      )
    }
    assert.equal(people.lost(), 0)
  })

  await t.test('each pod of a proxy is killed: the other serves on, with all routes', async () => {
    for (const pod of await names('proxy')) {
      await using people = await traffic(ana, load)
      await space.kubectl(['delete', 'pod', pod, '--grace-period=0', '--force'])
      await until('somebody answers', () => isUp().catch(() => false), { timeoutMs: 5_000 })
      await settled()
      people.failures()
      await people.answered(20)
      assert.deepEqual(people.failures(), [])
    }
  })

  await t.test('names can not be looked up: what runs goes on, pages too', async () => {
    const dns = (replicas: number) =>
      kubernetes.kubectl(['--namespace=kube-system', 'scale', 'deployment/coredns', `--replicas=${replicas}`])
    await using people = await traffic(ana, load)
    await dns(0)
    try {
      await kubernetes.kubectl([
        '--namespace=kube-system',
        'wait',
        '--for=delete',
        'pod',
        '--selector=k8s-app=kube-dns',
      ])
      await people.answered(60)
    } finally {
      await dns(1)
    }
    assert.deepEqual(people.failures(), [])
    assert.equal(people.lost(), 0)
    await kubernetes.kubectl(['--namespace=kube-system', 'rollout', 'status', 'deployment/coredns'])
  })
})

/** Pods reach what the table says and nothing else: by the rules as they are written, and in a real cluster. */
import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { type Cluster, cluster, createWorkspace, noCluster, type Workspace } from '../cluster/index.ts'
import { noHelm, type Rendered, rendered } from './helm.ts'
import { listeners, type Probe, places, probes, type Source } from './probes.ts'
import { allows, type End } from './verdict.ts'

const values = { singleuser: { cloudMetadata: { blockWithIptables: false } } }
const titleOf = ({ from, to, port, allowed }: Probe) =>
  `${from} ${allowed ? 'reaches' : 'does not reach'} ${to}:${port}`

let objects: Map<string, Rendered>
let policies: Rendered[]
let labels: Record<string, Record<string, string>>
before(async () => {
  if (noHelm) return
  objects = await rendered(values)
  policies = [...objects.values()].filter(({ kind }) => kind === 'NetworkPolicy')
  labels = labelsOf(objects)
})

/** As the chart and the hub give them. */
function labelsOf(made: ReadonlyMap<string, Rendered>): Record<string, Record<string, string>> {
  const core = (name: string) => made.get(`Deployment ${name}`)?.spec.template.metadata.labels
  const { singleuser } = JSON.parse(made.get('Secret hub')?.stringData['values.yaml'])
  const server = { app: 'jupyterhub', release: 'hub', component: 'singleuser-server', ...singleuser.extraLabels }
  const access = (name: string) => ({ [`hub.jupyter.org/network-access-${name}`]: 'true' })
  return {
    hub: core('hub'),
    proxy: core('proxy'),
    ana: server,
    ben: server,
    stranger: { app: 'other' },
    outsider: { app: 'other', ...access('hub') },
    'friend of hub': access('hub'),
    'friend of api': access('proxy-api'),
    'friend of servers': access('singleuser'),
  }
}

describe('By the rules', { skip: noHelm }, () => {
  const nodeAddress = '198.18.0.2'
  const end = (name: string, index: number): End => ({
    namespace: name === 'DNS' ? 'kube-system' : name === 'outsider' ? 'elsewhere' : 'class',
    labels: name === 'DNS' ? { 'k8s-app': 'kube-dns' } : (labels[name] ?? null),
    address: places[name] ?? (['kubelet', 'API server'].includes(name) ? nodeAddress : `198.18.4.${index}`),
    ports: listeners[name] ?? {},
  })
  for (const probe of probes) {
    test(titleOf(probe), () => {
      const ends = { from: end(probe.from, 5), to: end(probe.to, 6) }

      assert.equal(allows(policies, { ...ends, port: probe.port, own: 'class' }), probe.allowed)
    })
  }
})

test('In a cluster', { skip: noCluster }, async (t) => {
  const kubernetes = await cluster()
  await using space = await createWorkspace(kubernetes)
  await using elsewhere = await createWorkspace(kubernetes)
  const addresses = await makePods(kubernetes, space, elsewhere)
  await using _ = await standIns(kubernetes)
  const asked = probes.filter(({ to }) => !/v6|NAT64/.test(to))
  const sources = [...new Set(asked.map(({ from }) => from))]

  await t.test('without policies all is reached, so that each refusal is one of the policies', async () => {
    for (const from of sources) {
      const reached = await ask(spaceOf(from), from, asked)
      assert.deepEqual(asked.filter((probe) => probe.from === from && !reached.has(titleOf(probe))).map(titleOf), [])
    }
  })

  await space.apply(
    ...policies.map((policy) => ({ ...policy, metadata: { ...policy.metadata, namespace: space.name } })),
  )

  for (const from of sources) {
    await t.test(`${from} reaches what it should, and nothing else`, async () => {
      const own = asked.filter((probe) => probe.from === from)
      const wanted = own.filter(({ allowed }) => allowed).map(titleOf)

      assert.deepEqual(await settledAnswer(from, own, wanted), wanted)
    })
  }

  function spaceOf(from: Source): Workspace {
    return from === 'outsider' ? elsewhere : space
  }

  /** Rules are in the kernel a moment after the policies are in the cluster. */
  async function settledAnswer(from: Source, own: readonly Probe[], wanted: readonly string[]): Promise<string[]> {
    for (let left = 5; ; left -= 1) {
      const reached = await ask(spaceOf(from), from, own)
      const titles = own.map(titleOf).filter((title) => reached.has(title))
      if (left === 0 || titles.join() === wanted.join()) return titles
    }
  }

  async function ask(at: Workspace, from: Source, all: readonly Probe[]): Promise<ReadonlySet<string>> {
    const own = all.filter((probe) => probe.from === from)
    const tries = own.map(
      ({ to, port }, index) => `(nc -w 2 ${addresses[to]} ${port} </dev/null >/dev/null 2>&1 && echo ${index}) &`,
    )
    const answer = await at.inPod(podName(from), `${tries.join(' ')} wait`)
    return new Set(answer.split('\n').flatMap((line) => (line === '' ? [] : [titleOf(own[Number(line)]!)])))
  }
})

const podName = (name: string) => name.replaceAll(' ', '-')

/** Busyboxes that listen where hub, proxy and servers do. */
async function makePods(
  kubernetes: Cluster,
  space: Workspace,
  elsewhere: Workspace,
): Promise<Readonly<Record<string, string>>> {
  const pods = Object.entries(labels).map(([name, own]) => {
    const ports = Object.entries(listeners[name] ?? {})
    const serve = ports.map(([, port]) => `httpd -p ${port};`).join(' ')
    return {
      name,
      manifest: {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: podName(name), labels: own },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'main',
              image: kubernetes.image('busybox'),
              command: ['sh', '-c', `${serve} sleep 3600`],
              ports: ports
                .filter(([port]) => port !== 'other')
                .map(([port, containerPort]) => ({ name: port, containerPort })),
            },
          ],
        },
      },
    }
  })
  const at = (name: string) => (name === 'outsider' ? elsewhere : space)
  await space.apply(...pods.filter(({ name }) => at(name) === space).map(({ manifest }) => manifest))
  await elsewhere.apply(...pods.filter(({ name }) => at(name) === elsewhere).map(({ manifest }) => manifest))
  const own = await Promise.all(pods.map(async ({ name }) => [name, await at(name).running(podName(name))] as const))
  const field = (words: readonly string[], path: string) => kubernetes.kubectl([...words, `--output=jsonpath=${path}`])
  const node = await field(
    ['get', 'nodes', '--selector=!type'],
    '{.items[0].status.addresses[?(@.type=="InternalIP")].address}',
  )
  const dns = await field(['--namespace=kube-system', 'get', 'service', 'kube-dns'], '{.spec.clusterIP}')
  return { ...places, kubelet: node, 'API server': node, DNS: dns, ...Object.fromEntries(own) }
}

/** Listeners of the node at the addresses that stand for places; they go with the test. */
async function standIns(kubernetes: Cluster): Promise<AsyncDisposable> {
  const wanted = [
    { address: places.metadata, ports: [80, 53] },
    { address: places.Internet, ports: [80] },
    { address: places['private network'], ports: [80, 53] },
  ]
  const lines = wanted.flatMap(({ address, ports }) => [
    `ip addr add ${address}/32 dev lo || true`,
    ...ports.map((port) => `busybox httpd -f -p ${address}:${port} >/dev/null 2>&1 & echo $!`),
  ])
  const pids = (await kubernetes.exec(['sh', '-c', lines.join('\n')])).trim().split('\n')
  return {
    async [Symbol.asyncDispose]() {
      const taken = wanted.map(({ address }) => `ip addr del ${address}/32 dev lo`)
      await kubernetes.exec(['sh', '-c', [`kill ${pids.join(' ')}`, ...taken, 'true'].join('\n')])
    },
  }
}

/** Enforces NetworkPolicies on the node: follows what decides them, and gives the kernel new rules when they differ. */
import { readFileSync } from 'node:fs'
import { Agent } from 'node:https'
import { run } from '../run.ts'
import { follow, type Source } from './follow.ts'
import type { Namespace, NetworkPolicy, Pod, World } from './model.ts'
import { entrance, toRules } from './rules.ts'

const [file = '', node = ''] = process.argv.slice(2)

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { server: string; 'certificate-authority-data': string } }[]
  readonly users: readonly {
    readonly user: { 'client-certificate-data': string; 'client-key-data': string }
  }[]
}

function readSource(): Source {
  const { clusters, users } = JSON.parse(readFileSync(file, 'utf8')) as Kubeconfig
  const [{ cluster } = { cluster: { server: '', 'certificate-authority-data': '' } }] = clusters
  const user = users[0]?.user
  const plain = (data = '') => Buffer.from(data, 'base64')
  return {
    server: cluster.server,
    agent: new Agent({
      ca: plain(cluster['certificate-authority-data']),
      cert: plain(user?.['client-certificate-data']),
      key: plain(user?.['client-key-data']),
      keepAlive: true,
    }),
  }
}

let world: World = { pods: [], namespaces: [], policies: [] }
let inForce = ''
let isStale = false
let isBusy = false

function learn(part: Partial<World>): void {
  world = { ...world, ...part }
  isStale = true
  if (!isBusy) void enforce()
}

/** Once at a time, and once more when something has changed since. */
async function enforce(): Promise<void> {
  isBusy = true
  while (isStale) {
    isStale = false
    const rules = toRules(world, node)
    if (rules === inForce) continue
    await run(['iptables-restore', '--noflush', '--wait'], { input: rules }).then(
      () => {
        inForce = rules
      },
      (error) => console.error(error.message),
    )
  }
  isBusy = false
}

/** What is forwarded, between pods and to and from this machine; and what pods say to the node itself. */
async function openEntrance(): Promise<void> {
  await run(['iptables-restore', '--noflush', '--wait'], { input: toRules(world, node) })
  for (const chain of ['FORWARD', 'INPUT'])
    await run(['iptables', '--wait', '--table=mangle', '--insert', chain, '-j', entrance])
}

const source = readSource()
await openEntrance()
await Promise.all([
  follow<Pod>(source, '/api/v1/pods', (pods) => learn({ pods })),
  follow<Namespace>(source, '/api/v1/namespaces', (namespaces) => learn({ namespaces })),
  follow<NetworkPolicy>(source, '/apis/networking.k8s.io/v1/networkpolicies', (policies) => learn({ policies })),
])

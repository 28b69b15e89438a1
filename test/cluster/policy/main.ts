/** Enforces NetworkPolicies on the node: follows what decides them, and gives the kernel new rules when they differ. */

import { follow, readSource } from '../follow.ts'
import { run } from '../run.ts'
import type { Namespace, NetworkPolicy, Pod, World } from './model.ts'
import { entrance, toRules } from './rules.ts'

const [file = '', node = ''] = process.argv.slice(2)

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

const source = readSource(file)
await openEntrance()
await Promise.all([
  follow<Pod>(source, '/api/v1/pods', (pods) => learn({ pods })),
  follow<Namespace>(source, '/api/v1/namespaces', (namespaces) => learn({ namespaces })),
  follow<NetworkPolicy>(source, '/apis/networking.k8s.io/v1/networkpolicies', (policies) => learn({ policies })),
])

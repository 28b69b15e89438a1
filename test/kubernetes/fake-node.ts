import type { Cluster } from '../cluster/index.ts'

/** A node of its own, so that what happens to it happens to nobody else. */
export async function fakeNode(kubernetes: Cluster, name: string): Promise<AsyncDisposable> {
  const capacity = { cpu: '1k', memory: '10Ti', pods: '10k' }
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: { type: 'kwok', pool: name, 'kubernetes.io/hostname': name },
      annotations: { 'kwok.x-k8s.io/node': 'fake' },
    },
    spec: { taints: [{ key: 'kwok.x-k8s.io/node', value: 'fake', effect: 'NoSchedule' }] },
    status: { allocatable: capacity, capacity },
  }
  await kubernetes.kubectl(['apply', '--filename=-'], { input: JSON.stringify(node) })
  await kubernetes.kubectl(['wait', '--for=condition=Ready', `node/${name}`, '--timeout=60s'])
  return {
    async [Symbol.asyncDispose]() {
      await kubernetes.kubectl(['delete', 'node', name, '--ignore-not-found', '--wait=false'])
    },
  }
}

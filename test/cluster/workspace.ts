import { randomBytes } from 'node:crypto'
import type { Cluster } from './index.ts'

/** A namespace of the cluster for one test; goes with all that is in it. */
export interface Workspace extends AsyncDisposable {
  readonly name: string
  kubectl(words: readonly string[], input?: string): Promise<string>
  /** Creates what is described, or changes it. */
  apply(...objects: readonly object[]): Promise<void>
  /** Resolves when the pod is ready, with its address. */
  running(pod: string): Promise<string>
  /** Runs a shell command in the pod; what it printed, without white space at the ends. */
  inPod(pod: string, command: string): Promise<string>
}

export async function createWorkspace(cluster: Cluster): Promise<Workspace> {
  const name = `test-${randomBytes(4).toString('hex')}`
  const kubectl = (words: readonly string[], input?: string) =>
    cluster.kubectl([`--namespace=${name}`, ...words], input === undefined ? {} : { input })
  await cluster.kubectl(['create', 'namespace', name])
  // Else a pod that is created at once finds no account to run as.
  await kubectl(['wait', '--for=create', 'serviceaccount/default', '--timeout=60s'])
  return {
    name,
    kubectl,
    async apply(...objects) {
      await kubectl(['apply', '--filename=-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }))
    },
    async running(pod) {
      await kubectl(['wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=240s'])
      return kubectl(['get', 'pod', pod, '--output=jsonpath={.status.podIP}'])
    },
    inPod: async (pod, command) => (await kubectl(['exec', pod, '--', 'sh', '-c', command])).trim(),
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'pods', '--all', '--grace-period=0', '--force', '--wait=false'])
      await cluster.kubectl(['delete', 'namespace', name, '--wait=false'])
    },
  }
}

/**
 * A real Kubernetes for tests: `const kubernetes = await cluster()`. It is the clone's own, started when it isn't up;
 * with `KUBECONFIG` set it is that one, which must be able to pull the images that `test/cluster/images` describes
 * from the registry that `HIMALIA_TEST_IMAGES` names.
 */
import { readFileSync } from 'node:fs'
import { whyNoCluster } from '../../tools/setup/cluster/possible.js'
import { kubectl } from './kubectl.ts'
import { allComponents, ensureUp } from './lifecycle.ts'
import { addresses, adminConfig } from './paths.ts'
import { ClusterError, type RunOptions, run } from './run.ts'
import { inside, launch, stop } from './running.ts'

export { ClusterError, until } from './run.ts'
export { createWorkspace, type Workspace } from './workspace.ts'

export interface Cluster {
  /** The file of an administrator. */
  readonly kubeconfig: string
  /** Where pods reach what listens on all addresses of this machine; null if that is not known. */
  readonly host: string | null
  /** `http://…`, no trailing slash: every name of an image leads here; null on a cluster of others. */
  readonly registry: string | null
  /** The name of one of our images for a pod: `user`, `user-old`, `user-broken`, `busybox`. */
  image(name: ImageName): string
  /** What kubectl printed. Throws `ClusterError`. */
  kubectl(words: readonly string[], options?: RunOptions): Promise<string>
  /** Runs a program among those of the node: its network, its mounts. Throws `ClusterError`. */
  exec(words: readonly string[], options?: RunOptions): Promise<string>
  /** Kills a part of the control plane or the node, such as `kube-apiserver`, until `start`. */
  stop(component: string): Promise<void>
  start(component: string): Promise<void>
}

const tags = { user: '5.4', 'user-old': '2.3', 'user-broken': '1', busybox: '1' }
export type ImageName = keyof typeof tags

/** Why there can't be a cluster here, or false: for `test(name, { skip: noCluster }, …)`. */
export const noCluster: string | false = process.env.KUBECONFIG ? false : (whyNoCluster() ?? false)

export async function cluster(): Promise<Cluster> {
  const own = process.env.KUBECONFIG
  if (own) return foreign(own)
  await ensureUp()
  return {
    kubeconfig: adminConfig,
    host: addresses.host,
    registry: `http://${addresses.node}:5000`,
    image: (name) => `cluster.test/${name}:${tags[name]}`,
    kubectl,
    exec: (words, options) => run(inside(words), options),
    stop,
    async start(component) {
      const known = allComponents.find(({ name }) => name === component)
      if (!known) throw new ClusterError(`The cluster has no component ${component}`)
      await launch(known)
    },
  }
}

function foreign(kubeconfig: string): Cluster {
  readFileSync(kubeconfig)
  const refuse = async () => {
    throw new ClusterError('This is done only to the cluster of the clone, not to the one that KUBECONFIG names')
  }
  return {
    kubeconfig,
    host: process.env.HIMALIA_TEST_HOST ?? null,
    registry: null,
    image: (name) => `${process.env.HIMALIA_TEST_IMAGES ?? 'cluster.test'}/${name}:${tags[name]}`,
    kubectl: (words, options) => kubectl(words, { ...options, kubeconfig }),
    exec: refuse,
    stop: refuse,
    start: refuse,
  }
}

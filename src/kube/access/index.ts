import type { Clock } from '#base/clock.ts'
import type { Access } from './contract.ts'
import { inCluster, isInCluster } from './in-cluster.ts'
import { fromKubeconfig, kubeconfigFiles } from './kubeconfig.ts'

export type { Access, Tls } from './contract.ts'

/** The cluster that this process is a part of, unless `KUBECONFIG` names one. Errors: KUBE_NO_ACCESS. */
export function findAccess(env: Readonly<Record<string, string | undefined>>, clock: Clock): Access {
  if (!env.KUBECONFIG && isInCluster(env)) return inCluster(env, clock)
  return fromKubeconfig(kubeconfigFiles(env), clock)
}

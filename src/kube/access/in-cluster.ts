/** As a pod of the cluster: the account that Kubernetes mounts into each. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Millis } from '#base/clock.ts'
import { errors } from '../errors.ts'
import type { Access } from './contract.ts'

export const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount'
/** The kubelet renews the token some minutes before it ends. */
const tokenAgeMs = 30_000

type Environment = Readonly<Record<string, string | undefined>>

export function isInCluster(env: Environment, folder = accountFolder): boolean {
  return Boolean(env.KUBERNETES_SERVICE_HOST) && existsSync(join(folder, 'token'))
}

/** Errors: KUBE_NO_ACCESS. */
export function inCluster(env: Environment, clock: Clock, folder = accountFolder): Access {
  const host = env.KUBERNETES_SERVICE_HOST ?? ''
  const read = (name: string) => readFileSync(join(folder, name), 'utf8').trim()
  try {
    return {
      server: `https://${host.includes(':') ? `[${host}]` : host}:${env.KUBERNETES_SERVICE_PORT ?? '443'}`,
      namespace: read('namespace'),
      tls: { ca: read('ca.crt'), rejectUnauthorized: true },
      authorization: fresh(clock, () => `Bearer ${read('token')}`),
    }
  } catch (error) {
    throw errors.KUBE_NO_ACCESS({ problem: `the service account in ${folder} can't be read` }, error)
  }
}

/** Reads anew when what was read is older than a token may be. */
export function fresh(clock: Clock, read: () => string): () => Promise<string> {
  let value = ''
  let readAt: Millis = Number.NEGATIVE_INFINITY
  return async () => {
    if (clock.now() - readAt > tokenAgeMs) {
      value = read()
      readAt = clock.now()
    }
    return value
  }
}

/**
 * What hub and proxies share and nobody gave: made once, and kept in a Secret that is not part of the release, so that
 * upgrades, rollbacks and tools that render the chart elsewhere leave it alone.
 */
import { randomBytes } from 'node:crypto'
import { messageOf } from '#base/errors.ts'
import { isKubeError, isStatus, type Kube, type KubeObject } from '#kube'
import { errors } from './errors.ts'

export const authTokenKey = 'hub.config.ConfigurableHTTPProxy.auth_token'
export const cookieSecretKey = 'hub.config.JupyterHub.cookie_secret'
export const serviceTokenKey = (service: string) => `hub.services.${service}.apiToken`

export type Secrets = Readonly<Record<string, string>>

interface SecretObject extends KubeObject {
  readonly data?: Secrets
}

/**
 * The values of `keys`: those of the Secret, and new ones for what it lacks. `known` are kept there, too, in place of
 * new ones. Several pods may ask at once; all get the same. Errors: SECRETS_NOT_KEPT.
 */
export async function keptSecrets(
  kube: Kube,
  { name, keys, known = {} }: { name: string; keys: readonly string[]; known?: Secrets },
): Promise<Secrets> {
  const at = { name, namespace: kube.namespace }
  try {
    for (;;) {
      // Safe: it is a Secret that was asked for.
      const found = (await kube.get('secrets', at)) as SecretObject | null
      const before = decoded(found?.data)
      const missing = keys.filter((key) => !before[key])
      if (missing.length === 0) return before
      const data = Object.fromEntries(
        missing.map((key) => [key, base64(known[key] ?? randomBytes(32).toString('hex'))]),
      )
      const isDone = found
        ? await took(kube.merge('secrets', at, { metadata: { resourceVersion: found.metadata.resourceVersion }, data }))
        : await took(kube.create('secrets', newSecret(at, data)))
      if (isDone) return { ...before, ...decoded(data) }
    }
  } catch (error) {
    throw errors.SECRETS_NOT_KEPT({ name, why: messageOf(error) }, error)
  }
}

/** Puts values into a Secret of the release for those who read them there. What cannot be put there is no matter. */
export async function mirrorSecrets(kube: Kube, name: string, values: Secrets): Promise<void> {
  const at = { name, namespace: kube.namespace }
  const found = (await kube.get('secrets', at)) as SecretObject | null
  const data = Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (found?.data?.[key] ? [] : [[key, base64(value)]])),
  )
  if (found && Object.keys(data).length > 0) await kube.merge('secrets', at, { data })
}

/** False when another was quicker. */
async function took(change: Promise<unknown>): Promise<boolean> {
  try {
    await change
    return true
  } catch (error) {
    if (isKubeError(error, 'KUBE_CONFLICT') || isStatus(error, 409)) return false
    throw error
  }
}

function newSecret(metadata: { name: string; namespace: string }, data: Secrets): KubeObject {
  const labels = { 'app.kubernetes.io/managed-by': 'himalia' }
  const secret = { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: { ...metadata, labels }, data }
  return secret
}

function decoded(data: Secrets = {}): Secrets {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]))
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

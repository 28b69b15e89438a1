/** What an ACME server gave us, in a Secret that all proxies of the release read; it outlives the release. */
import { systemClock } from '#base/clock.ts'
import { createKube, isKubeError, isStatus, type KubeObject } from '#kube'
import { type AcmeState, type AcmeStore, emptyState } from '#proxy'

interface SecretObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>
}

const ours = 'himalia.json'
const traefiks = 'acme.json'

export function acmeSecret(name: string): AcmeStore {
  const kube = createKube({ clock: systemClock, env: process.env, timeoutMs: 10_000 })
  const at = { name, namespace: kube.namespace }
  // Safe: it is a Secret that is asked for.
  const get = async () => (await kube.get('secrets', at)) as SecretObject | null
  return {
    read: async () => stateOf(await get()),
    async change(update) {
      for (;;) {
        const found = await get()
        const before = stateOf(found)
        const after = update(before)
        if (after === null) return before
        const data = { [ours]: Buffer.from(JSON.stringify(after)).toString('base64') }
        try {
          if (found)
            await kube.merge('secrets', at, { metadata: { resourceVersion: found.metadata.resourceVersion }, data })
          else await kube.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: at, data } as KubeObject)
          return after
        } catch (error) {
          if (!isKubeError(error, 'KUBE_CONFLICT') && !isStatus(error, 409)) throw error
        }
      }
    },
  }
}

function stateOf(secret: SecretObject | null): AcmeState {
  const own = textOf(secret, ours)
  if (own !== null) return { ...emptyState, ...(JSON.parse(own) as Partial<AcmeState>) }
  const before = textOf(secret, traefiks)
  return before === null ? emptyState : { ...emptyState, certificates: ofTraefik(before) }
}

function textOf(secret: SecretObject | null, key: string): string | null {
  const text = secret?.data?.[key]
  return text === undefined ? null : Buffer.from(text, 'base64').toString()
}

/** z2jh's Traefik kept its certificates in the same Secret: they are used until they are due. */
export function ofTraefik(text: string): AcmeState['certificates'] {
  type Resolver = { Certificates?: { domain: { main: string }; certificate: string; key: string }[] | null }
  const decoded = (part: string) => Buffer.from(part, 'base64').toString()
  const resolvers = Object.values(JSON.parse(text) as Record<string, Resolver | null>)
  const all = resolvers.flatMap((resolver) => resolver?.Certificates ?? [])
  return Object.fromEntries(
    all.map(({ domain, certificate, key }) => [domain.main, { cert: decoded(certificate), key: decoded(key) }]),
  )
}

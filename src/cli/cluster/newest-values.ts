/**
 * The chart's Secret as the API server has it. The kubelet takes up to a minute and more to bring a changed Secret into
 * a pod; whoever upgrades a release does not expect to wait after Helm has ended.
 */
import { systemClock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import { Cache, isStatus, type Kube, type Secret } from '#kube'

export interface NewestValues {
  /** null: nothing newer than what is mounted is known. */
  text(): string | null
  /** Calls `changed` for each change, until the signal. */
  listen(changed: () => void, signal: AbortSignal): Promise<void>
}

const valuesKey = 'values.yaml'

/** `mounted`: what the mounted file held at the start. */
export function newestValues(
  kube: () => Kube,
  { name, mounted, log }: { name: string; mounted: string; log: Log },
): NewestValues {
  let newest: string | null = null
  return {
    text: () => newest,
    async listen(changed, signal) {
      const cluster = kube()
      const take = (secret: Secret | null) => {
        const text = valuesIn(secret)
        if (text === null || text === (newest ?? mounted)) return
        newest = text
        changed()
      }
      const { namespace } = cluster
      const which = { kind: 'secrets', namespace, fields: `metadata.name=${name}` } as const
      const cache = new Cache({ kube: cluster, clock: systemClock, log, ...which, onChange: take })
      try {
        if (!(await mayRead(cluster, which, log))) return
        const running = cache.run(signal)
        await cache.ready(signal).then(
          () => take(cache.get(namespace, name)),
          () => {},
        )
        await running
      } finally {
        await cluster.close()
      }
    },
  }
}

/** Who makes the rights by hand may not have given these: then the kubelet's pace has to do. */
async function mayRead(
  kube: Kube,
  { namespace, fields }: { namespace: string; fields: string },
  log: Log,
): Promise<boolean> {
  try {
    await kube.list('secrets', { namespace, fields })
  } catch (error) {
    if (!isStatus(error, 403)) return true
    log.info({ fields }, 'The Secret of the release may not be watched; its changes come with the kubelet')
    return false
  }
  return true
}

function valuesIn(secret: Secret | null): string | null {
  const encoded = secret?.data?.[valuesKey]
  return encoded === undefined ? null : Buffer.from(encoded, 'base64').toString()
}

/** Claims without volumes. */
import type { Claim } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { eventsAbout, podsOf, type Sight } from '../sight.ts'

const defaultClass = 'storageclass.kubernetes.io/is-default-class'

/** Less than this share free is too little. */
const little = 0.05

export function storage(sight: Sight): readonly Finding[] {
  return [...claims(sight), ...disk(sight)]
}

function disk({ freeDisk }: Sight): readonly Finding[] {
  if (freeDisk === null || freeDisk >= little) return []
  return [findings.DISK_FULL({ about: 'pvc/hub-db-dir', percent: Math.floor(freeDisk * 100) })]
}

function claims(sight: Sight): readonly Finding[] {
  return sight.claims.flatMap((claim) => {
    const about = `pvc/${claim.metadata.name}`
    if (claim.status?.phase === 'Lost') return [findings.CLAIM_LOST({ about })]
    if (claim.status?.phase !== 'Pending') return []
    const why = whyPending(sight, claim)
    const size = claim.spec.resources?.requests?.storage ?? 'of no size'
    return why === null ? [] : [findings.CLAIM_PENDING({ about, why, size })]
  })
}

/** null: it only waits for a pod that uses it, as many classes do. */
function whyPending(sight: Sight, { metadata, spec }: Claim): string | null {
  const { storageClasses } = sight
  const name = spec.storageClassName
  if (!name && storageClasses && !storageClasses.some((one) => one.metadata.annotations?.[defaultClass] === 'true')) {
    return 'it names no storage class, and this cluster has none that is the default.'
  }
  if (name && storageClasses && !storageClasses.some((one) => one.metadata.name === name)) {
    return `there is no storage class "${name}".`
  }
  const failed = eventsAbout(sight, metadata.name).findLast(({ reason }) => reason === 'ProvisioningFailed')
  if (failed) return failed.message ?? 'its provisioner failed.'
  const isWaitedFor = podsOf(sight, 'hub').some((pod) => JSON.stringify(pod.spec.volumes ?? '').includes(metadata.name))
  const isNew = sight.now - Date.parse(metadata.creationTimestamp ?? '') < 120_000
  return isWaitedFor && !isNew ? 'its provisioner does not answer.' : null
}

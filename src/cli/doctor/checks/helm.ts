/** Whether Helm can go on: a run that was interrupted leaves a revision that blocks all later ones. */
import type { Metadata } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { minutesSince, type Sight } from '../sight.ts'

/** So long a run may take: --timeout of the docs' commands. */
const longestRunMinutes = 10

export function helm({ revisions, release, now }: Sight): readonly Finding[] {
  const newest = revisions?.toSorted((a, b) => numberOf(b) - numberOf(a))[0]
  if (!newest) return []
  const status = newest.labels?.status ?? ''
  const facts = { about: `release/${release}`, release, revision: numberOf(newest), status }
  if (status === 'failed') return [findings.HELM_FAILED(facts)]
  if (!/^(pending-|uninstalling)/.test(status)) return []
  const minutes = minutesSince(newest.creationTimestamp, now)
  return [minutes < longestRunMinutes ? findings.HELM_RUNNING(facts) : findings.HELM_STUCK({ ...facts, minutes })]
}

function numberOf({ labels }: Metadata): number {
  return Number(labels?.version ?? 0)
}

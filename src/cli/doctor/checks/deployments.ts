/** Whether the hub and the proxy are there, may have pods, and are of one version. */
import type { Deployment } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { type Component, podsOf, type Sight } from '../sight.ts'

const parts: readonly Component[] = ['hub', 'proxy']

export function deployments(sight: Sight): readonly Finding[] {
  const { deployments: all, release } = sight
  const ofParts = parts.flatMap((component) => {
    const found = all?.find(({ metadata }) => metadata.labels?.component === component)
    if (found) return stateOf(found)
    const isMissing = all !== null || podsOf(sight, component).length === 0
    return isMissing ? [findings.OBJECT_MISSING({ about: `deployment/${component}`, release })] : []
  })
  return [...ofParts, ...versions(sight)]
}

function stateOf({ metadata, spec, status }: Deployment): readonly Finding[] {
  const about = `deployment/${metadata.name}`
  if (spec.replicas === 0) return [findings.SCALED_TO_ZERO({ about })]
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type)
  const refused = condition('ReplicaFailure')
  if (refused?.status === 'True') return [findings.PODS_REFUSED({ about, why: sentence(refused.message) })]
  const progress = condition('Progressing')
  if (progress?.reason !== 'ProgressDeadlineExceeded' || (status?.readyReplicas ?? 0) === 0) return []
  return [findings.ROLLOUT_STUCK({ about, why: sentence(progress.message) })]
}

/** Only of Himalia's own images; others have versions of their own. */
function versions(sight: Sight): readonly Finding[] {
  const [hub, proxy] = parts.map((component) => tagOf(sight, component))
  if (!hub || !proxy || hub === proxy) return []
  return [findings.VERSIONS_DIFFER({ about: 'deployment/hub', hub, proxy })]
}

function tagOf(sight: Sight, component: Component): string | null {
  const newest = podsOf(sight, component).toSorted((a, b) => createdOf(b).localeCompare(createdOf(a)))[0]
  const image = `${newest?.spec.containers[0]?.image ?? ''}`
  return /himalia\/(?:hub|proxy):([\w.-]+)$/.exec(image)?.[1] ?? null
}

function createdOf({ metadata }: { readonly metadata: { readonly creationTimestamp?: string } }): string {
  return metadata.creationTimestamp ?? ''
}

function sentence(text = 'no reason is given'): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** The ways in: Services, their endpoints and the public address. */
import type { Service } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { isReady, podsOf, type Sight, serviceOf } from '../sight.ts'

const wanted = { hub: 'hub', 'proxy-api': 'proxy', 'proxy-public': 'proxy' } as const

export function services(sight: Sight): readonly Finding[] {
  const { release } = sight
  return Object.entries(wanted).flatMap(([component, ofPods]) => {
    const service = serviceOf(sight, component)
    if (!service) return [findings.OBJECT_MISSING({ about: `service/${component}`, release })]
    const about = `service/${service.metadata.name}`
    // While no pod is ready, the pods say why.
    const isEmpty = podsOf(sight, ofPods).some(isReady) && leadsNowhere(sight, service)
    if (isEmpty) return [findings.SERVICE_EMPTY({ about })]
    return component === 'proxy-public' && isWithoutAddress(service) ? [findings.NO_ADDRESS({ about })] : []
  })
}

function leadsNowhere({ slices }: Sight, { metadata, spec }: Service): boolean {
  if (slices === null || spec?.type === 'ExternalName') return false
  const own = slices.filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name)
  return !own.flatMap(({ endpoints }) => endpoints ?? []).some(({ conditions }) => conditions?.ready !== false)
}

function isWithoutAddress(service: Service): boolean {
  return service.spec?.type === 'LoadBalancer' && addressOf(service) === null
}

/** What people type, without a scheme; null: none yet. */
export function addressOf({ spec, status }: Service): string | null {
  const [ingress] = status?.loadBalancer?.ingress ?? []
  if (spec?.type === 'LoadBalancer') return ingress?.hostname ?? ingress?.ip ?? null
  return spec?.clusterIP ?? null
}

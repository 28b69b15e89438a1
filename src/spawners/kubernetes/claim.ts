/** A user's volume: what it looks like, and which of those that exist is the one. */
import type { Claim } from '#kube'
import type { ServerRef } from '../contract.ts'
import { annotations, claimLabels, isOfServer, userAnnotation } from './metadata.ts'
import { historicalClaims } from './names.ts'
import type { Plan } from './plan.ts'
import { allFilledIn } from './templates.ts'

/** The older way of naming a class, which some provisioners still read. */
const classAnnotation = 'volume.beta.kubernetes.io/storage-class'

export function claimManifest(plan: Plan): Claim {
  const { settings, names } = plan
  const { storageClass, storageCapacity, storageSelector } = settings
  const selector = allFilledIn(storageSelector, names.fields)
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: names.claim,
      namespace: names.namespace,
      labels: claimLabels(plan),
      annotations: {
        ...annotations(plan, settings.storageExtraAnnotations),
        ...(storageClass === null ? {} : { [classAnnotation]: storageClass }),
      },
    },
    spec: {
      accessModes: settings.storageAccessModes,
      resources: { requests: storageCapacity === null ? {} : { storage: storageCapacity } },
      ...(storageClass === null ? {} : { storageClassName: storageClass }),
      ...(Object.keys(selector).length === 0 ? {} : { selector }),
    },
  }
}

/**
 * The claim that holds a server's files, whoever made it and under whatever name; null: there is none yet. One that says
 * whose it is counts before one that only has the right name; one that says that it is another's never counts.
 */
export function claimOf(server: ServerRef, existing: readonly Claim[], wanted: string): Claim | null {
  const own = existing.filter(({ metadata }) => isOfServer(metadata, server))
  const names = [wanted, ...historicalClaims(server)]
  const byName = (all: readonly Claim[]) =>
    names.flatMap((name) => all.find(({ metadata }) => metadata.name === name) ?? [])[0]
  const unnamed = existing.filter(({ metadata }) => metadata.annotations?.[userAnnotation] === undefined)
  return byName(own) ?? own.toSorted(boundAndOldFirst)[0] ?? byName(unnamed) ?? null
}

function boundAndOldFirst(a: Claim, b: Claim): number {
  const bound = Number(b.status?.phase === 'Bound') - Number(a.status?.phase === 'Bound')
  return bound || (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')
}

/** Looks names up: those of the release where this runs in the cluster, those of people's hosts everywhere. */
import { lookup } from 'node:dns/promises'
import { messageOf } from '#base/errors.ts'
import type { Service } from '#kube'

export async function namesUnresolved(wanted: {
  readonly services: readonly Service[]
  readonly hosts: readonly string[]
  readonly isInside: boolean
}): Promise<ReadonlyMap<string, string>> {
  const own = wanted.isInside ? wanted.services.filter(isOfRelease).map(({ metadata }) => metadata.name) : []
  const asked = [...own, ...wanted.hosts].map(async (name) => {
    try {
      await lookup(name)
      return []
    } catch (error) {
      return [[name, messageOf(error)]] as const
    }
  })
  return new Map((await Promise.all(asked)).flat())
}

/** Users' servers may have Services, too. */
function isOfRelease({ metadata }: Service): boolean {
  return ['hub', 'proxy-api', 'proxy-public'].includes(metadata.labels?.component ?? '')
}

/** The claim of a server: found, made, grown and, when its server is deleted, deleted. */
import { HimaliaError, messageOf } from '#base/errors.ts'
import { type Claim, isKubeError, type Kube, parseQuantity } from '#kube'
import type { ServerRef } from '../contract.ts'
import { claimManifest, claimOf } from './claim.ts'
import { isOfServer, storageComponent, userAnnotation } from './metadata.ts'
import type { Plan } from './plan.ts'
import { failure, reason } from './reasons.ts'
import { explained } from './refusals.ts'
import type { World } from './world.ts'

export interface StorageTools {
  readonly kube: Kube
  readonly world: World
  readonly signal: AbortSignal
  readonly say: (message: string) => void
  readonly onFault: (error: HimaliaError) => void
}

/** The name of the claim that holds the server's files, made where there is none. Errors: those of `refusals.ts`, VOLUME. */
export async function ensureClaim(plan: Plan, tools: StorageTools): Promise<string> {
  const { kube, world, signal, onFault } = tools
  const { namespace, claim: wanted } = plan.names
  await world.claims.ready(signal)
  const known = claimOf(plan.server, [...claimsIn(world, namespace)], wanted)
  if (known) return useClaim(known, plan, tools)
  try {
    tools.say('Making a volume for your files')
    await kube.create('persistentvolumeclaims', claimManifest(plan), { signal, onFault, patienceMs: Infinity })
    return wanted
  } catch (error) {
    if (!isKubeError(error, 'KUBE_CONFLICT') && !isKubeError(error, 'KUBE_FORBIDDEN')) throw explained(error, 'volume')
    // A quota refuses before the name is looked at; and another hub may have just made it.
    const there = await kube.get('persistentvolumeclaims', { namespace, name: wanted }, { signal, onFault })
    if (!there) throw explained(error, 'volume')
    return useClaim(there, plan, tools)
  }
}

async function useClaim(claim: Claim, plan: Plan, tools: StorageTools): Promise<string> {
  const { name, annotations = {}, deletionTimestamp } = claim.metadata
  const owner = annotations[userAnnotation]
  if (owner !== undefined && !isOfServer(claim.metadata, plan.server) && owner !== plan.server.userName) {
    throw failure(reason('NAME_TAKEN', `The volume claim ${name} belongs to ${owner}.`))
  }
  if (deletionTimestamp) {
    throw failure(reason('VOLUME', `The volume claim ${name} is being deleted; it is made anew once that is done.`))
  }
  await grow(claim, plan, tools)
  return name
}

/** A claim only ever grows. Where its class can't, the server runs with what there is, and says so. */
async function grow(claim: Claim, { settings }: Plan, { kube, signal, say }: StorageTools): Promise<void> {
  const wanted = settings.storageCapacity
  const present = claim.spec.resources?.requests?.storage
  if (wanted === null || present === undefined || claim.status?.phase !== 'Bound') return
  if ((parseQuantity(wanted) ?? 0) <= (parseQuantity(present) ?? Number.POSITIVE_INFINITY)) return
  const { name, namespace } = claim.metadata
  const at = { name, ...(namespace === undefined ? {} : { namespace }) }
  try {
    await kube.merge(
      'persistentvolumeclaims',
      at,
      { spec: { resources: { requests: { storage: wanted } } } },
      { signal },
    )
    say(`Your volume grows from ${present} to ${wanted}`)
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    say(`Your volume stays at ${present}: it can't grow to ${wanted} (${messageOf(error)})`)
  }
}

/**
 * Deletes claims that say themselves that they are this server's. One that only has a fitting name stays: names clash
 * between generations of hubs, and what is deleted is gone.
 */
export async function deleteClaims(server: ServerRef, { kube, world, signal }: Omit<StorageTools, 'say' | 'onFault'>) {
  await world.claims.ready(signal)
  for (const { metadata } of [...world.claims.all()]) {
    if (metadata.labels?.component !== storageComponent || !isOfServer(metadata, server)) continue
    const { name, namespace, uid } = metadata
    await kube.delete('persistentvolumeclaims', { name, ...(namespace ? { namespace } : {}) }, { signal, uid })
  }
}

function* claimsIn(world: World, namespace: string): Iterable<Claim> {
  for (const claim of world.claims.all()) if (claim.metadata.namespace === namespace) yield claim
}

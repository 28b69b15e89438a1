/** Brings a server's objects about: namespace, claim, pod, Service. Each step finds what an earlier try has made. */
import type { HimaliaError } from '#base/errors.ts'
import { isKubeError, type Kube, type Pod } from '#kube'
import type { ProgressReport } from '../contract.ts'
import { attemptAnnotation, idAnnotation, isOfServer } from './metadata.ts'
import { namespaceManifest } from './namespace.ts'
import type { Plan } from './plan.ts'
import { failure, reason } from './reasons.ts'
import { explained } from './refusals.ts'
import { serviceManifest } from './service.ts'
import { endPod } from './stop.ts'
import { ensureClaim } from './storage.ts'
import { portOf } from './url.ts'
import type { World } from './world.ts'

export interface LaunchTools {
  readonly kube: Kube
  readonly world: World
  readonly signal: AbortSignal
  readonly report: (progress: ProgressReport) => void
  /** Makes the manifest, once the name of the claim is settled. */
  readonly podOf: (plan: Plan) => Promise<Pod>
}

export interface LaunchedPod {
  readonly pod: Pod
  /** The plan as it was carried out. */
  readonly plan: Plan
}

export async function launchPod(plan: Plan, tools: LaunchTools): Promise<LaunchedPod> {
  const { kube, signal } = tools
  const say = (message: string) => tools.report({ progress: null, message })
  const onFault = sayOnce(say)
  const patient = { signal, onFault, patienceMs: Number.POSITIVE_INFINITY }
  const { settings } = plan
  if (settings.enableUserNamespaces) {
    await ignoring('KUBE_CONFLICT', kube.create('namespaces', namespaceManifest(plan) as never, patient))
  }
  const settled = settings.storagePvcEnsure
    ? withClaim(plan, await ensureClaim(plan, { ...tools, say, onFault }))
    : plan
  const pod = await createPod(await tools.podOf(settled), settled, { ...tools, patient, say })
  if (settings.servicesEnabled) {
    await ignoring('KUBE_CONFLICT', kube.create('services', serviceManifest(settled, pod, portOf(pod)), patient))
  }
  return { pod, plan: settled }
}

/** `{pvc_name}` in volumes means the claim that was found. */
function withClaim(plan: Plan, claim: string): Plan {
  if (claim === plan.names.claim) return plan
  return { ...plan, names: { ...plan.names, claim, fields: { ...plan.names.fields, pvc_name: claim } } }
}

interface CreateTools extends LaunchTools {
  readonly patient: { signal: AbortSignal; onFault: (error: HimaliaError) => void; patienceMs: number }
  readonly say: (message: string) => void
}

/**
 * A pod of that name may be there already: that of this very start, made by a try whose answer was lost; one of an older
 * start, which has to go; or somebody else's, which is left alone.
 */
async function createPod(pod: Pod, plan: Plan, tools: CreateTools): Promise<Pod> {
  const { kube, signal, patient } = tools
  const { name, namespace = '' } = pod.metadata
  for (;;) {
    signal.throwIfAborted()
    try {
      return await kube.create('pods', pod, patient)
    } catch (error) {
      if (!isKubeError(error, 'KUBE_CONFLICT')) throw explained(error, 'pod')
    }
    const there = await kube.get('pods', { name, namespace }, patient)
    if (!there) continue
    if (isSameStart(there, pod)) return there
    if (!isOfServer(there.metadata, plan.server)) {
      throw failure(reason('NAME_TAKEN', `There is a pod ${name} in the cluster that is not a server of yours.`))
    }
    tools.say('Waiting until the pod of the start before is gone')
    await endPod(there.metadata, { ...tools, graceSeconds: plan.settings.deleteGracePeriod })
  }
}

function isSameStart(there: Pod, wanted: Pod): boolean {
  const same = (annotation: string) =>
    there.metadata.annotations?.[annotation] === wanted.metadata.annotations?.[annotation]
  return same(idAnnotation) && same(attemptAnnotation) && !there.metadata.deletionTimestamp
}

async function ignoring(code: 'KUBE_CONFLICT', work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (!isKubeError(error, code)) throw explained(error, 'pod')
  })
}

/** Of an outage the person hears once. */
function sayOnce(say: (message: string) => void): (error: HimaliaError) => void {
  let said = ''
  return ({ code, message }) => {
    if (said === code) return
    said = code
    say(`${message} Trying again.`)
  }
}

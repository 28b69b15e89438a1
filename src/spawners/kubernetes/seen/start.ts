/** How far a start is, what is in its way, and whether that will ever change. */
import type { ContainerStatus, KubeEvent, Pod } from '#kube'
import type { FailureReason } from '../../contract.ts'
import { reason, runtimeReason } from '../reasons.ts'

export interface Start {
  readonly message: string
  readonly progress: number
  /** What keeps it from going on, if it is known; the reason should the time run out. */
  readonly obstacle: FailureReason | null
  /** It will not go away by waiting. */
  readonly isHopeless?: boolean
}

/** null: it has come up. */
export function startOf(pod: Pod, events: readonly KubeEvent[]): Start | null {
  const { status } = pod
  const all = status?.containerStatuses ?? []
  const isUp = status?.phase === 'Running' && status.podIP && all.length > 0 && all.every(({ ready }) => ready)
  if (isUp) return null
  return (
    waitingForNode(pod, events) ??
    waitingForImage([...(status?.initContainerStatuses ?? []), ...all]) ??
    waitingForVolume(pod, events) ??
    preparing(pod, events) ??
    coming(pod, events)
  )
}

function waitingForNode({ status }: Pod, events: readonly KubeEvent[]): Start | null {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'True') return null
  if (!scheduled) return { message: 'Waiting for a place in the cluster', progress: 10, obstacle: null }
  const said = plainScheduling(scheduled.message ?? '')
  const isGrowing = lastOf(events, ['TriggeredScaleUp', 'NotTriggerScaleUp'])?.reason === 'TriggeredScaleUp'
  const obstacle = reason('NO_NODE', `No node of the cluster has room for the server: ${said}`)
  if (isGrowing) return { message: 'A new node is being added to the cluster for it', progress: 10, obstacle }
  return { message: `No node has room for it yet: ${said}`, progress: 10, obstacle }
}

/** `0/3 nodes are available: 1 Insufficient memory, 2 node(s) had …. preemption: …` without what only schedulers care about. */
function plainScheduling(message: string): string {
  return message.replace(/\s*preemption:.*$/s, '').trim() || 'the scheduler does not say why'
}

const imageProblems: readonly string[] = [
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'RegistryUnavailable',
]
const configProblems: readonly string[] = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']
/** Words of registries for what will not change by waiting. */
const hopelessPull =
  /not found|manifest unknown|does not exist|unauthorized|denied|forbidden|authentication required|invalid reference|no match for platform/i

function waitingForImage(all: readonly ContainerStatus[]): Start | null {
  for (const { name, image = '', state } of all) {
    const { reason: why = '', message = '' } = state?.waiting ?? {}
    if (why === 'InvalidImageName') {
      const obstacle = reason('IMAGE_NAME', `"${image}" is not the name of an image.`)
      return { message: obstacle.message, progress: 40, obstacle, isHopeless: true }
    }
    if (imageProblems.includes(why)) {
      const obstacle = reason('IMAGE_PULL', `The image ${image} can't be fetched: ${pullProblem(message) || why}.`)
      const isHopeless = why === 'ErrImageNeverPull' || hopelessPull.test(message)
      return { message: obstacle.message, progress: 40, obstacle, isHopeless }
    }
    if (configProblems.includes(why)) {
      const obstacle =
        runtimeReason(message) ?? reason('CONTAINER_CONFIG', `The container ${name} can't be made: ${message || why}.`)
      return { message: obstacle.message, progress: 55, obstacle, isHopeless: why === 'RunContainerError' }
    }
  }
  return null
}

/** The last clause says it: runtimes wrap the registry's words several times. */
function pullProblem(message: string): string {
  const clauses = message.replace(/\.$/, '').split(/:\s+/)
  return clauses.slice(-2).join(': ')
}

const volumeProblems: readonly string[] = ['FailedMount', 'FailedAttachVolume', 'FailedMapVolume']

function waitingForVolume({ status }: Pod, events: readonly KubeEvent[]): Start | null {
  const hasStarted = (status?.containerStatuses ?? []).some(({ state }) => state?.running)
  const trouble = lastOf(events, [...volumeProblems, 'SuccessfulAttachVolume', 'Pulling', 'Pulled', 'Started'])
  if (hasStarted || !trouble || !volumeProblems.includes(trouble.reason ?? '')) return null
  const message = `A volume of the server can't be connected yet: ${trouble.message ?? trouble.reason}`
  return { message, progress: 25, obstacle: reason('VOLUME', message) }
}

function preparing({ spec, status }: Pod, events: readonly KubeEvent[]): Start | null {
  const all = status?.initContainerStatuses ?? []
  const done = all.filter(({ state }) => state?.terminated?.exitCode === 0).length
  const current = all[done]
  if (!current || (!current.state?.running && done === 0)) return null
  const pulling = current.state?.running ? null : pullingOf(events)
  const count = Array.isArray(spec.initContainers) ? spec.initContainers.length : all.length
  const message = `Preparing it, step ${done + 1} of ${count}: ${current.name}`
  return { message: pulling ?? message, progress: 50, obstacle: null }
}

function coming({ status }: Pod, events: readonly KubeEvent[]): Start {
  const all = status?.containerStatuses ?? []
  const waiting = all.filter(({ ready }) => !ready).map(({ name }) => name)
  if (all.some(({ state }) => state?.running)) {
    const message = all.length > 1 ? `Waiting until it is up: ${waiting.join(', ')}` : 'Waiting until it is up'
    return { message, progress: 70, obstacle: null }
  }
  const pulling = pullingOf(events)
  if (pulling) return { message: pulling, progress: 40, obstacle: null }
  return { message: 'A node was found; connecting volumes and making the container', progress: 30, obstacle: null }
}

function pullingOf(events: readonly KubeEvent[]): string | null {
  const last = lastOf(events, ['Pulling', 'Pulled', 'Created', 'Started'])
  const [, image] = /image "([^"]+)"/.exec(last?.message ?? '') ?? []
  if (last?.reason === 'Pulling')
    return `Fetching the image ${image ?? ''}; the first time on a node this takes a while`
  return last?.reason === 'Pulled' ? 'The image is there; making the container' : null
}

function lastOf(events: readonly KubeEvent[], reasons: readonly string[]): KubeEvent | undefined {
  return events.findLast(({ reason: why }) => reasons.includes(why ?? ''))
}

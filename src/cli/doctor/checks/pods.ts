/** What keeps a pod from being ready; of the hub and the proxy one by one, of users' servers together. */
import type { ContainerStatus, Pod } from '#kube'
import type { Finding } from '../finding.ts'
import { findings } from '../findings.ts'
import { aboutPod, eventsAbout, isReady, minutesSince, podsOf, type Sight } from '../sight.ts'

const pullReasons = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull']
const configReasons = ['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError']

export function pods(sight: Sight): readonly Finding[] {
  return [...podsOf(sight, 'hub'), ...podsOf(sight, 'proxy')].flatMap((pod) => trouble(sight, pod) ?? [])
}

/** Reasons, with how many servers have them. */
export function servers(sight: Sight): readonly Finding[] {
  const why = new Map<string, Pod[]>()
  for (const pod of podsOf(sight, 'singleuser-server')) {
    const found = minutesSince(pod.metadata.creationTimestamp, sight.now) < 1 ? null : trouble(sight, pod)
    if (found === null || found.code === 'NOT_READY') continue
    const reason = found.message.replaceAll(found.about, 'its pod')
    why.set(reason, [...(why.get(reason) ?? []), pod])
  }
  return [...why].map(([reason, all]) =>
    findings.SERVERS_WAIT({ about: aboutPod(all[0]!), why: reason, count: all.length }),
  )
}

/** The first thing that is wrong, in the order in which a pod comes up. */
export function trouble(sight: Sight, pod: Pod): Finding | null {
  if (pod.metadata.deletionTimestamp || isReady(pod)) return null
  const about = aboutPod(pod)
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False') return findings.NO_NODE({ about, why: scheduled.message ?? 'no reason is given' })
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  for (const status of statuses) {
    const found = containerTrouble(sight, pod, status)
    if (found) return found
  }
  return mountTrouble(sight, pod) ?? readiness(sight, pod)
}

function containerTrouble(sight: Sight, pod: Pod, status: ContainerStatus): Finding | null {
  const about = aboutPod(pod)
  const { reason = '', message: why = reason } = status.state?.waiting ?? {}
  if (pullReasons.includes(reason)) return findings.IMAGE_PULL({ about, image: imageOf(pod, status), why })
  if (configReasons.includes(reason)) {
    const [, secret] = /secret "([^"]+)" not found/.exec(why) ?? []
    return secret ? findings.SECRET_MISSING({ about, secret }) : findings.CONTAINER_CONFIG({ about, why })
  }
  const ended = status.state?.terminated ?? status.lastState?.terminated
  if (!ended || ended.exitCode === 0 || status.ready) return null
  const container = status.name
  if (ended.reason === 'OOMKilled') return findings.OUT_OF_MEMORY({ about, container })
  const log = sight.logs.get(`${pod.metadata.name}/${container}`) ?? []
  return findings.CRASHING({ about, container, exitCode: ended.exitCode, restarts: status.restartCount + 1, log })
}

function imageOf(pod: Pod, { name, image = '' }: ContainerStatus): string {
  return `${pod.spec.containers.find((container) => container.name === name)?.image ?? image}`
}

/** A pod that waits for its volumes says nothing itself: events do. */
function mountTrouble(sight: Sight, pod: Pod): Finding | null {
  if (pod.status?.phase !== 'Pending') return null
  const about = aboutPod(pod)
  const event = eventsAbout(sight, pod.metadata.name).findLast(({ reason = '' }) =>
    /^Failed(Mount|Attach)/.test(reason),
  )
  if (!event) return null
  const why = event.message ?? ''
  const [, secret] = /secret "([^"]+)" not found/.exec(why) ?? []
  return secret ? findings.SECRET_MISSING({ about, secret }) : findings.VOLUME({ about, why })
}

/** So long a start may take. */
const patienceMinutes = 2

function readiness(sight: Sight, pod: Pod): Finding | null {
  if (minutesSince(pod.metadata.creationTimestamp, sight.now) < patienceMinutes) return null
  const event = eventsAbout(sight, pod.metadata.name).findLast(({ reason }) => reason === 'Unhealthy')
  const container = pod.spec.containers[0]?.name ?? ''
  const log = sight.logs.get(`${pod.metadata.name}/${container}`) ?? []
  return findings.NOT_READY({ about: aboutPod(pod), why: event?.message ?? 'its probe does not succeed.', log })
}

/** A pod as it is now, read as an observation of a server. Pure: the same pod gives the same answer. */
import type { KubeEvent, Pod } from '#kube'
import type { Observation } from '../../contract.ts'
import { editionIn } from '../edition.ts'
import { podUrl } from '../url.ts'
import { endingOf } from './ending.ts'
import { startOf } from './start.ts'

export interface Sight {
  readonly pod: Pod
  /** Of this pod, the oldest first. */
  readonly events: readonly KubeEvent[]
  /** The host name that the proxy takes instead of the pod's address; null: the address. */
  readonly host: string | null
}

export function observed({ pod, events, host }: Sight): Observation {
  const ending = endingOf(pod)
  if (ending) return { phase: 'exited', ...ending }
  const url = podUrl(pod, host)
  const start = startOf(pod, events)
  if (start?.isHopeless && start.obstacle) return { phase: 'exited', exitCode: null, reason: start.obstacle }
  if (start || !url) return { phase: 'starting', ...(start ?? { message: null, progress: null, obstacle: null }) }
  return { phase: 'running', url, handle: handleOf(pod, host) }
}

/** The names that KubeSpawner keeps, too. */
export function handleOf({ metadata }: Pod, host: string | null) {
  const edition = editionIn(metadata)
  return {
    pod_name: metadata.name,
    namespace: metadata.namespace ?? '',
    uid: metadata.uid ?? '',
    ...(host === null ? {} : { dns_name: host }),
    ...(edition === null ? {} : { edition }),
  }
}

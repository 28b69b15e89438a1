/** Whether a server has come to its end, and why. */
import { formatBytes } from '#base/bytes.ts'
import { type ContainerState, type ContainerStatus, type Pod, parseQuantity } from '#kube'
import type { FailureReason } from '../../contract.ts'
import { serverContainer } from '../pod/index.ts'
import { reason, runtimeReason } from '../reasons.ts'

export interface Ending {
  readonly exitCode: number | null
  readonly reason: FailureReason
}

type Terminated = NonNullable<ContainerState['terminated']>

export function endingOf(pod: Pod): Ending | null {
  return disruptionOf(pod) ?? serverEnding(pod) ?? initEnding(pod) ?? phaseEnding(pod)
}

/** Of the condition DisruptionTarget. */
const disruptions: Readonly<Record<string, FailureReason>> = {
  PreemptionByScheduler: reason('PREEMPTED', 'The server had to make room for something more important.'),
  EvictionByEvictionAPI: reason('EVICTED', 'The server had to go since its node is being emptied.'),
  DeletionByTaintManager: reason('NODE_LOST', 'The node that the server ran on went down or is closed.'),
  DeletionByPodGC: reason('NODE_LOST', 'The node that the server ran on is gone.'),
  TerminationByKubelet: reason('EVICTED', 'The node of the server shuts down or ran short of memory or disk.'),
}

/** Something else in the cluster ends the pod. */
function disruptionOf({ metadata, status }: Pod): Ending | null {
  const target = status?.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True')
  const known = disruptions[target?.reason ?? '']
  if (status?.reason === 'Evicted') {
    return {
      exitCode: null,
      reason: reason('EVICTED', `The server was evicted: ${status.message ?? 'its node is full'}`),
    }
  }
  if (known) return { exitCode: null, reason: known }
  if (status?.reason === 'NodeLost') return { exitCode: null, reason: disruptions.DeletionByPodGC! }
  if (!metadata.deletionTimestamp) return null
  return { exitCode: null, reason: reason('DELETED', 'The pod of the server was deleted by somebody else.') }
}

/**
 * Kubernetes would start a server that crashed anew in the same pod. Its kernels are lost all the same, so the person
 * is told what happened instead of finding an empty session.
 */
function serverEnding(pod: Pod): Ending | null {
  const server = pod.status?.containerStatuses?.find(({ name }) => name === serverContainer)
  const ended = server && endOf(server)
  if (!ended) return null
  return { exitCode: ended.exitCode, reason: exitReason(ended, memoryLimitOf(pod)) }
}

function endOf({ state, lastState, restartCount }: ContainerStatus): Terminated | null {
  return state?.terminated ?? (restartCount > 0 ? (lastState?.terminated ?? null) : null)
}

function exitReason(ended: Terminated, memLimitBytes: number | null): FailureReason {
  const { exitCode, signal, reason: why, message } = ended
  if (why === 'OOMKilled') {
    const limit = memLimitBytes === null ? '' : ` of ${formatBytes(memLimitBytes)}`
    return reason('OUT_OF_MEMORY', `The server was ended since it needed more memory than its limit${limit}.`)
  }
  const known = runtimeReason(message ?? '')
  if (known) return known
  if (exitCode === 127) return reason('COMMAND_NOT_FOUND', 'The image has no program to start the server with.')
  if (why === 'ContainerCannotRun' || why === 'StartError') {
    return reason('CONTAINER_CONFIG', `The container could not be started: ${message ?? why}`)
  }
  const how = signal ? `was ended by signal ${signal}` : `ended with code ${exitCode}`
  return reason('EXITED', `The server ${how}.`)
}

function memoryLimitOf({ spec }: Pod): number | null {
  const limit = spec.containers.find(({ name }) => name === serverContainer)?.resources?.limits?.memory
  return limit === undefined ? null : parseQuantity(`${limit}`)
}

/** A preparation that fails is tried again once; then it is believed. */
function initEnding({ status }: Pod): Ending | null {
  const failed = status?.initContainerStatuses?.find(({ restartCount, state }) => {
    return restartCount > 0 && (state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated?.exitCode ?? 0) > 0)
  })
  if (!failed) return null
  const exitCode = (failed.state?.terminated ?? failed.lastState?.terminated)?.exitCode ?? null
  const how = exitCode === null ? 'failed' : `ended with code ${exitCode}`
  return { exitCode, reason: reason('INIT_FAILED', `The preparation "${failed.name}" ${how}.`) }
}

function phaseEnding({ status }: Pod): Ending | null {
  if (status?.phase === 'Failed') {
    const why = [status.reason, status.message].filter(Boolean).join(': ')
    return { exitCode: null, reason: reason('EXITED', `The pod of the server failed${why ? `: ${why}` : '.'}`) }
  }
  return status?.phase === 'Succeeded' ? { exitCode: 0, reason: reason('EXITED', 'The server ended.') } : null
}

/** The container whose log tells why: the one that failed, else the server. */
export function tellingContainer({ status }: Pod): { container: string; previous: boolean } {
  const failedInit = status?.initContainerStatuses?.find(
    ({ state, restartCount }) => restartCount > 0 || (state?.terminated?.exitCode ?? 0) > 0,
  )
  const server = status?.containerStatuses?.find(({ name }) => name === serverContainer)
  const shown = failedInit ?? server
  const previous = shown !== undefined && shown.restartCount > 0 && !shown.state?.terminated
  return { container: shown?.name ?? serverContainer, previous }
}

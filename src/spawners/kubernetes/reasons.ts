/** Why a pod does not run, in words for a person. */
import { HimaliaError } from '#base/errors.ts'
import type { FailureReason } from '../contract.ts'

const hints = {
  NO_NODE: 'Wait, pick an environment that needs less, or ask the administrator for more or larger nodes.',
  IMAGE_PULL: 'Ask the administrator to check the name of the image and the access to its registry.',
  IMAGE_NAME: 'Ask the administrator to correct the name of the image in config.yaml.',
  CONTAINER_CONFIG: 'Ask the administrator: something that the environment refers to is missing in the cluster.',
  INIT_FAILED: 'Ask the administrator: the lines below are the last that the preparation said.',
  VOLUME: 'Wait and try again; if it stays so, ask the administrator to look at the storage of the cluster.',
  VOLUME_PENDING: 'Ask the administrator: the storage class may not be able to make the volume.',
  STORAGE_QUOTA: 'Ask the administrator for more storage, or delete a server that you no longer need.',
  QUOTA: 'Stop another server, pick an environment that needs less, or ask the administrator for a larger quota.',
  REFUSED: 'Ask the administrator: a rule of the cluster does not allow this environment.',
  INVALID: 'Ask the administrator to correct config.yaml.',
  FORBIDDEN: "Ask the administrator to check the rights of the hub's service account.",
  NAME_TAKEN: 'Ask the administrator: something else in the cluster has the name of your server.',
  OUT_OF_MEMORY: 'Use less at once, or pick an environment with more memory.',
  EVICTED: 'Start it again. What is in your home is kept.',
  PREEMPTED: 'Start it again when there is more room. What is in your home is kept.',
  DELETED: 'Start it again. What is in your home is kept.',
  NODE_LOST: 'Start it again: it comes up on another node. What is in your home is kept.',
  EXITED: 'The lines below are the last that it said.',
  COMMAND_NOT_FOUND: 'Check singleuser.cmd, and that the image has jupyterhub and jupyterlab.',
} as const

export type Code = keyof typeof hints

export function reason(code: Code, message: string, logTail: readonly string[] = []): FailureReason {
  return { code, message, hint: hints[code], logTail }
}

const missingProgram = /exec:? "?([^":]+)"?: .*(?:executable file not found|no such file or directory)/

/** What a runtime says of a container that it can't run; null: nothing that is known. */
export function runtimeReason(said: string): FailureReason | null {
  const [, program] = missingProgram.exec(said) ?? []
  return program === undefined ? null : reason('COMMAND_NOT_FOUND', `The image has no program "${program}".`)
}

/** What `launch` throws. */
export function failure(why: FailureReason, cause?: unknown): HimaliaError {
  return new HimaliaError(why.code, 500, why.message, { hint: why.hint, detail: { reason: why }, cause })
}

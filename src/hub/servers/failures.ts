/** Why a start or a run came to its end, where the reconciler itself is the one who knows. */
import { HimaliaError } from '#base/errors.ts'
import type { FailureReason } from '#spawners'

/** What kept it from starting is the reason, where the spawner knows it. */
export function startTimeout(seconds: number, seen: string, obstacle: FailureReason | null = null): FailureReason {
  if (obstacle)
    return { ...obstacle, message: `The server did not start within ${seconds} seconds. ${obstacle.message}` }
  return {
    code: 'TIMEOUT',
    message: `The server did not start within ${seconds} seconds: ${seen}.`,
    hint: 'Try again. If it stays so, the administrator can raise singleuser.startTimeout.',
    logTail: [],
  }
}

export function answerTimeout(seconds: number, seen: string): FailureReason {
  return {
    code: 'TIMEOUT',
    message: `The server runs, but did not answer within ${seconds} seconds: ${seen}.`,
    hint: 'The last lines of its log may tell why. The administrator can raise hub.config.Spawner.http_timeout.',
    logTail: [],
  }
}

export function vanished(): FailureReason {
  return {
    code: 'VANISHED',
    message: 'The server disappeared without a word.',
    hint: 'It was ended from outside, or the machine went down. Start it again.',
    logTail: [],
  }
}

/** The reason in what a spawner threw; our own bugs are named by an id that stands in the log. */
export function launchFailure(error: unknown, incident: string): FailureReason {
  if (error instanceof HimaliaError) {
    const given = error.detail.reason
    if (isReason(given)) return given
    return { code: error.code, message: error.message, hint: error.hint, logTail: [] }
  }
  return {
    code: 'INTERNAL',
    message: `The server could not be launched because of an error in the hub (${incident}).`,
    hint: "Tell the administrator this number; it stands in the hub's log.",
    logTail: [],
  }
}

function isReason(value: unknown): value is FailureReason {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value && 'logTail' in value
}

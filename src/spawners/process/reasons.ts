/** Why a local server is not running, from its exit and the last lines of its log. */
import { formatBytes } from '#base/bytes.ts'
import { HimaliaError } from '#base/errors.ts'
import type { FailureReason } from '../contract.ts'
import type { Exit } from './server-folder.ts'

interface Evidence {
  readonly exit: Exit | null
  readonly logTail: readonly string[]
  readonly outOfMemory?: boolean
  readonly memLimitBytes?: number | null
  /** Another program listens at the server's port. */
  readonly occupied?: boolean
}

const hints = {
  COMMAND_NOT_FOUND: 'Check singleuser.cmd, and that the Python environment of the hub has jupyterhub and jupyterlab.',
  PORT_TAKEN: 'Start the server again; it gets another port.',
  DISK_FULL: 'Make room on the disk, then start the server again.',
  NOT_PERMITTED: 'Ask the administrator to look at the accounts and folders of this machine.',
  OUT_OF_MEMORY: 'Use less at once, or pick an environment with more memory.',
  EXITED: 'The lines below are the last that it said.',
} as const

type Code = keyof typeof hints
type Detail = { message: string; logTail: readonly string[] }

/** Makers of the errors that `launch` throws; the reason stands in `detail.reason`. */
export const reason = Object.fromEntries(
  Object.keys(hints).map((code) => [code, (detail: Detail) => failure(reasonOf(code as Code, detail))]),
) as unknown as Record<Code, (detail: Detail) => HimaliaError>

function failure(why: FailureReason): HimaliaError {
  return new HimaliaError(why.code, 500, why.message, { hint: why.hint, detail: { reason: why } })
}

function reasonOf(code: Code, { message, logTail }: Detail): FailureReason {
  return { code, message, hint: hints[code], logTail }
}

/** What an error of the operating system at the launch means. */
export function launchFailure(error: NodeJS.ErrnoException, program: string): HimaliaError {
  if (error.code === 'ENOSPC' || error.code === 'EDQUOT') {
    return reason.DISK_FULL({ message: 'There is no space left on the disk of the hub.', logTail: [] })
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return reason.NOT_PERMITTED({ message: `The hub may not do what a start needs: ${error.message}.`, logTail: [] })
  }
  return reason.EXITED({ message: `${program} could not be started: ${error.message}.`, logTail: [] })
}

export const portTaken = 'The port of the server is taken by another program.'

/** Lines of a log and what they mean, the first that fits. */
const signs: readonly { code: Code; line: RegExp; message: string }[] = [
  {
    code: 'PORT_TAKEN',
    line: /address already in use|port \d+ is (?:already )?(?:in use|not available)/i,
    message: portTaken,
  },
  {
    code: 'DISK_FULL',
    line: /no space left on device|disk quota exceeded/i,
    message: 'There is no space left on the disk.',
  },
  {
    code: 'NOT_PERMITTED',
    line: /permission ?(?:error|denied)/i,
    message: 'The server was not permitted to use a file or folder.',
  },
]

export function exitReason(evidence: Evidence): FailureReason {
  const { exit, logTail, outOfMemory = false, memLimitBytes = null, occupied = false } = evidence
  if (occupied) return reasonOf('PORT_TAKEN', { message: portTaken, logTail })
  if (outOfMemory && exit?.code !== 0) {
    const limit = memLimitBytes === null ? '' : ` of ${formatBytes(memLimitBytes)}`
    return reasonOf('OUT_OF_MEMORY', {
      message: `The server was ended because its memory${limit} was used up.`,
      logTail,
    })
  }
  if (exit?.code === 127) {
    return reasonOf('COMMAND_NOT_FOUND', { message: "The server's program was not found.", logTail })
  }
  const sign = exit?.code === 0 ? undefined : signs.find(({ line }) => logTail.some((text) => line.test(text)))
  if (sign) return reasonOf(sign.code, { message: sign.message, logTail })
  return reasonOf('EXITED', { message: ended(exit), logTail })
}

function ended(exit: Exit | null): string {
  if (exit?.signal) return `The server was ended by the signal ${exit.signal}.`
  if (typeof exit?.code === 'number') return `The server ended with exit code ${exit.code}.`
  return 'The server ended.'
}

/** A line of a log as others may see it: tokens of every kind this hub and its servers make are taken out. */
export function withoutSecrets(line: string): string {
  return line.replace(/\b(token[=: ]+|bearer )\S+/gi, '$1[hidden]').replace(/\b[0-9a-f]{32,}\b/g, '[hidden]')
}

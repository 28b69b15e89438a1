/** Every thrown thing becomes an answer here, and nowhere else. */

import { errorCatalog, HimaliaError } from '#base/errors.ts'
import { STATUS_CODES } from '#base/node-http.ts'
import type { FailureReason } from '#spawners'
import type { HubContext } from '../context.ts'
import { scrub } from './access-log.ts'

export const errors = errorCatalog({
  NOT_FOUND: { status: 404, message: () => 'Not Found' },
  METHOD_NOT_ALLOWED: { status: 405, message: () => 'Method Not Allowed' },
  BODY_TOO_LARGE: { status: 413, message: () => 'The body of the request is too large.' },
  BODY_CUT_OFF: { status: 400, message: () => 'The request ended before its body did.' },
  PATH_INVALID: { status: 400, message: () => 'The path is not valid.' },
})

/** An error as its answer shows it. */
export interface Problem {
  readonly status: number
  readonly message: string
  readonly code: string | null
  readonly hint: string | null
  readonly reason: FailureReason | null
  /** Of our own bugs: stands in the log too. */
  readonly errorId: string | null
  readonly retryAfterSeconds: number | null
}

/** Our own bugs are logged whole, and told to nobody else. */
export function problemOf(context: HubContext, error: unknown, request: { method: string; url: string }): Problem {
  if (error instanceof HimaliaError) return problem(error)
  const known = frameworkProblem(error)
  if (known) return known
  const errorId = context.random.alphanumeric(8)
  context.log.error({ errorId, method: request.method, url: scrub(request.url), err: error }, 'Unexpected error')
  return {
    status: 500,
    message: `Something went wrong in the hub. The log has more under ${errorId}.`,
    code: 'INTERNAL',
    hint: null,
    reason: null,
    errorId,
    retryAfterSeconds: null,
  }
}

function problem({ status, message, code, hint, detail }: HimaliaError): Problem {
  const { reason, retryAfterSeconds } = detail
  return {
    status,
    message,
    code,
    hint,
    // Safe: every `reason` in a detail is the spawner's.
    reason: typeof reason === 'object' ? (reason as FailureReason | null) : null,
    errorId: null,
    retryAfterSeconds: typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  }
}

/** Fastify's own refusals: bodies too large or cut off, media types unknown, paths that can't be decoded. */
function frameworkProblem(error: unknown): Problem | null {
  const { code = '', statusCode, message } = error as { code?: string; statusCode?: number; message: string }
  // Node's word for a browser that left while it sent; nobody is there to read the answer.
  if (code === 'ECONNRESET' && statusCode === 400) return problem(errors.BODY_CUT_OFF(undefined))
  if (!code.startsWith('FST_') || statusCode === undefined || statusCode >= 500) return null
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return problem(errors.BODY_TOO_LARGE(undefined))
  if (code === 'FST_ERR_BAD_URL') return problem(errors.PATH_INVALID(undefined))
  return problem(new HimaliaError(code, statusCode, STATUS_CODES[statusCode] ?? message))
}

/** The body of an error under `/hub/api`; `status` and `message` are JupyterHub's fields. */
export function errorBody({ status, message, code, hint, reason, errorId }: Problem): Record<string, unknown> {
  return {
    status,
    message,
    ...(code ? { code } : {}),
    ...(hint ? { hint } : {}),
    ...(reason ? { reason: wireReason(reason) } : {}),
    ...(errorId ? { id: errorId } : {}),
  }
}

export function wireReason({ code, message, hint, logTail }: FailureReason) {
  return { code, message, hint, log_tail: [...logTail] }
}

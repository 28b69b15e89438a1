/**
 * Three kinds of failure, and only three: a `HimaliaError` (a denial, a user's mistake, or an outside fault
 * that was wrapped once with its cause), an expected outcome (a value, not an exception), and our own bugs
 * (everything else: logged whole and answered as 500 with an id that stands in the log too).
 */

export type ErrorOptions = { cause?: unknown; hint?: string | null; detail?: Record<string, unknown> }

export class HimaliaError extends Error {
  /** Permanent, upper case with underscores. Match on this, never on the text. */
  readonly code: string
  /** The HTTP status that fits when the error leaves through HTTP. */
  readonly status: number
  /** What the reader can do about it, one sentence; null when there is nothing. */
  readonly hint: string | null
  /** The facts that filled the sentence. Never holds a secret. */
  readonly detail: Record<string, unknown>

  constructor(code: string, status: number, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'HimaliaError'
    this.code = code
    this.status = status
    this.hint = options.hint ?? null
    this.detail = options.detail ?? {}
  }
}

type Row = { status: number; message: (detail: never) => string; hint?: string }

/** Turns the rows of a room's `errors.ts` into typed makers: `throw errors.SPAWN_TIMEOUT({ seconds: 60 }, cause)`. */
export function errorCatalog<const T extends Record<string, Row>>(rows: T) {
  const maker = (code: string, row: Row) => (detail: never, cause?: unknown) =>
    new HimaliaError(code, row.status, row.message(detail), {
      cause,
      hint: row.hint ?? null,
      detail: detail as Record<string, unknown>,
    })
  return Object.fromEntries(Object.entries(rows).map(([code, row]) => [code, maker(code, row)])) as unknown as {
    [Code in keyof T]: (detail: Parameters<T[Code]['message']>[0], cause?: unknown) => HimaliaError
  }
}

/** The sentence of any thrown thing, for a log line or a wrapped error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import { HimaliaError } from '#base/errors.ts'

type Options = Readonly<Record<string, unknown>>

export interface ServerBody {
  /** null: as last time. */
  readonly userOptions: Options | null
  readonly displayName?: string
}

/**
 * The body of a start. With `user_options` or `display_name` in it those are meant; else, as before JupyterHub 6, the
 * whole object is the options. Errors: SERVER_BODY_INVALID.
 */
export function readServerBody(body: Options | null): ServerBody {
  if (body === null) return { userOptions: null }
  if (!('user_options' in body) && !('display_name' in body)) return { userOptions: body }
  const { user_options: userOptions = null, display_name: displayName } = body
  if (userOptions !== null && (typeof userOptions !== 'object' || Array.isArray(userOptions))) {
    throw invalid('user_options must be an object or null')
  }
  if (displayName !== undefined && typeof displayName !== 'string') throw invalid('display_name must be text')
  return { userOptions: userOptions as Options | null, ...(displayName === undefined ? {} : { displayName }) }
}

function invalid(message: string): HimaliaError {
  return new HimaliaError('SERVER_BODY_INVALID', 400, message)
}

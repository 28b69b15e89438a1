import { errorCatalog, HimaliaError } from '#base/errors.ts'

/** Shown on a page: whoever sent the browser here can't be told, or is not to be trusted with it. */
export const errors = errorCatalog({
  OAUTH_CLIENT_UNKNOWN: {
    status: 400,
    message: (d: { client: string }) => `There is no OAuth client "${d.client}" that may ask for access.`,
    hint: 'Its server may have been stopped or restarted in the meantime. Open it again from the home page.',
  },
  OAUTH_REDIRECT_MISMATCH: {
    status: 400,
    message: (d: { client: string }) =>
      `The redirect_uri of the request is not the one that OAuth client "${d.client}" is registered with.`,
    hint: 'It must be the same text. For a service, look at its oauth_redirect_uri in the configuration.',
  },
  OAUTH_PARAMETER_INVALID: {
    status: 400,
    message: (d: { parameter: string }) => `The parameter ${d.parameter} must be given once, with a value.`,
  },
  OAUTH_CLIENT_FORBIDDEN: {
    status: 403,
    message: (d: { client: string }) => `You do not have permission to access ${d.client}.`,
    hint: 'Ask its owner to share it with you, or an administrator for a role with its access scope.',
  },
  OAUTH_NEEDS_BROWSER: {
    status: 403,
    message: () => 'Access can only be given by a person who is signed in with a browser.',
    hint: 'A program uses an API token instead.',
  },
})

/** Told to the client, by a redirect or as JSON; the code without `OAUTH_` in lower case is the one of the standard. */
export const protocolErrors = errorCatalog({
  OAUTH_INVALID_REQUEST: { status: 400, message: (d: { why: string }) => d.why },
  OAUTH_INVALID_CLIENT: {
    status: 401,
    message: () => 'There is no client with this client_id and client_secret.',
  },
  OAUTH_INVALID_GRANT: { status: 400, message: (d: { why: string }) => d.why },
  OAUTH_INVALID_SCOPE: { status: 400, message: (d: { scope: string }) => `There is no scope or role "${d.scope}".` },
  OAUTH_ACCESS_DENIED: { status: 403, message: () => 'The user did not allow it.' },
  OAUTH_UNSUPPORTED_GRANT_TYPE: {
    status: 400,
    message: () => 'The only grant_type here is authorization_code.',
  },
  OAUTH_UNSUPPORTED_RESPONSE_TYPE: { status: 400, message: () => 'The only response_type here is code.' },
})

/** The word of the OAuth standard for an error, or null for one that clients are not told. */
export function protocolCode(error: unknown): string | null {
  if (!(error instanceof HimaliaError) || !Object.hasOwn(protocolErrors, error.code)) return null
  return error.code.slice('OAUTH_'.length).toLowerCase()
}

import { errors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import type { Client } from './known-client.ts'

/** The client's own address, compared as text. Errors: OAUTH_PARAMETER_INVALID, OAUTH_REDIRECT_MISMATCH. */
export function redirectUri(client: Client, given: Given): string {
  const refuse = (parameter: string) => errors.OAUTH_PARAMETER_INVALID({ parameter })
  const uri = parameter(given, 'redirect_uri', refuse)
  if (uri === undefined) throw refuse('redirect_uri')
  if (uri !== client.redirect_uri) throw errors.OAUTH_REDIRECT_MISMATCH({ client: client.identifier })
  return uri
}

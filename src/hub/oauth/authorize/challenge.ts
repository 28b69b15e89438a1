import type { HubContext } from '../../context.ts'
import { protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { missing, refuseParameter } from '../refusals.ts'

/** PKCE: what the client must prove later to have made. */
export interface Challenge {
  readonly method: 'S256' | 'plain'
  readonly value: string
}

/** Null when the client, such as a server before JupyterHub 6, uses no PKCE. Errors: OAUTH_INVALID_REQUEST. */
export function challenge(context: HubContext, given: Given): Challenge | null {
  const value = parameter(given, 'code_challenge', refuseParameter)
  const method = parameter(given, 'code_challenge_method', refuseParameter) ?? 'plain'
  if (value === undefined) {
    if (context.settings().hub.oauthRequirePkce) throw missing('code_challenge')
    return null
  }
  if (method !== 'S256' && method !== 'plain') {
    throw protocolErrors.OAUTH_INVALID_REQUEST({ why: 'The code_challenge_method must be S256 or plain.' })
  }
  const isWellFormed = method === 'S256' ? /^[\w-]{43}$/.test(value) : /^[\w.~-]{43,128}$/.test(value)
  if (!isWellFormed) throw protocolErrors.OAUTH_INVALID_REQUEST({ why: 'The code_challenge is not well-formed.' })
  return { method, value }
}

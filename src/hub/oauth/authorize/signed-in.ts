import type { FastifyRequest } from 'fastify'
import type { Caller } from '../../caller.ts'
import { errors } from '../errors.ts'

export type Person = Extract<Caller, { kind: 'user' }> & { readonly sessionId: string }

/**
 * Who gives access: a person with a browser session, which what they give ends with. Null: they must sign in first.
 * Errors: OAUTH_NEEDS_BROWSER.
 */
export async function signedIn(request: FastifyRequest): Promise<Person | null> {
  const caller = await request.caller()
  if (caller.kind === 'anonymous') return null
  if (caller.kind === 'service' || caller.via === 'token' || caller.sessionId === null) {
    throw errors.OAUTH_NEEDS_BROWSER(undefined)
  }
  return { ...caller, sessionId: caller.sessionId }
}

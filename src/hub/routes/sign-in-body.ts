/** Signing in with a form inside a JSON body, for programs that have a user's password and want a token. */
import type { HubContext } from '../context.ts'
import { admit } from '../sign-in/admit.ts'
import { Attempts } from '../sign-in/attempts.ts'
import { openVisit } from '../sign-in/visit.ts'
import { errors } from './errors.ts'
import type { Call } from './serve.ts'

const freeAttempts = 10

/** Gives a function that answers with the user the form belongs to. Errors: SIGN_IN_DENIED, TOO_MANY_ATTEMPTS, and those of admission. */
export function bodySignIn(context: HubContext) {
  const attempts = new Attempts({ free: freeAttempts })
  return async ({ request }: Pick<Call, 'request'>, auth: Readonly<Record<string, unknown>>) => {
    const form = Object.fromEntries(
      Object.entries(auth).filter((field): field is [string, string] => typeof field[1] === 'string'),
    )
    const key = JSON.stringify([request.ip, (form.username ?? '').toLowerCase().slice(0, 255)])
    attempts.begin(key, context.clock.now())
    for (const way of context.authenticators.filter(({ kind }) => kind === 'form')) {
      const { visit } = openVisit(context, request, { mount: { id: way.id, prefix: '' }, reply: null, form })
      const result = await way.authenticate(form, visit)
      if (result.kind !== 'identity') continue
      attempts.succeeded(key)
      return (await admit(context, { identity: result.identity, way: way.id, ip: request.ip })).user
    }
    throw errors.SIGN_IN_DENIED(undefined)
  }
}

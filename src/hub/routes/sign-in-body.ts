/** Signing in with a form inside a JSON body, for programs that have a user's password and want a token. */
import { HimaliaError } from '#base/errors.ts'
import { findSecondFactor } from '#store'
import type { HubContext } from '../context.ts'
import { tryCode } from '../second-factor.ts'
import { type Admission, admit, type Coming } from '../sign-in/admit.ts'
import { Attempts } from '../sign-in/attempts.ts'
import { openVisit } from '../sign-in/visit.ts'
import { errors } from './errors.ts'
import type { Call } from './serve.ts'

const freeAttempts = 10

/** Gives a function that answers with the user the form belongs to. Errors: SIGN_IN_DENIED, TOO_MANY_ATTEMPTS, and those of admission. */
export function bodySignIn(context: HubContext) {
  const attempts = new Attempts(context, { what: 'sign-in', free: freeAttempts })
  return async ({ request }: Pick<Call, 'request'>, auth: Readonly<Record<string, unknown>>) => {
    const form = Object.fromEntries(
      Object.entries(auth).filter((field): field is [string, string] => typeof field[1] === 'string'),
    )
    const key = JSON.stringify([request.ip, (form.username ?? '').toLowerCase().slice(0, 255)])
    await attempts.begin(key)
    for (const way of context.authenticators.filter(({ kind }) => kind === 'form')) {
      const { visit } = openVisit(context, request, { mount: { id: way.id, prefix: '' }, reply: null, form })
      const result = await way.authenticate(form, visit)
      if (result.kind !== 'identity') continue
      const coming = { identity: result.identity, way: way.id, ip: request.ip }
      const { user } = await admit(context, coming).catch((error) =>
        withCode(context, { error, coming, otp: form.otp }),
      )
      await attempts.succeeded(key)
      return user
    }
    throw errors.SIGN_IN_DENIED(undefined)
  }
}

/** Whoever has a second factor sends its code along, as `otp`. Errors: the one that was thrown. */
async function withCode(
  context: HubContext,
  { error, coming, otp = '' }: { error: unknown; coming: Coming; otp: string | undefined },
): Promise<Admission> {
  if (!(error instanceof HimaliaError) || error.code !== 'SECOND_FACTOR_NEEDED' || otp === '') throw error
  const factor = await findSecondFactor(context.store.db, Number(error.detail.userId))
  const outcome = factor && (await tryCode(context, factor, otp))
  if (outcome?.kind !== 'right' && outcome?.kind !== 'recovery') throw errors.SIGN_IN_DENIED(undefined)
  return admit(context, { ...coming, provedBy: factor!.userId })
}

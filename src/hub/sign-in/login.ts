/** GET and POST `/hub/login`. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AuthenticationResult, Authenticator, SignInForm, Visit } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import type { HubContext } from '../context.ts'
import { admit } from './admit.ts'
import type { Attempts } from './attempts.ts'
import { formOf, pathAfterSignIn, queryText, visitOf } from './form.ts'
import { sendSignInPage } from './page.ts'
import { openSession } from './session.ts'

export interface Entrance {
  readonly context: HubContext
  /** Takes one-time links, whatever else there is to sign in with. */
  readonly link: Authenticator
  readonly attempts: Attempts
  readonly signUps: Attempts
}

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export async function showLogin(entrance: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const { context, link } = entrance
  const { request, reply } = exchange
  const token = queryText(request, 'token')
  // A browser that looks ahead must not use the link up.
  if (token !== undefined && request.headers['sec-purpose'] !== undefined) return reply.code(503).send()
  if (token !== undefined) return signIn(entrance, exchange, { ways: [link], form: { token } })
  const caller = await request.caller()
  if (caller.kind === 'user') return reply.redirect(await pathAfterSignIn(context, request, caller), 302)
  const [only, ...others] = context.authenticators
  if (context.settings().authenticator.autoLogin && only?.kind === 'redirect' && others.length === 0) {
    return reply.redirect(`${context.urls.hub}${only.signInPath}${new URL(request.url, 'http://hub').search}`, 302)
  }
  return sendSignInPage(context, exchange)
}

export async function submitLogin(entrance: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const ways = entrance.context.authenticators.filter(({ kind }) => kind === 'form')
  return signIn(entrance, exchange, { ways, form: formOf(exchange.request) })
}

async function signIn(
  { context, attempts }: Entrance,
  exchange: Exchange,
  { ways, form }: { ways: readonly Authenticator[]; form: SignInForm },
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const visit = visitOf(context, request)
  const username = form.username ?? ''
  const key = JSON.stringify([visit.clientIp, username.toLowerCase().slice(0, 255)])
  const now = context.clock.now()
  try {
    attempts.begin(key, now)
    const result = await firstIdentity(ways, form, visit)
    if (result.kind === 'denied') {
      logDenial(context, visit, { username, code: result.code, log: result.log })
      return await sendSignInPage(context, exchange, { status: 403, username, error: result.message })
    }
    attempts.succeeded(key)
    const user = await admit(context, result.identity)
    await openSession(context, exchange, { user, by: result.identity.issuer })
    return reply.redirect(await pathAfterSignIn(context, request, { userId: user.id, name: user.name }), 302)
  } catch (error) {
    if (!(error instanceof HimaliaError) || error.status >= 500) throw error
    logDenial(context, visit, { username, code: error.code })
    const { retryAfterSeconds } = error.detail
    if (typeof retryAfterSeconds === 'number') reply.header('retry-after', String(retryAfterSeconds))
    const { status, message, hint } = error
    return sendSignInPage(context, exchange, { status, username, error: message, hint })
  }
}

/** Each in turn; when none knows them, what the first had to say that is more than "wrong". */
async function firstIdentity(
  ways: readonly Authenticator[],
  form: SignInForm,
  visit: Visit,
): Promise<AuthenticationResult> {
  let denial: AuthenticationResult = {
    kind: 'denied',
    code: 'NO_FORM',
    message: 'There is no form to sign in with here.',
  }
  for (const way of ways) {
    const result = await way.authenticate(form, visit)
    if (result.kind === 'identity') return result
    if (denial.code === 'NO_FORM' || denial.code === 'CREDENTIALS_INVALID') denial = result
  }
  return denial
}

function logDenial(
  { log }: HubContext,
  { clientIp }: Visit,
  { username, ...facts }: { username: string; code: string; log?: string | undefined },
): void {
  log.warn({ user: username.slice(0, 32), ip: clientIp, ...facts }, 'Sign-in denied')
}

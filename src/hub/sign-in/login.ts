/** GET and POST `/hub/login`. */
import type { FastifyReply } from 'fastify'
import type { Authenticator, SignInForm, Step, Visit } from '#authenticators'
import type { HubContext } from '../context.ts'
import type { Exchange } from '../http/cookies.ts'
import type { Attempts } from './attempts.ts'
import { wayOf } from './authenticator-deps.ts'
import { formOf, pathAfterSignIn, queryText, wantedPath } from './form.ts'
import type { Mounts } from './mounts.ts'
import { sendSignInPage } from './page.ts'
import { answering, type Stepping, submitSecondStep } from './steps.ts'
import { openVisit, routePath } from './visit.ts'

export interface Entrance {
  readonly context: HubContext
  readonly mounts: Mounts
  /** Takes one-time links, whatever else there is to sign in with. */
  readonly link: Authenticator
  readonly attempts: Attempts
  readonly signUps: Attempts
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
  const next = wantedPath(context, request)
  const fromServer = next?.startsWith(`${context.urls.hub}api/oauth2/authorize`) ?? false
  const way = wayAtOnce(context, { asked: queryText(request, 'way'), fromServer })
  if (way?.kind === 'redirect')
    return reply.redirect(beginUrl(entrance, way, new URL(request.url, 'http://hub').search), 302)
  if (way?.kind === 'ambient') return signIn(entrance, exchange, { ways: [way], form: {} })
  return sendSignInPage(context, exchange, way ? { way: way.id } : {})
}

export async function submitLogin(entrance: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const { way, ...form } = formOf(exchange.request)
  const forms = entrance.context.authenticators.filter(({ kind }) => kind === 'form')
  const meant = forms.filter(({ id }) => id === way)
  return signIn(entrance, exchange, { ways: meant.length > 0 ? meant : forms, form })
}

/** The way that needs no page: the one that was asked for, or the only one. */
function wayAtOnce(
  context: HubContext,
  { asked, fromServer }: { asked: string | undefined; fromServer: boolean },
): Authenticator | undefined {
  const { authenticators } = context
  if (asked !== undefined) return authenticators.find(({ id }) => id === asked)
  const [only, ...others] = authenticators
  if (!only || others.length > 0) return undefined
  const { autoLogin, autoLoginOauth2Authorize } = wayOf(context, only.id).rules
  const isWanted = autoLogin || (autoLoginOauth2Authorize && fromServer)
  return only.kind === 'ambient' || isWanted ? only : undefined
}

function beginUrl({ context, mounts }: Entrance, { id, signInPath = '' }: Authenticator, query: string): string {
  return `${routePath(context, mounts.get(id)!, signInPath)}${query}`
}

async function signIn(
  { context, attempts, mounts }: Entrance,
  exchange: Exchange,
  { ways, form }: { ways: readonly Authenticator[]; form: SignInForm },
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const username = form.username ?? ''
  const key = JSON.stringify([request.ip, username.toLowerCase().slice(0, 255)])
  const [first] = ways
  if (!first) return sendSignInPage(context, exchange, { status: 403, problem: noForm })
  const opened = (way: Authenticator) =>
    openVisit(context, request, { mount: mounts.get(way.id) ?? { id: way.id, prefix: '' }, reply, form })
  const stepping: Stepping = { context, exchange, way: first, opened: opened(first), route: null, username }
  return answering(stepping, async () => {
    await attempts.begin(key)
    const found = await firstAnswer(ways, form, (way) => opened(way).visit)
    if (found.step.kind !== 'denied') await attempts.succeeded(key)
    Object.assign(stepping, { way: found.way })
    return found.step
  })
}

/** The code of a second factor; the attempt of it says whose. */
export async function submitCode({ context, link }: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply } = exchange
  const opened = openVisit(context, request, { mount: { id: link.id, prefix: '' }, reply })
  return submitSecondStep({ context, exchange, way: link, opened, route: null })
}

const noForm = { kind: 'denied', code: 'NO_FORM', message: 'There is no form to sign in with here.' } as const

/** Each in turn; when none knows them, what the first had to say that is more than "wrong". */
async function firstAnswer(
  ways: readonly Authenticator[],
  form: SignInForm,
  visitOf: (way: Authenticator) => Visit,
): Promise<{ way: Authenticator; step: Step }> {
  let best: { way: Authenticator; step: Step } | null = null
  for (const way of ways) {
    const step = await way.authenticate(form, visitOf(way))
    if (step.kind !== 'denied') return { way, step }
    if (best?.step.kind !== 'denied' || best.step.code === 'CREDENTIALS_INVALID') best = { way, step }
  }
  // Safe: there is at least one.
  return best!
}

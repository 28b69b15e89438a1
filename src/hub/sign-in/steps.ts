/** What a step of signing in ends in becomes an answer here, for every way of signing in. */
import type { FastifyReply } from 'fastify'
import type { Authenticator, Denial, Recognised, Step } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import type { HubContext } from '../context.ts'
import type { Exchange } from '../http/cookies.ts'
import { render, sendPage } from '../pages/index.ts'
import { admit, type Coming } from './admit.ts'
import { arrivalUrl } from './arrival.ts'
import type { SeenIdentity } from './attributes.ts'
import { type DenialRecord, recordDenial } from './denials.ts'
import { errors } from './errors.ts'
import { pathAfterSignIn } from './form.ts'
import { sendSignInPage } from './page.ts'
import { askSecondFactor, type FirstStep, takeSecondStep } from './second-step.ts'
import { closeSession, openSession } from './session.ts'
import type { OpenVisit } from './visit.ts'

export interface Stepping {
  readonly context: HubContext
  readonly exchange: Exchange
  readonly way: Authenticator
  readonly opened: OpenVisit
  /** Whether it came from a route; forms, links and ambient ways have none. */
  readonly route: { readonly isUnasked: boolean } | null
  /** What stands in the form again when it is shown again. */
  readonly username?: string
}

export async function answerStep(stepping: Stepping, step: Step): Promise<FastifyReply> {
  const { context, exchange } = stepping
  const { request, reply } = exchange
  switch (step.kind) {
    case 'identity':
      return arrive(stepping, step)
    case 'denied':
      return deny(stepping, step)
    case 'redirect':
      return reply.header('cache-control', 'no-store').redirect(step.url, 303)
    case 'post': {
      const fields = Object.entries(step.fields).map(([name, value]) => ({ name, value }))
      return sendPage(reply, await render(request, context, 'post-on', { action: step.url, fields }))
    }
    case 'page':
      return sendPage(reply, await render(request, context, step.template, step.variables), step.status ?? 200)
    case 'answer':
      return reply
        .code(step.status)
        .headers({ 'cache-control': 'no-store', ...step.headers })
        .type(step.type)
        .send(step.body)
    case 'signed-out':
      await closeSession(context, exchange)
      if (step.then) return answerStep(stepping, step.then)
      return sendPage(reply, await render(request, context, 'logout', { user: null }))
  }
}

/** Whatever is thrown on the way in that a person can be told becomes a denial. */
export async function answering(stepping: Stepping, work: () => Promise<Step>): Promise<FastifyReply> {
  try {
    return await answerStep(stepping, await work())
  } catch (error) {
    if (!(error instanceof HimaliaError) || (error.status >= 500 && error.status !== 503)) throw error
    return refuse(stepping, error)
  }
}

async function arrive(stepping: Stepping, { identity, attempt }: Recognised): Promise<FastifyReply> {
  const { context, exchange, way, opened, route } = stepping
  const { reply } = exchange
  if (route && !attempt && !route.isUnasked) throw errors.ATTEMPT_MISSING({ way: way.id })
  if (route && !attempt?.isSameBrowser) {
    const browser = attempt ? opened.browserOf(attempt) : null
    const next = attempt?.next ?? opened.visit.next
    const url = await arrivalUrl(context, exchange, { way: way.id, identity, browser, next })
    return reply.header('cache-control', 'no-store').redirect(url, 303)
  }
  const next = attempt?.next ?? null
  try {
    return await enterHub(context, exchange, { identity, way: way.id, next })
  } catch (error) {
    const first = firstStepOf(error, { way: way.id, identity })
    if (!first) throw error
    return askSecondFactor(context, exchange, { first, next: next ?? opened.visit.next })
  }
}

/** What comes next where the password was right, and a second factor is needed. */
function firstStepOf(error: unknown, come: Pick<FirstStep, 'way' | 'identity'>): FirstStep | null {
  if (!(error instanceof HimaliaError) || error.code !== 'SECOND_FACTOR_NEEDED') return null
  // Safe: made so in `errors`.
  const { userId, name } = error.detail as { userId: number; name: string }
  return { ...come, userId, userName: name }
}

/** The end of every way in. */
async function enterHub(
  context: HubContext,
  exchange: Exchange,
  { identity, way, next, provedBy = null }: Omit<Coming, 'ip'> & { next: string | null },
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const { user, session } = await admit(context, { identity, way, ip: request.ip, provedBy })
  await openSession(context, exchange, { user, ...session })
  return reply.redirect(next ?? (await pathAfterSignIn(context, request, { userId: user.id, name: user.name })), 302)
}

/** The code that comes after a password. */
export async function submitSecondStep(stepping: Stepping): Promise<FastifyReply> {
  const { context, exchange } = stepping
  const taken = await takeSecondStep(context, exchange)
  if (!('first' in taken)) return taken
  const { first, next } = taken
  try {
    return await enterHub(context, exchange, { ...first, next, provedBy: first.userId })
  } catch (error) {
    if (!(error instanceof HimaliaError) || error.status >= 500) throw error
    return refuse(stepping, error)
  }
}

async function deny(stepping: Stepping, denial: Denial): Promise<FastifyReply> {
  const { context, exchange, way, username = '' } = stepping
  await recordDenial(context, { way: way.id, user: username, ip: exchange.request.ip, ...denial })
  return sendSignInPage(context, exchange, { status: 403, username, way: way.id, problem: denial })
}

async function refuse(stepping: Stepping, error: HimaliaError): Promise<FastifyReply> {
  const { context, exchange, way, username = '' } = stepping
  const { status, code, message, hint, detail } = error
  const ip = exchange.request.ip
  const user = username || (typeof detail.name === 'string' ? detail.name : '')
  await recordDenial(context, { way: way.id, user, ip, code, ...logOf(detail) })
  const { retryAfterSeconds } = detail
  if (typeof retryAfterSeconds === 'number') exchange.reply.header('retry-after', String(retryAfterSeconds))
  const problem = { code, message, ...(hint === null ? {} : { hint }), facts: detail }
  return sendSignInPage(context, exchange, { status, username, way: way.id, problem })
}

function logOf({
  log,
  attributes,
  seen,
}: Readonly<Record<string, unknown>>): Pick<DenialRecord, 'log' | 'attributes' | 'seen'> {
  return {
    ...(typeof log === 'string' ? { log } : {}),
    // Safe: only `admit` puts them there.
    ...(attributes ? { attributes: attributes as Record<string, unknown> } : {}),
    ...(seen ? { seen: seen as SeenIdentity } : {}),
  }
}

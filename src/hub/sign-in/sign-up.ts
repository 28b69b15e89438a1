/** GET and POST `/hub/signup`. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Authenticator } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import { recordAudit } from '#store'
import type { HubContext } from '../context.ts'
import { render, sendPage, textOf } from '../pages/index.ts'
import { wayOf } from './authenticator-deps.ts'
import { errors } from './errors.ts'
import { formOf } from './form.ts'
import type { Entrance } from './login.ts'
import { checkMayEnter } from './may-enter.ts'
import { tell, toldOf } from './tell.ts'
import { checkUserName, normaliseUserName } from './user-name.ts'
import { openVisit } from './visit.ts'

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

type OffersSignUp = Authenticator & Required<Pick<Authenticator, 'signUp'>>

export async function showSignUp({ context }: Entrance, exchange: Exchange): Promise<FastifyReply> {
  offered(context)
  return sendForm(context, exchange, { status: 200 })
}

export async function submitSignUp({ context, mounts, signUps }: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const { request } = exchange
  const way = offered(context)
  const form = formOf(request)
  const { visit } = openVisit(context, request, { mount: mounts.get(way.id)!, reply: exchange.reply })
  const now = context.clock.now()
  try {
    // Every one counts, so that nobody fills the hub with names.
    await signUps.begin(visit.clientIp)
    const username = userNameOf(context, way.id, form.username ?? '')
    const { signup_password: password = '', signup_password_confirmation: confirmation = '' } = form
    const result = await way.signUp({ username, password, confirmation }, visit)
    if (result.kind === 'denied') {
      const { sentence } = tell(textOf(request), result)
      return await sendForm(context, exchange, { status: 400, username, signup_error: sentence })
    }
    const actor = `user ${result.userName}`
    const detail = { ip: visit.clientIp, waits: result.isWaiting }
    await recordAudit(context.store.db, { at: now, actor, action: 'sign-up', target: actor, detail })
    const t = textOf(request)
    return await sendForm(context, exchange, {
      status: 200,
      signup_notice: t(result.isWaiting ? 'sign-up.waits' : 'sign-up.done'),
    })
  } catch (error) {
    if (!(error instanceof HimaliaError) || error.status >= 500) throw error
    return sendForm(context, exchange, {
      status: error.status,
      username: form.username ?? '',
      signup_error: tell(textOf(request), toldOf(error)).sentence,
    })
  }
}

/** Errors: SIGN_UP_OFF. */
function offered({ authenticators }: HubContext): OffersSignUp {
  const way = authenticators.find((candidate): candidate is OffersSignUp => candidate.signUp !== undefined)
  if (!way) throw errors.SIGN_UP_OFF(undefined)
  return way
}

/**
 * Where sign-up is open nobody looks at who comes, so the rules are asked beforehand. Errors: USER_NAME_INVALID,
 * USER_BLOCKED, NO_RULE_ALLOWS.
 */
function userNameOf(context: HubContext, way: string, written: string): string {
  const { rules, options } = wayOf(context, way)
  const name = normaliseUserName(written, rules)
  checkUserName(name, rules)
  const isMet = options.openSignup !== true || rules.allowedUsers.length === 0
  const unknown = { isAdmin: null, groups: null }
  const approval = { name: 'approval', wants: 'people whom an administrator approves', isMet }
  checkMayEnter({ name, isKnown: false, identity: { ...unknown, rules: [approval] } }, rules)
  return name
}

async function sendForm(
  context: HubContext,
  { request, reply }: Exchange,
  { status, ...variables }: { status: number; [variable: string]: unknown },
): Promise<FastifyReply> {
  const html = await render(request, context, 'signup', {
    signup_url: `${context.urls.hub}signup`,
    minimum_password_length: context.settings().native.minimumPasswordLength,
    username: '',
    ...variables,
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, status)
}

/** GET and POST `/hub/authorize`: administrators let in, or send away, those who have signed up. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { awaitingApproval } from '#store'
import type { HubContext } from '../context.ts'
import { render, sendPage, textOf } from '../pages/index.ts'
import { errors } from './errors.ts'
import { formOf } from './form.ts'
import { approveSignUp, discardSignUp } from './passwords.ts'

interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export async function showApprovals(context: HubContext, { request, reply }: Exchange): Promise<FastifyReply> {
  const caller = await request.caller()
  if (caller.kind === 'anonymous') {
    return reply.redirect(`${context.urls.hub}login?next=${encodeURIComponent(request.url)}`, 302)
  }
  checkAdministrator(caller.scopes)
  return sendList(context, { request, reply }, '')
}

/** Errors: SIGN_UP_ADMINS_ONLY, SIGN_UP_UNKNOWN. */
export async function decideApproval(context: HubContext, { request, reply }: Exchange): Promise<FastifyReply> {
  const caller = await request.caller()
  checkAdministrator(caller.kind === 'anonymous' ? new Set() : caller.scopes)
  const { username: userName = '', decision } = formOf(request)
  const actor = caller.kind === 'anonymous' ? '' : `${caller.kind} ${caller.name}`
  const decide = decision === 'approve' ? approveSignUp : discardSignUp
  const isDone = (decision === 'approve' || decision === 'discard') && (await decide(context, { userName, actor }))
  if (!isDone) throw errors.SIGN_UP_UNKNOWN({ name: userName.slice(0, 64) })
  const t = textOf(request)
  return sendList(
    context,
    { request, reply },
    t(decision === 'approve' ? 'approvals.approved' : 'approvals.discarded', { name: userName }),
  )
}

/** Errors: SIGN_UP_ADMINS_ONLY. */
function checkAdministrator(scopes: ReadonlySet<string>): void {
  if (!scopes.has('admin:users')) throw errors.SIGN_UP_ADMINS_ONLY(undefined)
}

async function sendList(context: HubContext, { request, reply }: Exchange, notice: string): Promise<FastifyReply> {
  const names = await awaitingApproval(context.store.db)
  return sendPage(reply, await render(request, context, 'approvals', { names, notice }))
}

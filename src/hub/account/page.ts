import type { FastifyReply } from 'fastify'
import { findPassword } from '#store'
import { render, sendPage } from '../pages/index.ts'
import { policyOf } from '../sign-in/passwords.ts'
import { type Enrolment, secondFactorView } from './second-factor.ts'
import { sessionsView } from './sessions.ts'
import type { Subject } from './subject.ts'

/** What an action of the page came to. */
export interface Outcome {
  readonly notice?: string
  readonly error?: string
  readonly status?: number
  readonly enrolment?: Enrolment
  /** Recovery codes, shown this once. */
  readonly codes?: readonly string[]
}

export async function showAccount(subject: Subject, outcome: Outcome): Promise<FastifyReply> {
  const { visit, user, isOwn } = subject
  const { context, request, reply } = visit
  const settings = context.settings()
  const keepsPasswords = settings.ways.some(({ name }) => name === 'native' || name === 'firstuse')
  const hasPassword = keepsPasswords && (await findPassword(context.store.db, user.id)) !== null
  const html = await render(request, context, 'account', {
    owner: user.name,
    is_own: isOwn,
    sessions: await sessionsView(subject),
    has_password: hasPassword,
    minimum_password_length: Math.max(policyOf(settings).minimumLength, 1),
    second_factor: await secondFactorView(subject),
    enrolment: outcome.enrolment ?? null,
    recovery_codes: outcome.codes ?? null,
    notice: outcome.notice ?? '',
    error_message: outcome.error ?? '',
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, outcome.status ?? 200)
}

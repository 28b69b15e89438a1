/** Between the password and the session: the page that asks for a second factor, where somebody has one. */
import type { FastifyReply } from 'fastify'
import type { Identity } from '#authenticators'
import { browserHash, findSecondFactor } from '#store'
import type { HubContext } from '../context.ts'
import { type Exchange, rememberBrowser } from '../http/cookies.ts'
import { render, sendPage, textOf } from '../pages/index.ts'
import { type CodeOutcome, tryCode } from '../second-factor.ts'
import { recordDenial } from './denials.ts'
import { formOf } from './form.ts'
import { sendSignInPage } from './page.ts'
import { type Told, tell } from './tell.ts'
import { beginAttempt, openVisit } from './visit.ts'

const mount = { id: 'second-factor', prefix: '' } as const
const lifetimeMs = 10 * 60_000

export const secondStepPath = ({ urls }: HubContext): string => `${urls.hub}sign-in/second-factor`

/** Who typed the right password, and how they came. */
export interface FirstStep {
  readonly way: string
  readonly identity: Identity
  readonly userId: number
  readonly userName: string
}

/** `next`: where they want to go afterwards. */
export async function askSecondFactor(
  context: HubContext,
  exchange: Exchange,
  { first, next, problem, status = 200 }: { first: FirstStep; next: string | null; problem?: Told; status?: number },
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const browser = browserHash(rememberBrowser(context, exchange))
  const attempt = await beginAttempt(context, { way: mount.id, browser, data: first, next, lifetimeMs })
  const told = problem ? tell(textOf(request), problem) : null
  const html = await render(request, context, 'second-factor', {
    action: secondStepPath(context),
    attempt,
    username: first.userName,
    error: told?.sentence ?? '',
    hint: told?.hint ?? '',
  })
  return sendPage(reply.header('cache-control', 'no-store'), html, status)
}

/** Who comes on: with the right code, and from the browser that typed the password. Everybody else has had their answer. */
export async function takeSecondStep(
  context: HubContext,
  exchange: Exchange,
): Promise<{ readonly first: FirstStep; readonly next: string | null } | FastifyReply> {
  const { attempt = '', otp = '' } = formOf(exchange.request)
  const opened = openVisit(context, exchange.request, { mount, reply: exchange.reply })
  const taken = await opened.visit.take(attempt)
  if (taken.kind !== 'attempt') return sendSignInPage(context, exchange, { status: 403, problem: expired })
  // Safe: sealed by `askSecondFactor`.
  const first = taken.data as FirstStep
  const factor = await findSecondFactor(context.store.db, first.userId)
  const outcome = factor ? await tryCode(context, factor, otp) : ({ kind: 'wrong' } as const)
  if (outcome.kind === 'right' || outcome.kind === 'recovery') return { first, next: taken.next }
  const problem = problemOf(outcome)
  await recordDenial(context, { way: first.way, user: first.userName, ip: exchange.request.ip, ...problem })
  return askSecondFactor(context, exchange, { first, next: taken.next, problem, status: 403 })
}

const expired: Told = {
  code: 'ATTEMPT_EXPIRED',
  message: 'This sign-in took too long.',
  hint: 'Begin again here.',
}

/** What is told of a code that is not right. */
export function problemOf(
  outcome: Exclude<CodeOutcome, { kind: 'right' | 'recovery' }> | { kind: CodeOutcome['kind'] },
): Told {
  switch (outcome.kind) {
    case 'locked': {
      const minutes = Math.ceil(('leftMs' in outcome ? outcome.leftMs : 0) / 60_000)
      return {
        code: 'SECOND_FACTOR_LOCKED',
        message: `Too many wrong codes. Minutes to wait: ${minutes}.`,
        facts: { minutes },
      }
    }
    case 'unreadable':
      return {
        code: 'SECOND_FACTOR_UNREADABLE',
        message: 'Your second factor was sealed with a key that this hub has no more.',
        hint: 'Type a recovery code, or ask an administrator to take the second factor away.',
      }
    default:
      return {
        code: 'SECOND_FACTOR_WRONG',
        message: 'This is not the code of this moment, or it was used already.',
        hint: 'Wait for the next one and type that, or a recovery code.',
      }
  }
}

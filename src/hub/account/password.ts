import { hashPassword, passwordMatches, passwordProblem } from '#authenticators'
import { findPassword, recordAudit, savePassword, sessionsOfUser } from '#store'
import { Attempts } from '../sign-in/attempts.ts'
import { policyOf } from '../sign-in/passwords.ts'
import { endSession } from '../sign-in/sessions-from.ts'
import { type Told, tell } from '../sign-in/tell.ts'
import type { Outcome } from './page.ts'
import type { Subject } from './subject.ts'

const freeTries = 10

/** Whether these are the words of who has the account, not of who found their browser open. */
export async function isOwnPassword({ visit, user }: Subject, password: string): Promise<boolean> {
  const { context } = visit
  const stored = await findPassword(context.store.db, user.id)
  if (!stored) return false
  const attempts = new Attempts(context, { what: 'account', free: freeTries })
  await attempts.begin(String(user.id))
  if (!(await passwordMatches(password, stored.hash))) return false
  await attempts.succeeded(String(user.id))
  return true
}

/** One's own, with the old one; all other sessions end. */
export async function changePassword(subject: Subject): Promise<Outcome> {
  const { visit, user, isOwn } = subject
  const { context, caller, t } = visit
  const { db } = context.store
  const refuse = (problem: Told): Outcome => ({ error: tell(t, problem).sentence, status: 400 })
  if (!isOwn || !(await isOwnPassword(subject, visit.field('current_password')))) return refuse(wrongPassword)
  const password = visit.field('new_password')
  const problem = await passwordProblem(password, policyOf(context.settings()), user.name)
  if (problem) return refuse(problem)
  if (password !== visit.field('new_password_again')) return refuse(differing)
  const hash = await hashPassword(password, context.random)
  const now = context.clock.now()
  await savePassword(db, { userId: user.id, hash, approved: false, now })
  const others = (await sessionsOfUser(db, user.id, now)).filter(({ id }) => id !== caller.sessionId)
  for (const { id } of others) await endSession(context, { userId: user.id, sessionId: id })
  const name = `user ${user.name}`
  await recordAudit(db, { at: now, actor: name, action: 'password.change', target: name })
  return { notice: t('account.password.changed') }
}

export const wrongPassword: Told = { code: 'PASSWORD_WRONG', message: 'This is not your password.' }
const differing: Told = { code: 'PASSWORDS_DIFFER', message: 'The two passwords are not the same.' }

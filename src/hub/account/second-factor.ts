import encodeQR from 'qr'
import { seal, unseal } from '#base/seal.ts'
import { deleteSecondFactor, findPassword, findSecondFactor, recordAudit } from '#store'
import { newSecret, renewRecoveryCodes, secretUri, setUpSecondFactor, stepOf, tryCode } from '../second-factor.ts'
import { problemOf } from '../sign-in/second-step.ts'
import { type Told, tell } from '../sign-in/tell.ts'
import type { Outcome } from './page.ts'
import { isOwnPassword, wrongPassword } from './password.ts'
import type { Subject } from './subject.ts'

export interface SecondFactorView {
  readonly isOn: boolean
  readonly since: Date | null
  readonly recoveryLeft: number
}

/** null: this account has none, and can have none. */
export async function secondFactorView({ visit, user }: Subject): Promise<SecondFactorView | null> {
  const { context } = visit
  const factor = await findSecondFactor(context.store.db, user.id)
  if (factor) return { isOn: true, since: new Date(factor.createdAt), recoveryLeft: factor.recoveryLeft }
  const isOffered = context.settings().ways.some(({ name }) => name === 'native') && context.settings().native.allow2fa
  const hasPassword = (await findPassword(context.store.db, user.id)) !== null
  return isOffered && hasPassword ? { isOn: false, since: null, recoveryLeft: 0 } : null
}

/** What an app has to be told. `sealed` comes back with the first code: nothing is kept until then. */
export interface Enrolment {
  readonly sealed: string
  readonly secret: string
  readonly picture: string
}

export async function changeSecondFactor(subject: Subject): Promise<Outcome> {
  const { visit, isOwn } = subject
  const view = await secondFactorView(subject)
  const action = visit.field('action')
  // An administrator can do one thing for others: take it away when it is lost.
  if (!isOwn) return action === 'remove' && view?.isOn ? remove(subject) : {}
  switch (action) {
    case 'second-factor':
      return view && !view.isOn ? begin(subject) : {}
    case 'confirm':
      return view && !view.isOn ? confirm(subject) : {}
    case 'codes':
      return proved(subject, async () => ({ codes: await renewRecoveryCodes(visit.context, subject.user.id) }))
    default:
      return proved(subject, () => remove(subject))
  }
}

async function begin(subject: Subject): Promise<Outcome> {
  const { visit } = subject
  if (!(await isOwnPassword(subject, visit.field('current_password')))) return refused(subject, wrongPassword)
  return { enrolment: enrolmentOf(subject, newSecret(visit.context)) }
}

function enrolmentOf({ visit, user }: Subject, secret: string): Enrolment {
  const { context, request } = visit
  const sealed = seal(context.cookieSecret, JSON.stringify({ userId: user.id, secret }), context.random)
  const picture = encodeQR(secretUri(secret, { issuer: request.hostname, userName: user.name }), 'svg')
  return { sealed, secret: secret.replace(/(.{4})(?=.)/g, '$1 '), picture }
}

async function confirm(subject: Subject): Promise<Outcome> {
  const { visit, user } = subject
  const { context } = visit
  const opened = unseal(context.cookieSecret, visit.field('sealed'))
  const { userId, secret } = opened === null ? { userId: null, secret: '' } : JSON.parse(opened)
  if (userId !== user.id) return begin(subject)
  if (stepOf(secret, visit.field('otp'), context.clock.now()) === null) {
    const problem = problemOf({ kind: 'wrong' })
    return { ...refused(subject, problem), enrolment: enrolmentOf(subject, secret) }
  }
  const codes = await setUpSecondFactor(context, user.id, secret)
  await record(subject, 'second-factor.set-up')
  return { codes, notice: visit.t('account.second-factor.done') }
}

/** With a code, so that a browser left open takes nothing away. */
async function proved(subject: Subject, work: () => Promise<Outcome>): Promise<Outcome> {
  const { visit, user } = subject
  const factor = await findSecondFactor(visit.context.store.db, user.id)
  if (!factor) return {}
  const outcome = await tryCode(visit.context, factor, visit.field('otp'))
  if (outcome.kind !== 'right' && outcome.kind !== 'recovery') return refused(subject, problemOf(outcome))
  return work()
}

async function remove(subject: Subject): Promise<Outcome> {
  const { visit, user } = subject
  await deleteSecondFactor(visit.context.store.db, user.id)
  await record(subject, 'second-factor.remove')
  return { notice: visit.t('account.second-factor.removed') }
}

async function record({ visit, user }: Subject, action: string): Promise<void> {
  const { context, caller } = visit
  const at = context.clock.now()
  await recordAudit(context.store.db, { at, actor: `user ${caller.name}`, action, target: `user ${user.name}` })
}

function refused({ visit }: Subject, problem: Told): Outcome {
  const { sentence, hint } = tell(visit.t, problem)
  return { error: `${sentence} ${hint}`.trim(), status: 400 }
}

import type { NativeSettings } from '#config'
import { type Cost, defaultCost } from '../argon2.ts'
import type { AuthenticationResult, Authenticator, AuthenticatorDeps, SignInForm, SignUpResult } from '../contract.ts'
import { checkPassword, invalid, type LockRule } from '../kept-password.ts'
import { hashPassword } from '../password.ts'
import { passwordProblem } from '../password-policy.ts'

/** User names and passwords that the hub itself keeps. */
export function create(deps: AuthenticatorDeps, cost: Cost = defaultCost): Authenticator {
  const native: Authenticator = {
    name: 'native',
    id: deps.own().id,
    service: null,
    kind: 'form',
    asksPassword: true,
    takesSecondFactor: true,
    authenticate: (form) => authenticate(deps, form, cost),
  }
  return optionsOf(deps).enableSignup ? { ...native, signUp: (form) => signUp(deps, form, cost) } : native
}

async function authenticate(deps: AuthenticatorDeps, form: SignInForm, cost: Cost): Promise<AuthenticationResult> {
  const { username = '', password = '' } = form
  const name = username.toLowerCase()
  const outcome = await checkPassword(deps, { name, password, lock: lockRule(deps), cost })
  if (outcome.kind === 'unknown') return invalid
  if (outcome.kind === 'denied') return outcome
  if (!outcome.stored.isApproved)
    return denied('APPROVAL_PENDING', 'An administrator has not approved this account yet.')
  const { allowedUsers } = deps.own().rules
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  // The approval lets them in, unless there is a list of those who may enter.
  const rules = [{ name: 'approval', wants: 'the approval of an administrator', isMet: allowedUsers.length === 0 }]
  return { kind: 'identity', identity: { issuer: 'native', subject: null, userName: name, rules, ...unknown } }
}

async function signUp(deps: AuthenticatorDeps, form: SignInForm, cost: Cost): Promise<SignUpResult> {
  const { username: userName = '', password = '', confirmation = '' } = form
  const { openSignup, minimumPasswordLength: minimumLength, checkCommonPassword } = optionsOf(deps)
  const problem = await passwordProblem(password, { minimumLength, refusesCommon: checkCommonPassword }, userName)
  if (problem) return { kind: 'denied', ...problem }
  if (password !== confirmation) return denied('PASSWORDS_DIFFER', 'The two passwords are not the same.')
  if (await deps.passwords.find(userName)) return denied('NAME_TAKEN', `The name ${userName} is taken.`)
  // Whoever signs up under a name that the hub knows, such as an administrator's, must be looked at.
  const isApproved = openSignup && !(await deps.passwords.isUser(userName))
  await deps.passwords.save(userName, { hash: await hashPassword(password, deps.random, cost), isApproved })
  return { kind: 'created', userName, isWaiting: !isApproved }
}

function lockRule(deps: AuthenticatorDeps): LockRule {
  const { allowedFailedLogins, secondsBeforeNextTry } = optionsOf(deps)
  return { allowed: allowedFailedLogins, lockMs: secondsBeforeNextTry * 1000 }
}

/** Safe: `config` gives each way the options of its class. */
function optionsOf({ own }: AuthenticatorDeps): NativeSettings {
  return own().options as unknown as NativeSettings
}

function denied(code: string, message: string): Extract<AuthenticationResult, { kind: 'denied' }> {
  return { kind: 'denied', code, message }
}

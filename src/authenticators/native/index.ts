import { messageOf } from '#base/errors.ts'
import type { NativeSettings } from '#config'
import type {
  AuthenticationResult,
  Authenticator,
  AuthenticatorDeps,
  SignInForm,
  SignUpResult,
  StoredPassword,
} from '../contract.ts'
import { LockOut, type LockRule } from './lock-out.ts'
import { hashPassword, maxPasswordLength, passwordProblem } from './password.ts'
import { type Cost, costOf, defaultCost, scryptMatches } from './scrypt.ts'

/** User names and passwords that the hub itself keeps. */
export function create(deps: AuthenticatorDeps, cost: Cost = defaultCost): Authenticator {
  const lockOut = new LockOut()
  const native: Authenticator = {
    name: 'native',
    id: deps.own().id,
    service: null,
    kind: 'form',
    asksPassword: true,
    authenticate: (form) => authenticate({ deps, cost, lockOut }, form),
  }
  return optionsOf(deps).enableSignup ? { ...native, signUp: (form) => signUp(deps, form, cost) } : native
}

interface Native {
  readonly deps: AuthenticatorDeps
  readonly cost: Cost
  readonly lockOut: LockOut
}

async function authenticate({ deps, cost, lockOut }: Native, form: SignInForm): Promise<AuthenticationResult> {
  const { username = '', password = '' } = form
  const name = username.toLowerCase()
  const rule = lockRule(deps)
  const now = deps.clock.now()
  const lockedMs = lockOut.remainingMs(name, rule, now)
  if (lockedMs > 0) return denied('LOCKED_OUT', lockSentence(lockedMs))
  if (username === '' || password === '' || password.length > maxPasswordLength * 2) return invalid
  // Counted before it is known, so that many at once are counted, too.
  lockOut.failed(name, rule, now)
  const stored = await deps.passwords.find(name)
  // A name that nobody has costs the same time.
  const isRight = await scryptMatches(password, stored?.hash ?? nobodysHash(cost))
  if (!stored || !isRight) return invalid
  lockOut.succeeded(name)
  await renewHash(deps, { name, password, stored, cost })
  if (!stored.isApproved) return denied('APPROVAL_PENDING', 'An administrator has not approved this account yet.')
  const { allowedUsers } = deps.own().rules
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  // The approval lets them in, unless there is a list of those who may enter.
  const rules = [{ name: 'approval', wants: 'the approval of an administrator', isMet: allowedUsers.length === 0 }]
  return { kind: 'identity', identity: { issuer: 'native', subject: null, userName: name, rules, ...unknown } }
}

async function signUp(deps: AuthenticatorDeps, form: SignInForm, cost: Cost): Promise<SignUpResult> {
  const { username: userName = '', password = '', confirmation = '' } = form
  const { openSignup, minimumPasswordLength } = optionsOf(deps)
  const problem = passwordProblem(password, minimumPasswordLength)
  if (problem) return denied('PASSWORD_UNFIT', problem)
  if (password !== confirmation) return denied('PASSWORDS_DIFFER', 'The two passwords are not the same.')
  if (await deps.passwords.find(userName)) return denied('NAME_TAKEN', `The name ${userName} is taken.`)
  // Whoever signs up under a name that the hub knows, such as an administrator's, must be looked at.
  const isApproved = openSignup && !(await deps.passwords.isUser(userName))
  await deps.passwords.save(userName, { hash: await hashPassword(password, deps.random, cost), isApproved })
  return { kind: 'created', userName, isWaiting: !isApproved }
}

/** What is right today may be weak tomorrow: a hash of another cost is made anew while the password is at hand. */
async function renewHash(
  { passwords, random, log }: AuthenticatorDeps,
  { name, password, stored, cost }: { name: string; password: string; stored: StoredPassword; cost: Cost },
): Promise<void> {
  const { n, r, p } = costOf(stored.hash) ?? cost
  if (n === cost.n && r === cost.r && p === cost.p) return
  try {
    await passwords.save(name, { hash: await hashPassword(password, random, cost), isApproved: stored.isApproved })
  } catch (error) {
    log.warn({ user: name, error: messageOf(error) }, 'Password hash could not be renewed')
  }
}

function lockRule(deps: AuthenticatorDeps): LockRule {
  const { allowedFailedLogins, secondsBeforeNextTry } = optionsOf(deps)
  return { allowed: allowedFailedLogins, lockMs: secondsBeforeNextTry * 1000 }
}

/** Safe: `config` gives each way the options of its class. */
function optionsOf({ own }: AuthenticatorDeps): NativeSettings {
  return own().options as unknown as NativeSettings
}

function lockSentence(ms: number): string {
  const minutes = Math.ceil(ms / 60_000)
  return `Too many wrong passwords. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`
}

const nobodysHash = ({ n, r, p }: Cost) => `scrypt:${n}:${r}:${p}:${'A'.repeat(22)}:${'A'.repeat(43)}`

const invalid = denied('CREDENTIALS_INVALID', 'Invalid username or password')

function denied(code: string, message: string): Extract<AuthenticationResult, { kind: 'denied' }> {
  return { kind: 'denied', code, message }
}

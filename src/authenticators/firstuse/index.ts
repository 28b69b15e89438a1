import { existsSync } from 'node:fs'
import type { FirstUseSettings } from '#config'
import { type Cost, defaultCost } from '../argon2.ts'
import type { AuthenticationResult, Authenticator, AuthenticatorDeps, Identity, SignInForm } from '../contract.ts'
import { errors } from '../errors.ts'
import { checkPassword, invalid } from '../kept-password.ts'
import { hashPassword } from '../password.ts'
import { passwordProblem } from '../password-policy.ts'

/**
 * The password that somebody types the first time is theirs from then on; a drop-in for firstuseauthenticator. Its file
 * of passwords must have been taken over, or anybody could take their names. Errors: PASSWORDS_NOT_IMPORTED.
 */
export function create(deps: AuthenticatorDeps, cost: Cost = defaultCost): Authenticator {
  const { dbmPath } = optionsOf(deps)
  const file = dbmPath === null ? undefined : ['', '.db', '.dat'].map((end) => dbmPath + end).find(existsSync)
  if (file !== undefined) throw errors.PASSWORDS_NOT_IMPORTED({ file })
  return {
    name: 'firstuse',
    id: deps.own().id,
    service: null,
    kind: 'form',
    asksPassword: true,
    takesSecondFactor: true,
    authenticate: (form) => authenticate(deps, form, cost),
  }
}

/** The hub keeps the new password once its owner has been let in. */
async function authenticate(deps: AuthenticatorDeps, form: SignInForm, cost: Cost): Promise<AuthenticationResult> {
  const { username = '', password = '' } = form
  const { createUsers, minPasswordLength } = optionsOf(deps)
  const name = username.toLowerCase()
  if (name === '' || /[,\s]/.test(name)) return invalid
  const outcome = await checkPassword(deps, {
    name,
    password,
    lock: { allowed: 0, lockMs: 0 },
    cost,
    namesAreOpen: createUsers,
  })
  if (outcome.kind === 'denied') return outcome
  if (outcome.kind === 'right') return { kind: 'identity', identity: identityOf(name) }
  if (!createUsers && !(await deps.passwords.isUser(name))) return invalid
  const policy = { minimumLength: minPasswordLength, refusesCommon: false }
  const problem = await passwordProblem(password, policy, name)
  if (problem) return { kind: 'denied', ...problem }
  const newPassword = await hashPassword(password, deps.random, cost)
  return { kind: 'identity', identity: { ...identityOf(name), newPassword } }
}

function identityOf(userName: string): Identity {
  const unknown = { isAdmin: null, groups: null, attributes: {}, authState: null }
  return { issuer: 'firstuse', subject: null, userName, ...unknown }
}

/** Safe: `config` gives each way the options of its class. */
function optionsOf({ own }: AuthenticatorDeps): FirstUseSettings {
  return own().options as unknown as FirstUseSettings
}

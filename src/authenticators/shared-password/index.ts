import type { SharedPasswordSettings } from '#config'
import type { AuthenticationResult, Authenticator, AuthenticatorDeps, Denial } from '../contract.ts'
import { errors } from '../errors.ts'
import { isSameText } from '../same-text.ts'

const shortestForUsers = 8
const shortestForAdmins = 32

/**
 * One password for everybody, and a longer one for administrators; a drop-in for JupyterHub's class. Passwords may lead
 * into groups. Errors: PASSWORDS_UNSAFE, OPTION_MISSING.
 */
export function create(deps: AuthenticatorDeps): Authenticator {
  check(deps)
  return {
    name: 'shared-password',
    id: deps.own().id,
    service: null,
    kind: 'form',
    asksPassword: true,
    authenticate: async ({ username = '', password = '' }) => {
      if (username === '' || password === '') return invalid
      return isAdminName(deps, username) ? admin(deps, username, password) : user(deps, username, password)
    },
  }
}

/** Safe: `config` gives each way the options of its class. */
const optionsOf = ({ own }: AuthenticatorDeps) => own().options as unknown as SharedPasswordSettings

function admin(deps: AuthenticatorDeps, userName: string, password: string): AuthenticationResult {
  const { adminPassword } = optionsOf(deps)
  return adminPassword && isSameText(password, adminPassword) ? identity(userName, true, []) : invalid
}

/** Never an administrator, whoever says so elsewhere. */
function user(deps: AuthenticatorDeps, userName: string, password: string): AuthenticationResult {
  const { userPassword, passwordGroups } = optionsOf(deps)
  const ofGroups = Object.entries(passwordGroups).filter(([one]) => isSameText(password, one))
  const isRight = userPassword !== null && userPassword !== '' && isSameText(password, userPassword)
  if (!isRight && ofGroups.length === 0) return invalid
  return identity(
    userName,
    false,
    ofGroups.flatMap(([, groups]) => groups),
  )
}

function isAdminName({ own }: AuthenticatorDeps, userName: string): boolean {
  const { adminUsers, usernameMap } = own().rules
  const name = userName.toLowerCase()
  const mapped = Object.hasOwn(usernameMap, name) ? usernameMap[name]! : name
  return adminUsers.some((one) => [name, mapped.toLowerCase()].includes(one.toLowerCase()))
}

function identity(userName: string, isAdmin: boolean, groups: readonly string[]): AuthenticationResult {
  const unknown = { attributes: {}, authState: null }
  return {
    kind: 'identity',
    identity: { issuer: 'shared-password', subject: null, userName, isAdmin, groups, ...unknown },
  }
}

function check(deps: AuthenticatorDeps): void {
  const { userPassword, adminPassword, passwordGroups } = optionsOf(deps)
  const own = 'SharedPasswordAuthenticator'
  const forUsers = [userPassword, ...Object.keys(passwordGroups)].filter((one) => one !== null && one !== '')
  if (forUsers.length === 0 && !adminPassword) throw errors.OPTION_MISSING({ className: own, names: ['user_password'] })
  if (forUsers.some((one) => [...one!].length < shortestForUsers))
    throw errors.PASSWORDS_UNSAFE({ why: `Passwords of ${own} need at least ${shortestForUsers} characters.` })
  if (adminPassword && [...adminPassword].length < shortestForAdmins)
    throw errors.PASSWORDS_UNSAFE({ why: `${own}.admin_password needs at least ${shortestForAdmins} characters.` })
  if (adminPassword && forUsers.includes(adminPassword))
    throw errors.PASSWORDS_UNSAFE({ why: `${own}.admin_password must not be the password of everybody.` })
}

const invalid: Denial = { kind: 'denied', code: 'CREDENTIALS_INVALID', message: 'Invalid username or password' }

import { hashPassword, type PasswordPolicy, passwordProblem } from '#authenticators'
import type { FirstUseSettings, Settings } from '#config'
import {
  approve,
  createUser,
  deletePassword,
  deleteUser,
  findPassword,
  findUser,
  recordAudit,
  savePassword,
} from '#store'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'
import { checkUserName, normaliseUserName } from './user-name.ts'

type Parts = Pick<HubContext, 'store' | 'settings' | 'clock' | 'random'>

/**
 * Sets a user's password, as an administrator does: it may be used at once. Creates the user if need
 * be. Errors: USER_NAME_INVALID, PASSWORD_UNFIT.
 */
export async function setPassword(
  { store, settings, clock, random }: Parts,
  { userName, password, actor }: { userName: string; password: string; actor: string },
): Promise<void> {
  const { authenticator } = settings()
  const name = normaliseUserName(userName.trim(), authenticator)
  checkUserName(name, authenticator)
  const problem = await passwordProblem(password, policyOf(settings()), name)
  if (problem) throw errors.PASSWORD_UNFIT({ why: problem.message })
  const hash = await hashPassword(password, random)
  const now = clock.now()
  await store.transaction(async (db) => {
    const known = await findUser(db, name)
    const user = known ?? (await createUser(db, { name, admin: false, now, cookieId: random.hex32() }))
    await savePassword(db, { userId: user.id, hash, approved: true, now })
    await recordAudit(db, { at: now, actor, action: 'password.set', target: `user ${name}` })
  })
}

/** What passwords must be, where the hub keeps them. */
export function policyOf({ ways, native }: Settings): PasswordPolicy {
  const firstUse = ways.find(({ name }) => name === 'firstuse')
  const isNative = ways.some(({ name }) => name === 'native')
  if (isNative || !firstUse)
    return { minimumLength: native.minimumPasswordLength, refusesCommon: native.checkCommonPassword }
  // Safe: `config` gives each way the options of its class.
  return { minimumLength: (firstUse.options as unknown as FirstUseSettings).minPasswordLength, refusesCommon: false }
}

/** Lets in who has signed up. False when there is no such sign-up. */
export async function approveSignUp(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  { userName, actor }: { userName: string; actor: string },
): Promise<boolean> {
  return store.transaction(async (db) => {
    const user = await findUser(db, userName)
    if (!user || !(await approve(db, user.id))) return false
    await recordAudit(db, { at: clock.now(), actor, action: 'sign-up.approve', target: `user ${userName}` })
    return true
  })
}

/** Sends away who has signed up: with the user, if the sign-up made them. False when there is no such sign-up. */
export async function discardSignUp(
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  { userName, actor }: { userName: string; actor: string },
): Promise<boolean> {
  return store.transaction(async (db) => {
    const user = await findUser(db, userName)
    const password = user && (await findPassword(db, user.id))
    if (!password || password.approved) return false
    if (user.created_at === password.created_at) await deleteUser(db, user.id)
    else await deletePassword(db, user.id)
    await recordAudit(db, { at: clock.now(), actor, action: 'sign-up.discard', target: `user ${userName}` })
    return true
  })
}

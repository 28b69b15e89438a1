/** From an identity to a user of the hub: the one place where it is decided who enters, and as what. */
import type { Identity } from '#authenticators'
import {
  createUser,
  type Database,
  encryptedAuthState,
  findPassword,
  findUser,
  saveEncryptedAuthState,
  setAdmin,
  setGroupsOf,
  touchUser,
  type UserRow,
} from '#store'
import type { HubContext } from '../context.ts'
import { saveAuthState } from '../routes/auth-state.ts'
import { checkMayEnter, isListedAdmin } from './may-enter.ts'
import { checkUserName, normaliseUserName } from './user-name.ts'

/** Errors: USER_NAME_INVALID, USER_BLOCKED, NO_RULE_ALLOWS. */
export async function admit(context: HubContext, identity: Identity): Promise<UserRow> {
  const rules = context.settings().authenticator
  const name = normaliseUserName(identity.userName.trim(), rules)
  checkUserName(name, rules)
  const user = await context.store.transaction(async (db) => {
    const known = await findUser(db, name)
    const isKnown = known !== null && (await findPassword(db, known.id))?.approved !== false
    checkMayEnter({ name, isKnown, isAllowed: identity.isAllowed ?? false }, rules)
    return ensureUser(context, db, { known, name, isAdmin: identity.isAdmin ?? isListedAdmin(name, rules) })
  })
  if (rules.manageGroups && identity.groups !== null) await setGroupsOf(context.store.db, user.id, identity.groups)
  await keepAuthState(context, user.id, identity.authState)
  await touchUser(context.store.db, user.id, context.clock.now())
  return user
}

/** With the administrator's flag as told; null leaves it as it is. */
async function ensureUser(
  { clock, random }: HubContext,
  db: Database,
  { known, name, isAdmin }: { known: UserRow | null; name: string; isAdmin: boolean | null },
): Promise<UserRow> {
  if (!known) return createUser(db, { name, admin: isAdmin ?? false, now: clock.now(), cookieId: random.hex32() })
  if (isAdmin === null || isAdmin === known.admin) return known
  await setAdmin(db, known.id, isAdmin)
  return { ...known, admin: isAdmin }
}

/** Where it is not to be kept, nothing of old stays. */
async function keepAuthState(context: HubContext, userId: number, state: Identity['authState']): Promise<void> {
  if (context.settings().authenticator.enableAuthState) return saveAuthState(context, userId, state)
  const { db } = context.store
  if ((await encryptedAuthState(db, userId)) !== null) await saveEncryptedAuthState(db, userId, null)
}

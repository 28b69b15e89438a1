/** From an identity to a user of the hub: the one place where it is decided who enters, and as what. */
import type { Identity } from '#authenticators'
import type { RuleSettings } from '#config'
import {
  createUser,
  type Database,
  encryptedAuthState,
  findPassword,
  findUser,
  recordAudit,
  saveEncryptedAuthState,
  setAdmin,
  setGroupsOf,
  touchUser,
  type UserRow,
} from '#store'
import type { HubContext } from '../context.ts'
import { saveAuthState } from '../routes/auth-state.ts'
import { shownAttributes } from './attributes.ts'
import { wayOf } from './authenticator-deps.ts'
import { errors } from './errors.ts'
import { checkMayEnter, isListedAdmin } from './may-enter.ts'
import { checkUserName, normaliseUserName, rewrittenUserName } from './user-name.ts'

export interface Admission {
  readonly user: UserRow
  /** What the session keeps of where it came from. */
  readonly session: { readonly way: string; readonly identity: Identity }
}

/** Errors: REFUSED_BY_HOOK, USER_NAME_INVALID, USER_BLOCKED, NO_RULE_ALLOWS, and those of hooks. */
export async function admit(
  context: HubContext,
  { identity: signedIn, way, ip }: { identity: Identity; way: string; ip: string },
): Promise<Admission> {
  const identity = await afterHooks(context, signedIn)
  const { rules } = wayOf(context, way)
  const name = normaliseUserName(rewrittenUserName(identity.userName.trim(), rules.usernameRules), rules)
  checkUserName(name, rules)
  const isAllowed = (identity.rules ?? []).some(({ isMet }) => isMet)
  const user = await context.store.transaction(async (db) => {
    const known = await findUser(db, name)
    const isKnown = known !== null && (await findPassword(db, known.id))?.approved !== false
    checkMayEnter({ name, isKnown, isAllowed }, rules)
    return ensureUser(context, db, { known, name, isAdmin: identity.isAdmin ?? isListedAdmin(name, rules) })
  })
  if (rules.manageGroups && identity.groups !== null) await setGroupsOf(context.store.db, user.id, identity.groups)
  await keepAuthState(context, rules, { userId: user.id, state: identity.authState })
  await touchUser(context.store.db, user.id, context.clock.now())
  await recordEntry(context, { name: user.name, identity, way, ip })
  return { user, session: { way, identity } }
}

async function recordEntry(
  { store, clock }: HubContext,
  { name, identity, way, ip }: { name: string; identity: Identity; way: string; ip: string },
): Promise<void> {
  const { issuer, attributes } = identity
  const target = `user ${name}`
  const detail = { by: issuer, way, ip, attributes: shownAttributes(attributes) }
  await recordAudit(store.db, { at: clock.now(), actor: target, action: 'sign-in', target, detail })
}

/** The administrator's code may change who they are, or refuse them. */
async function afterHooks({ hooks }: HubContext, identity: Identity): Promise<Identity> {
  if (!hooks.has('postAuth')) return identity
  const { issuer, userName, isAdmin, groups, attributes, authState } = identity
  const changed = await hooks.postAuth({ issuer, userName, isAdmin, groups, attributes, authState })
  if (changed === null) throw errors.REFUSED_BY_HOOK({ name: userName })
  return { ...identity, ...changed, issuer }
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
async function keepAuthState(
  context: HubContext,
  rules: RuleSettings,
  { userId, state }: { userId: number; state: Identity['authState'] },
): Promise<void> {
  if (rules.enableAuthState) return saveAuthState(context, userId, state)
  const { db } = context.store
  if ((await encryptedAuthState(db, userId)) !== null) await saveEncryptedAuthState(db, userId, null)
}

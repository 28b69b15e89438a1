/** From an identity to a user of the hub: the one place where it is decided who enters, and as what. */
import type { Identity } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import type { RuleSettings } from '#config'
import {
  createUser,
  type Database,
  encryptedAuthState,
  findPassword,
  findSecondFactor,
  groupsOf,
  recordAudit,
  saveEncryptedAuthState,
  saveIdentity,
  savePassword,
  setAdmin,
  setGroupsOf,
  setUserInfo,
  touchUser,
  type UserRow,
} from '#store'
import { saveAuthState } from '../auth-state.ts'
import type { HubContext } from '../context.ts'
import { accountOf, nameOnly } from './account.ts'
import { seenOf, shownAttributes } from './attributes.ts'
import { wayOf } from './authenticator-deps.ts'
import { errors } from './errors.ts'
import { checkJudged } from './judged.ts'
import type { Decision } from './may-enter.ts'
import { checkUserName, normaliseUserName, rewrittenUserName } from './user-name.ts'

export interface Coming {
  readonly identity: Identity
  readonly way: string
  readonly ip: string
  /** Whose second factor they have proved. */
  readonly provedBy?: number | null
}

export interface Admission {
  readonly user: UserRow
  /** What the session keeps of where it came from. */
  readonly session: { readonly way: string; readonly identity: Identity }
}

/**
 * Errors: REFUSED_BY_HOOK, USER_NAME_INVALID, USER_BLOCKED, NO_RULE_ALLOWS, NO_RULE_AT_ALL, NOT_ALLOWED_HERE,
 * IDENTITY_TAKEN, CREDENTIALS_INVALID, SECOND_FACTOR_NEEDED, and those of hooks.
 */
export async function admit(
  context: HubContext,
  { identity: signedIn, way, ip, provedBy = null }: Coming,
): Promise<Admission> {
  const identity = await afterHooks(context, signedIn)
  const { rules } = wayOf(context, way)
  try {
    const { user, decision } = await enter(context, { identity, way, provedBy })
    if (rules.manageGroups && identity.groups !== null) await setGroupsOf(context.store.db, user.id, identity.groups)
    await keepAuthState(context, rules, { userId: user.id, state: identity.authState })
    if (identity.userInfo) await setUserInfo(context.store.db, user.id, identity.userInfo)
    await touchUser(context.store.db, user.id, context.clock.now())
    await recordEntry(context, { name: user.name, identity, way, ip, decision })
    return { user, session: { way, identity } }
  } catch (error) {
    // The administrator sees what came in with whom the rules turned away.
    if (error instanceof HimaliaError)
      Object.assign(error.detail, { attributes: identity.attributes, seen: seenOf(identity) })
    throw error
  }
}

async function enter(
  context: HubContext,
  { identity, way, provedBy }: { identity: Identity; way: string; provedBy: number | null },
): Promise<{ user: UserRow; decision: Decision }> {
  const { rules } = wayOf(context, way)
  const { ways } = context.settings()
  const proposed = normaliseUserName(rewrittenUserName(identity.userName.trim(), rules.usernameRules), rules)
  checkUserName(proposed, rules)
  return context.store.transaction(async (db) => {
    const known = await accountOf(db, { identity, way, name: proposed, rules, ways })
    const isKnown = known !== null && (await findPassword(db, known.id))?.approved !== false
    const name = known?.name ?? proposed
    const hubGroups = known && rules.allowedGroups.length > 0 ? await groupsOf(db, known.id) : []
    const decision = checkJudged({ name, proposed, isKnown, hubGroups, identity }, rules)
    if (known && provedBy !== known.id) await checkSecondFactor(context, db, { way, user: known })
    const user = await ensureUser(context, db, { known, name, isAdmin: decision.isAdmin })
    if (identity.newPassword !== undefined) await takePassword(context, db, { user, hash: identity.newPassword })
    const { issuer, subject } = identity
    const seen = { userId: user.id, issuer, subject: subject ?? nameOnly(user.id), way, now: context.clock.now() }
    await saveIdentity(db, seen)
    return { user, decision }
  })
}

interface Entry {
  readonly name: string
  readonly identity: Identity
  readonly way: string
  readonly ip: string
  readonly decision: Decision
}

async function recordEntry({ store, clock }: HubContext, { name, identity, way, ip, decision }: Entry): Promise<void> {
  const { issuer, attributes } = identity
  const target = `user ${name}`
  const rule = decision.checks.find(({ isMet }) => isMet)?.rule ?? null
  const detail = { by: issuer, way, ip, rule, attributes: shownAttributes(attributes), seen: seenOf(identity) }
  await recordAudit(store.db, { at: clock.now(), actor: target, action: 'sign-in', target, detail })
}

/** The administrator's code may change who they are, or refuse them. */
export async function afterHooks({ hooks }: Pick<HubContext, 'hooks'>, identity: Identity): Promise<Identity> {
  if (!hooks.has('postAuth')) return identity
  const { issuer, userName, isAdmin, groups, attributes, authState } = identity
  const changed = await hooks.postAuth({ issuer, userName, isAdmin, groups, attributes, authState })
  if (changed === null) throw errors.REFUSED_BY_HOOK({ name: userName })
  return { ...identity, ...changed, issuer }
}

/** Errors: SECOND_FACTOR_NEEDED. */
async function checkSecondFactor(
  { authenticators }: HubContext,
  db: Database,
  { way, user }: { way: string; user: UserRow },
): Promise<void> {
  const takes = authenticators.find(({ id }) => id === way)?.takesSecondFactor ?? false
  if (!takes || (await findSecondFactor(db, user.id)) === null) return
  throw errors.SECOND_FACTOR_NEEDED({ userId: user.id, name: user.name })
}

/** Of two who choose the first password of a name at once, the second one is wrong. Errors: CREDENTIALS_INVALID. */
async function takePassword(
  { clock }: HubContext,
  db: Database,
  { user, hash }: { user: UserRow; hash: string },
): Promise<void> {
  if (await findPassword(db, user.id)) throw errors.CREDENTIALS_INVALID(undefined)
  await savePassword(db, { userId: user.id, hash, approved: true, now: clock.now() })
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

/**
 * Whose account an identity leads to. From the second visit on that is settled by issuer and subject, so that an account
 * keeps its name and its home whatever becomes of names elsewhere. On the first visit the name decides, unless the
 * account belongs to somebody who signs in by a way that is still there.
 */
import type { Identity } from '#authenticators'
import type { RuleSettings, WaySettings } from '#config'
import { type Database, findIdentity, findPassword, findUser, identitiesOfUser, type UserRow, userById } from '#store'
import { errors } from './errors.ts'

export interface Claim {
  readonly identity: Pick<Identity, 'issuer' | 'subject' | 'userName'>
  readonly way: string
  /** As proposed, normalised. */
  readonly name: string
  readonly rules: RuleSettings
  readonly ways: readonly WaySettings[]
}

/** Marks that a user came by a way that knows nothing but names. */
export const nameOnly = (userId: number): string => `user ${userId}`

/** null: there is none yet. Errors: IDENTITY_TAKEN. */
export async function accountOf(db: Database, claim: Claim): Promise<UserRow | null> {
  const known = await accountOfIdentity(db, claim)
  if (known) return known
  const user = await findUser(db, claim.name)
  if (user && (await belongsToAnother(db, user, claim))) {
    const { name, identity, way } = claim
    throw errors.IDENTITY_TAKEN({
      name,
      way,
      log: `${name} belongs to another identity than ${identity.subject ?? 'this name'} of ${identity.issuer}`,
    })
  }
  return user
}

/** An administrator's mapping of the name wins: it was written on purpose. */
async function accountOfIdentity(db: Database, { identity, rules }: Claim): Promise<UserRow | null> {
  if (identity.subject === null || Object.hasOwn(rules.usernameMap, identity.userName.trim().toLowerCase())) return null
  const found = await findIdentity(db, identity.issuer, identity.subject)
  return found && userById(db, found.user_id)
}

async function belongsToAnother(db: Database, user: UserRow, { identity, way, rules, ways }: Claim): Promise<boolean> {
  if (rules.linkIdentities === 'by_name') return false
  if (Object.hasOwn(rules.usernameMap, identity.userName.trim().toLowerCase())) return false
  const present = new Set(ways.map(({ id }) => id))
  const held = (await identitiesOfUser(db, user.id)).filter((one) => present.has(one.way))
  const own = held.filter((one) => one.way === way)
  if (own.length > 0 && identity.subject !== null) return own.every((one) => one.subject !== nameOnly(user.id))
  if (held.some((one) => one.way !== way)) return true
  // Whoever signed up has an account before the first visit.
  const keeper = ways.find(({ name }) => keepsPasswords.has(name))
  return keeper !== undefined && keeper.id !== way && (await findPassword(db, user.id)) !== null
}

const keepsPasswords: ReadonlySet<string> = new Set(['native', 'firstuse'])

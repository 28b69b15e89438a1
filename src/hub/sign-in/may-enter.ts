import type { RuleSettings } from '#config'
import { errors } from './errors.ts'
import { normaliseUserName } from './user-name.ts'

export interface Candidate {
  /** Normalised. */
  readonly name: string
  /** The hub knew the user before this visit, and not only as one who waits for approval. */
  readonly isKnown: boolean
  /** The authenticator has a rule of its own that lets them in. */
  readonly isAllowed: boolean
}

/**
 * The rules of who may enter, for every way of signing in: nobody who is blocked, and of the rest those that at least
 * one rule allows. Errors: USER_BLOCKED, NO_RULE_ALLOWS.
 */
export function checkMayEnter({ name, isKnown, isAllowed }: Candidate, rules: RuleSettings): void {
  const lists = (names: readonly string[]) => names.some((listed) => normaliseUserName(listed, rules) === name)
  if (lists(rules.blockedUsers)) throw errors.USER_BLOCKED({ name })
  const allowsExisting = rules.allowExistingUsers ?? rules.allowedUsers.length > 0
  if (rules.allowAll || isAllowed || lists(rules.allowedUsers) || lists(rules.adminUsers)) return
  if (allowsExisting && isKnown) return
  throw errors.NO_RULE_ALLOWS({ name })
}

/** Whether the configuration makes this user an administrator; null: it does not say. */
export function isListedAdmin(name: string, rules: RuleSettings): true | null {
  return rules.adminUsers.some((listed) => normaliseUserName(listed, rules) === name) || null
}

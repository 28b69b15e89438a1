/** The rules of who may enter, for every way of signing in, and the record of what each of them said. */
import type { Identity } from '#authenticators'
import type { RuleSettings } from '#config'
import { errors } from './errors.ts'
import { normaliseUserName } from './user-name.ts'

export interface Candidate {
  /** Of the account here, normalised. */
  readonly name: string
  /** The name that came in, normalised, where that is another one. */
  readonly proposed?: string
  /** The hub knew the user before this visit, and not only as one who waits for approval. */
  readonly isKnown: boolean
  /** Those that the hub keeps of them, for ways of signing in that know of none. */
  readonly hubGroups?: readonly string[]
  readonly identity: Pick<Identity, 'isAdmin' | 'groups' | 'mail' | 'affiliations' | 'entitlements' | 'rules'>
}

/** What one rule said. `wants` tells whom it takes; lists of people are not told to people. */
export interface Check {
  readonly rule: string
  readonly wants: string
  readonly isMet: boolean
}

export interface Decision {
  readonly outcome: 'enters' | 'blocked' | 'no-rule'
  /** null: nothing says so; a flag that is there stays. */
  readonly isAdmin: boolean | null
  /** Only rules that the configuration has set. */
  readonly checks: readonly Check[]
}

/** Nobody who is blocked, and of the rest those that at least one rule allows. */
export function decide(candidate: Candidate, rules: RuleSettings): Decision {
  const isAdmin = adminFlag(candidate, rules)
  if (isBlocked(candidate, rules)) return { outcome: 'blocked', isAdmin: null, checks: [] }
  const checks = checksOf(candidate, rules, isAdmin)
  return { outcome: checks.some(({ isMet }) => isMet) ? 'enters' : 'no-rule', isAdmin, checks }
}

/** Errors: USER_BLOCKED, NO_RULE_ALLOWS. */
export function checkMayEnter(candidate: Candidate, rules: RuleSettings): Decision {
  const decision = decide(candidate, rules)
  const { name } = candidate
  if (decision.outcome === 'blocked') throw errors.USER_BLOCKED({ name })
  if (decision.outcome === 'no-rule') throw noRule(name, rules, decision)
  return decision
}

function noRule(name: string, rules: RuleSettings, { checks }: Decision) {
  const wants = checks.map(({ rule, wants }) => `${wants} (${rule})`).join('; ')
  const facts = { name, wants, contact: rules.supportContact ?? '', log: `no rule allows: ${wants || 'there is none'}` }
  if (rules.custom403Message) return errors.NOT_ALLOWED_HERE({ ...facts, message: rules.custom403Message })
  return wants === '' ? errors.NO_RULE_AT_ALL(facts) : errors.NO_RULE_ALLOWS(facts)
}

function isBlocked({ name, proposed = name }: Candidate, rules: RuleSettings): boolean {
  return lists(rules.blockedUsers, name, rules) || lists(rules.blockedUsers, proposed, rules)
}

function adminFlag({ name, identity }: Candidate, rules: RuleSettings): boolean | null {
  if (isListedAdmin(name, rules)) return true
  if (identity.isAdmin === true || rules.adminGroups.length === 0 || identity.groups === null) return identity.isAdmin
  return identity.groups.some((group) => rules.adminGroups.includes(group))
}

function checksOf(candidate: Candidate, rules: RuleSettings, isAdmin: boolean | null): readonly Check[] {
  const { name, isKnown, identity, hubGroups = [] } = candidate
  const { groups, mail = null, affiliations = [], entitlements = [] } = identity
  const allowsExisting = rules.allowExistingUsers ?? rules.allowedUsers.length > 0
  const domain = mail?.isVerified ? mail.address.slice(mail.address.lastIndexOf('@') + 1).toLowerCase() : null
  const isOneOf = (wanted: readonly string[], have: readonly string[] | null) =>
    have?.some((one) => wanted.includes(one)) ?? false
  const all: readonly (Check & { readonly isSet: boolean })[] = [
    { rule: 'allow_all', wants: 'everybody', isSet: rules.allowAll, isMet: rules.allowAll },
    {
      rule: 'allowed_users',
      wants: 'people on the list of users',
      isSet: rules.allowedUsers.length > 0,
      isMet: lists(rules.allowedUsers, name, rules),
    },
    {
      rule: 'admin_users or admin_groups',
      wants: 'administrators',
      isSet: isAdmin === true,
      isMet: isAdmin === true,
    },
    {
      rule: 'allowed_groups',
      wants: `members of ${rules.allowedGroups.join(', ')}`,
      isSet: rules.allowedGroups.length > 0,
      isMet: isOneOf(rules.allowedGroups, groups ?? hubGroups),
    },
    {
      rule: 'allowed_email_domains',
      wants: `verified addresses of ${rules.allowedEmailDomains.join(', ')}`,
      isSet: rules.allowedEmailDomains.length > 0,
      isMet: domain !== null && rules.allowedEmailDomains.some((one) => isDomain(one.toLowerCase(), domain)),
    },
    {
      rule: 'allowed_affiliations',
      wants: `people who are ${rules.allowedAffiliations.join(', ')}`,
      isSet: rules.allowedAffiliations.length > 0,
      isMet: affiliations.some((one) => rules.allowedAffiliations.some((wanted) => isAffiliation(wanted, one))),
    },
    {
      rule: 'allowed_entitlements',
      wants: `people with ${rules.allowedEntitlements.join(', ')}`,
      isSet: rules.allowedEntitlements.length > 0,
      isMet: isOneOf(rules.allowedEntitlements, entitlements),
    },
    {
      rule: 'allow_existing_users',
      wants: 'people the hub knows',
      isSet: allowsExisting,
      isMet: allowsExisting && isKnown,
    },
    ...(identity.rules ?? []).map(({ name: rule, wants, isMet }) => ({ rule, wants, isMet, isSet: true })),
  ]
  return all.filter(({ isSet }) => isSet).map(({ isSet: _, ...check }) => check)
}

function lists(names: readonly string[], name: string, rules: RuleSettings): boolean {
  return names.some((listed) => normaliseUserName(listed, rules) === name)
}

function isDomain(wanted: string, domain: string): boolean {
  return wanted.startsWith('*.') ? domain.endsWith(wanted.slice(1)) : domain === wanted
}

/** `staff` takes staff of any institution, `staff@example.org` of that one. */
function isAffiliation(wanted: string, affiliation: string): boolean {
  const has = affiliation.toLowerCase()
  return wanted.includes('@') ? has === wanted.toLowerCase() : has.split('@', 1)[0] === wanted.toLowerCase()
}

/** Whether the configuration makes this user an administrator; null: it does not say. */
export function isListedAdmin(name: string, rules: RuleSettings): true | null {
  return lists(rules.adminUsers, name, rules) || null
}

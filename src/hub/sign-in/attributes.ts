/** What came in with an identity, as an administrator may see it: cut to a size that fits a log, and without tokens. */
import type { Identity, OwnRule } from '#authenticators'

const longestValue = 256
const most = 60

const isSecret = (name: string) => /token|secret|password|^code$|^otp$/i.test(name)

export function shownAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = Object.entries(attributes)
    .filter(([name]) => !isSecret(name))
    .slice(0, most)
  return Object.fromEntries(shown.map(([name, value]) => [name.slice(0, longestValue), shownValue(value)]))
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value
  if (Array.isArray(value)) return value.slice(0, most).map(shownValue)
  if (typeof value === 'object' && value !== null) return shownAttributes(value as Record<string, unknown>)
  return value
}

/** What the rules looked at, as far as it is kept: enough to ask them again. */
export interface SeenIdentity {
  readonly userName: string
  readonly issuer: string
  readonly subject: string | null
  readonly isAdmin: boolean | null
  readonly groups: readonly string[] | null
  readonly mail: { readonly address: string; readonly isVerified: boolean } | null
  readonly affiliations: readonly string[]
  readonly entitlements: readonly string[]
  readonly rules: readonly OwnRule[]
}

/** Somebody in more groups than that is told apart from the others by other means. */
const mostOfAKind = 300

export function seenOf(identity: Identity): SeenIdentity {
  const { userName, issuer, subject, isAdmin, groups, mail, affiliations, entitlements, rules } = identity
  const cut = (texts: readonly string[]) => texts.slice(0, mostOfAKind).map((text) => text.slice(0, longestValue))
  return {
    userName: userName.slice(0, longestValue),
    issuer,
    subject,
    isAdmin,
    groups: groups && cut(groups),
    mail: mail ?? null,
    affiliations: cut(affiliations ?? []),
    entitlements: cut(entitlements ?? []),
    rules: rules ?? [],
  }
}

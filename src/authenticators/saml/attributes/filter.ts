/**
 * What an institution may say about whom. Scoped values count only with a scope that the metadata gives it: nothing
 * else keeps one university from asserting the rector of another. The same rules as Shibboleth's attribute-policy.xml.
 */
import type { IdentityProvider } from '../metadata/entity.ts'
import { scopedIds } from './names.ts'

export type Attributes = Readonly<Record<string, readonly string[]>>

export interface Filtered {
  readonly attributes: Attributes
  /** What was left out, for the administrator: `eppn: the scope b.edu is not of https://idp.a.edu`. */
  readonly dropped: readonly string[]
}

export interface FilterRules {
  readonly idp: Pick<IdentityProvider, 'entityId' | 'scopes'>
  readonly entityId: string
  /** Scopes that a site adds for a provider whose metadata has none. */
  readonly extraScopes: readonly string[]
}

const affiliations = ['faculty', 'student', 'staff', 'alum', 'member', 'affiliate', 'employee', 'library-walk-in']

export function filterAttributes(attributes: Attributes, rules: FilterRules): Filtered {
  const dropped: string[] = []
  const kept = Object.entries(attributes).map(([id, values]) => {
    const good = values.filter((value) => {
      const why = fault(id, value, rules)
      if (why) dropped.push(`${id}: ${why}`)
      return why === null
    })
    return [id, good] as const
  })
  return { attributes: Object.fromEntries(kept.filter(([, values]) => values.length > 0)), dropped }
}

function fault(id: string, value: string, { idp, entityId, extraScopes }: FilterRules): string | null {
  const scopes = [...idp.scopes, ...extraScopes].map((scope) => scope.toLowerCase())
  if (scopedIds.has(id)) return scopedFault(id, value, { scopes, idp: idp.entityId })
  if (id === 'schacHomeOrganization' && !scopes.includes(value.toLowerCase()))
    return `${shown(value)} is no scope of ${idp.entityId}`
  if ((id === 'unscoped-affiliation' || id === 'primary-affiliation') && !affiliations.includes(value.toLowerCase()))
    return `${shown(value)} is no affiliation`
  if (id === 'persistent-id' && value.includes('!')) {
    const [issuer, audience] = value.split('!')
    const isOurs = (issuer === '' || issuer === idp.entityId) && (audience === '' || audience === entityId)
    return isOurs ? null : `it is of ${shown(issuer!)} for ${shown(audience!)}`
  }
  return null
}

/** https://docs.oasis-open.org/security/saml-subject-id-attr/v1.0/ */
const subjectId = /^[A-Za-z0-9][A-Za-z0-9=-]{0,126}@[A-Za-z0-9][A-Za-z0-9.-]{0,126}$/

function scopedFault(
  id: string,
  value: string,
  { scopes, idp }: { scopes: readonly string[]; idp: string },
): string | null {
  const [left = '', scope = '', ...others] = value.split('@')
  if (left === '' || scope === '' || others.length > 0) return `${shown(value)} is not of the form value@scope`
  if ((id === 'subject-id' || id === 'pairwise-id') && !subjectId.test(value)) return `${shown(value)} is malformed`
  if (id === 'affiliation' && !affiliations.includes(left.toLowerCase())) return `${shown(left)} is no affiliation`
  return scopes.includes(scope.toLowerCase()) ? null : `the scope ${shown(scope)} is not of ${idp}`
}

const shown = (text: string) => text.slice(0, 80)

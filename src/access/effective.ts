import { errors } from './errors.ts'
import { expandScopes, type Owner, reduceScopes } from './expand.ts'
import { intersectScopes } from './intersect.ts'
import { formatScope } from './parse-scope.ts'
import type { CustomScopes } from './scope-table.ts'
import type { Membership, Scopes, Target } from './scopes.ts'

export interface OwnerQuestion {
  readonly owner: Owner
  /** As the roles have them: the owner's own and those of the owner's groups. */
  readonly roleScopes: Iterable<string>
  /** Of shares granted to the user or to any of the user's groups: already filtered, nothing to fill in. */
  readonly shareScopes?: Iterable<string>
  readonly custom?: CustomScopes
}

/** All that a user or a service may do. */
export function ownerScopes({ owner, roleScopes, shareScopes = [], custom = {} }: OwnerQuestion): Scopes {
  return reduceScopes([...expandScopes(roleScopes, owner, custom), ...expandScopes(shareScopes, owner, custom)])
}

export interface TokenQuestion {
  /** As stored with the token. */
  readonly scopes: readonly string[]
  /** With `client` set where the token was given to an OAuth client. */
  readonly owner: Owner
  /** What `ownerScopes` found, group shares included. */
  readonly ownerScopes: Scopes
  readonly membership: Membership
  readonly custom?: CustomScopes
}

/** What a token may do now: never more than its owner. */
export function tokenScopes({ scopes, owner, ownerScopes, membership, custom = {} }: TokenQuestion): Scopes {
  if (scopes.includes('inherit')) return ownerScopes
  const wanted = [...scopes, ...accessScopes(owner.client ?? null), ...identifyScopes(owner)]
  return intersectScopes(expandScopes(wanted, owner, custom), ownerScopes, membership)
}

/** What everybody may know of themselves, and every token of its owner. */
export function identifyScopes({ kind, name }: Pick<Owner, 'kind' | 'name'>): readonly string[] {
  const filter = { entity: kind, name }
  const bases = kind === 'user' ? ['read:users:name', 'read:users:groups'] : ['read:services:name']
  return bases.map((base) => formatScope(base, filter))
}

/** What a user must hold to use the server or service that an OAuth client stands for; empty for the built-in client. */
export function accessScopes(client: Target | null): readonly string[] {
  if (client?.kind === 'server') return [formatScope('access:servers', { entity: 'server', name: client.name })]
  if (client?.kind === 'service') return [formatScope('access:services', { entity: 'service', name: client.name })]
  return []
}

/**
 * The requested scopes that would give a token more than its owner holds, as they were written. `inherit` is never
 * among them.
 */
export function scopesNotHeld({
  scopes,
  owner,
  ownerScopes,
  membership,
  custom = {},
}: TokenQuestion): readonly string[] {
  return scopes.filter((scope) => {
    const wanted = expandScopes([scope], owner, custom)
    return !wanted.isSubsetOf(intersectScopes(wanted, ownerScopes, membership))
  })
}

/** Errors: SCOPES_NOT_HELD. */
export function checkHeld(question: TokenQuestion): void {
  const scopes = scopesNotHeld(question)
  if (scopes.length > 0) throw errors.SCOPES_NOT_HELD({ scopes })
}

/** What somebody may do now: the rules of `#access` applied to what the store knows. */
import {
  intersectScopes,
  type Membership,
  type Owner,
  ownerScopes,
  type Scopes,
  scopesNotHeld,
  tokenScopes,
  usersNamed,
} from '#access'
import { builtInClient, clientTarget, groupsOfUsers, rolesOf, rolesOfService, type TokenRow } from '#store'
import type { HubContext } from './context.ts'

export type ScopeOwner =
  | { readonly kind: 'user'; readonly id: number; readonly name: string }
  | { readonly kind: 'service'; readonly id: number; readonly name: string }

/** All that a user or service may do: by roles of their own and of their groups. */
export async function scopesOfOwner(context: HubContext, owner: ScopeOwner): Promise<Scopes> {
  const { db } = context.store
  const roles = await (owner.kind === 'user' ? rolesOf(db, owner.id) : rolesOfService(db, owner.id))
  return ownerScopes({
    owner: { kind: owner.kind, name: owner.name },
    roleScopes: roles.flatMap(({ scopes }) => scopes),
    custom: context.settings().hub.customScopes,
  })
}

/** What a token may do: its scopes as far as its owner still holds them. */
export async function scopesOfToken(context: HubContext, token: TokenRow, owner: ScopeOwner): Promise<Scopes> {
  const client = token.client_id === builtInClient ? null : await clientTarget(context.store.db, token.client_id)
  const question = await tokenQuestion(context, owner, { scopes: token.scopes, client })
  return tokenScopes(question)
}

/** Those of the requested scopes that a new token of this owner may not have; empty: all is well. */
export async function scopesNotHeldBy(
  context: HubContext,
  owner: ScopeOwner,
  scopes: readonly string[],
): Promise<readonly string[]> {
  return scopesNotHeld(await tokenQuestion(context, owner, { scopes, client: null }))
}

/** `wanted` (expanded) as far as `held` goes. */
export async function scopesWithin(context: HubContext, wanted: Scopes, held: Scopes): Promise<Scopes> {
  return intersectScopes(wanted, held, await membershipFor(context, wanted, held))
}

async function tokenQuestion(
  context: HubContext,
  owner: ScopeOwner,
  { scopes, client }: { scopes: readonly string[]; client: Owner['client'] },
) {
  const held = await scopesOfOwner(context, owner)
  const membership = await membershipFor(context, held, new Set([...scopes, `read:users:name!user=${owner.name}`]))
  return {
    scopes,
    owner: { kind: owner.kind, name: owner.name, client: client ?? null },
    ownerScopes: held,
    membership,
    custom: context.settings().hub.customScopes,
  }
}

/** Looked up only where a filter names a group: else nothing depends on it. */
export async function membershipFor(context: HubContext, ...several: readonly Scopes[]): Promise<Membership> {
  const namesGroup = several.some((scopes) => scopes.values().some((scope) => scope.includes('!group=')))
  const groups = namesGroup ? await groupsOfUsers(context.store.db, usersNamed(...several)) : new Map()
  return (user) => groups.get(user) ?? []
}

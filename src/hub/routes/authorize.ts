/** Whether a caller may use a route on what its path names. */
import { hasScope, hasScopeSomewhere, type Membership, noMembership, type Scopes, type Target } from '#access'
import type { Access, Route } from '#api'
import { groupsOfUsers } from '#store'
import type { Caller } from '../caller.ts'
import type { HubContext } from '../context.ts'
import { errors } from './errors.ts'

type Params = Readonly<Record<string, string>>
export type SignedIn = Exclude<Caller, { kind: 'anonymous' }>

/** What a path names, for the filters of scopes; null when the route is about everything. */
export function targetOf(route: Route, params: Params): Target | null {
  const { user, server, group, service, owner } = params
  if (group !== undefined) return { kind: 'group', name: group }
  if (service !== undefined) return { kind: 'service', name: service }
  if (user === undefined) return null
  // In `/users/{user}/shared/{owner}/{server}` the server is somebody else's.
  if (server !== undefined && owner === undefined) return { kind: 'server', name: `${user}/${server}` }
  if (/\{user\}\/server(\/|$)/.test(route.path)) return { kind: 'server', name: `${user}/` }
  return { kind: 'user', name: user }
}

/** Errors: NOT_AUTHENTICATED, SCOPE_MISSING, NO_ACCESS. */
export async function authorize(
  context: HubContext,
  caller: Caller,
  { access, target }: { access: Access; target: Target | null },
): Promise<void> {
  if (access.kind === 'open') return
  if (caller.kind === 'anonymous') throw errors.NOT_AUTHENTICATED(undefined)
  if (access.kind === 'credentials') return
  const { scopes } = caller
  const { anyOf } = access
  if (anyOf.some((scope) => scopes.has(scope))) return
  if (!anyOf.some((scope) => hasScopeSomewhere(scopes, scope))) throw errors.SCOPE_MISSING({ anyOf })
  if (access.kind === 'rows') return
  if (!target) throw errors.SCOPE_MISSING({ anyOf })
  const membership = await membershipOf(context, scopes, userOf(target))
  // Whether it exists is nothing that this caller may learn.
  if (!anyOf.some((scope) => hasScope(scopes, scope, target, membership))) throw errors.NO_ACCESS(undefined)
}

/** The groups of the users, where the answer can depend on them. */
export async function membershipOf(context: HubContext, scopes: Scopes, users: readonly string[]): Promise<Membership> {
  if (!scopes.values().some((scope) => scope.includes('!group='))) return noMembership
  const groups = await groupsOfUsers(context.store.db, users)
  return (user) => groups.get(user) ?? []
}

function userOf(target: Target): readonly string[] {
  if (target.kind === 'user') return [target.name]
  return target.kind === 'server' ? [target.name.slice(0, target.name.indexOf('/'))] : []
}

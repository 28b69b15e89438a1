import { type Membership, ownerOfServer, type Scopes, type Target } from './scopes.ts'

/**
 * Whether `have` (expanded) allows `required` (a base) on the target; with target null, on everything, for which a
 * filtered scope is never enough. A user's scope reaches the user's servers, a group's its members and their servers.
 */
export function hasScope(have: Scopes, required: string, target: Target | null, membership: Membership): boolean {
  if (have.has(required)) return true
  if (!target) return false
  if (have.has(`${required}!${target.kind}=${target.name}`)) return true
  if (target.kind !== 'user' && target.kind !== 'server') return false
  const user = target.kind === 'server' ? ownerOfServer(target.name) : target.name
  if (target.kind === 'server' && have.has(`${required}!user=${user}`)) return true
  return membership(user).some((group) => have.has(`${required}!group=${group}`))
}

/** Whether the scope is held at all, for whatever target: then a refusal must not tell whether the target exists. */
export function hasScopeSomewhere(have: Scopes, required: string): boolean {
  if (have.has(required)) return true
  for (const scope of have) if (scope.startsWith(`${required}!`)) return true
  return false
}

export interface Filters {
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly servers: readonly string[]
  readonly services: readonly string[]
}

/** For lists: what `have` allows `base` on. Four empty lists when it does not at all. */
export function scopeFilters(have: Scopes, base: string): 'all' | Filters {
  if (have.has(base)) return 'all'
  const named = (entity: string) => {
    const start = `${base}!${entity}=`
    return [...have].filter((scope) => scope.startsWith(start)).map((scope) => scope.slice(start.length))
  }
  return { users: named('user'), groups: named('group'), servers: named('server'), services: named('service') }
}

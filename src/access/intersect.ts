import { reduceScopes } from './expand.ts'
import { type Entity, entities, formatScope, parseScope } from './parse-scope.ts'
import { type Membership, ownerOfServer, type Scopes } from './scopes.ts'

/** The names of one base, by kind of filter. */
type Names = Readonly<Record<Entity, ReadonlySet<string>>>

/**
 * What both allow. Filters of different kinds meet where one contains the other: a user's server in the user, a
 * member and a member's servers in the group; what comes out is the narrower one.
 */
export function intersectScopes(a: Scopes, b: Scopes, membership: Membership): Scopes {
  const left = byBase(a)
  const right = byBase(b)
  const both = new Set<string>()
  for (const [base, mine] of left) {
    const theirs = right.get(base)
    if (!theirs) continue
    if (mine === 'all' && theirs === 'all') both.add(base)
    else if (mine === 'all') addAll(both, base, theirs as Names)
    else if (theirs === 'all') addAll(both, base, mine)
    else addAll(both, base, meeting(mine, theirs, membership))
  }
  return reduceScopes(both)
}

function meeting(a: Names, b: Names, membership: Membership): Names {
  const isIn = (names: Names, user: string) =>
    names.user.has(user) || membership(user).some((group) => names.group.has(group))
  const users = (mine: Names, other: Names) => [...mine.user].filter((user) => isIn(other, user))
  const servers = (mine: Names, other: Names) =>
    [...mine.server].filter((server) => other.server.has(server) || isIn(other, ownerOfServer(server)))
  return {
    user: new Set([...users(a, b), ...users(b, a)]),
    server: new Set([...servers(a, b), ...servers(b, a)]),
    group: a.group.intersection(b.group),
    service: a.service.intersection(b.service),
  }
}

function addAll(scopes: Set<string>, base: string, names: Names): void {
  for (const entity of entities) for (const name of names[entity]) scopes.add(formatScope(base, { entity, name }))
}

function byBase(scopes: Scopes): Map<string, 'all' | Names> {
  const bases = new Map<string, 'all' | Record<Entity, Set<string>>>()
  for (const scope of scopes) {
    const { base, filter } = parseScope(scope) ?? { base: '', filter: null }
    const names = bases.get(base) ?? { user: new Set(), group: new Set(), server: new Set(), service: new Set() }
    if (!filter || names === 'all') bases.set(base, 'all')
    else if (filter.name !== null) {
      names[filter.entity].add(filter.name)
      bases.set(base, names)
    }
  }
  bases.delete('')
  return bases
}

/** The users that filters name, as themselves or through a server: whose groups an intersection may ask for. */
export function usersNamed(...several: readonly Scopes[]): readonly string[] {
  const users = new Set<string>()
  for (const scope of several.flatMap((scopes) => [...scopes])) {
    const filter = parseScope(scope)?.filter
    if (filter?.name && filter.entity === 'user') users.add(filter.name)
    if (filter?.name && filter.entity === 'server') users.add(ownerOfServer(filter.name))
  }
  return [...users]
}

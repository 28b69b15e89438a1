import { type Entity, formatScope, type ParsedScope, parseScope } from './parse-scope.ts'
import { type CustomScopes, metascopes, scopeEntry, selfScopes } from './scope-table.ts'
import type { Scopes, Target } from './scopes.ts'

/** Whose scopes they are, and the OAuth client that a token was given to: what filters without a name stand for. */
export interface Owner {
  readonly kind: 'user' | 'service'
  readonly name: string
  /** The server (`user/server`) or service that the token's OAuth client stands for. */
  readonly client?: Target | null
}

/**
 * All that the scopes mean for their owner: contained scopes, `self`, and filters with their names; without forms that
 * an unfiltered one of the same base makes needless. `inherit` and `(no_scope)` mean nothing here, see `tokenScopes`. What nobody
 * defined (any more) is left out, and so is a filter that stands for nothing, such as `!server` outside a server.
 */
export function expandScopes(scopes: Iterable<string>, owner: Owner, custom: CustomScopes = {}): Scopes {
  const all = new Set<string>()
  for (const scope of scopes) {
    if (scope === 'self') addSelf(all, owner, custom)
    else addNamed(all, parseScope(scope), owner, custom)
  }
  return reduceScopes(all)
}

function addSelf(all: Set<string>, owner: Owner, custom: CustomScopes): void {
  if (owner.kind !== 'user') return
  for (const base of selfScopes) addWithContained(all, base, { entity: 'user', name: owner.name }, custom)
}

function addNamed(all: Set<string>, scope: ParsedScope | null, owner: Owner, custom: CustomScopes): void {
  if (!scope || metascopes.includes(scope.base)) return
  const filter = filled(scope.filter, owner)
  if (filter !== 'nothing') addWithContained(all, scope.base, filter, custom)
}

type Filter = { readonly entity: Entity; readonly name: string } | null

function filled(filter: ParsedScope['filter'], { kind, name, client }: Owner): Filter | 'nothing' {
  if (!filter) return null
  const { entity } = filter
  if (filter.name !== null) return { entity, name: filter.name }
  if (entity === kind) return { entity, name }
  return client?.kind === entity ? { entity, name: client.name } : 'nothing'
}

function addWithContained(all: Set<string>, base: string, filter: Filter, custom: CustomScopes): void {
  const entry = scopeEntry(base, custom)
  const scope = formatScope(base, filter)
  if (!entry || all.has(scope)) return
  all.add(scope)
  for (const contained of entry.contains ?? []) {
    // Who may see one server of a user may not see the user.
    if (filter?.entity === 'server' && contained.startsWith('read:user')) continue
    addWithContained(all, contained, filter, custom)
  }
}

/** Leaves out filtered forms of what is there unfiltered. */
export function reduceScopes(scopes: Iterable<string>): Scopes {
  const all = new Set(scopes)
  return new Set([...all].filter((scope) => !scope.includes('!') || !all.has(scope.split('!', 1)[0]!)))
}

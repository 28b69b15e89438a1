import { errors } from './errors.ts'
import { type CustomScopes, metascopes, scopeEntry } from './scope-table.ts'

export const entities = ['user', 'group', 'server', 'service'] as const
export type Entity = (typeof entities)[number]

export interface ParsedScope {
  readonly base: string
  /** A null name means "of the owner": `!user`, `!server`, `!service`. */
  readonly filter: { readonly entity: Entity; readonly name: string | null } | null
}

/**
 * Reads `base`, `base!entity=name` and `base!entity`; null for anything else. Names may hold any character; the value
 * of a server filter is `user/server`, with an empty server name for the default one.
 */
export function parseScope(scope: string): ParsedScope | null {
  const mark = scope.indexOf('!')
  if (mark === -1) return { base: scope, filter: null }
  const base = scope.slice(0, mark)
  const filter = scope.slice(mark + 1)
  const equals = filter.indexOf('=')
  const entity = entities.find((known) => known === (equals === -1 ? filter : filter.slice(0, equals)))
  if (!entity || base === '') return null
  if (equals === -1) return entity === 'group' ? null : { base, filter: { entity, name: null } }
  const name = filter.slice(equals + 1)
  if (name === '' || (entity === 'server' && !/^[^/]+\/[^/]*$/.test(name))) return null
  return { base, filter: { entity, name } }
}

export function formatScope(base: string, filter: { readonly entity: Entity; readonly name: string } | null): string {
  return filter ? `${base}!${filter.entity}=${filter.name}` : base
}

/** Throws for the first that is no scope. Errors: SCOPE_UNKNOWN, SCOPE_ALL, SCOPE_FILTER_INVALID. */
export function checkScopes(scopes: Iterable<string>, custom: CustomScopes = {}): void {
  for (const scope of scopes) {
    const base = scope.split('!', 1)[0]!
    if (base === 'all') throw errors.SCOPE_ALL(undefined)
    if (!scopeEntry(base, custom)) throw errors.SCOPE_UNKNOWN({ scope })
    if (!parseScope(scope) || (scope !== base && metascopes.includes(base)))
      throw errors.SCOPE_FILTER_INVALID({ scope })
  }
}

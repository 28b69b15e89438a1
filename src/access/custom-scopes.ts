import { errors } from './errors.ts'
import { type CustomScopes, scopeTable } from './scope-table.ts'

/** Errors: CUSTOM_SCOPE_INVALID. */
export function checkCustomScopes(custom: CustomScopes): void {
  for (const [scope, { description, subscopes }] of Object.entries(custom)) {
    const refuse = (reason: string) => errors.CUSTOM_SCOPE_INVALID({ scope, reason })
    if (Object.hasOwn(scopeTable, scope)) throw refuse('a scope of that name exists')
    if (!/^custom:[a-z0-9][a-z0-9_\-*:]+[a-z0-9_*]$/.test(scope)) {
      throw refuse('its name must begin with "custom:" and hold only a–z, 0–9, _ - * and :')
    }
    if (description.trim() === '') throw refuse('it has no description')
    const unknown = subscopes.find((contained) => !Object.hasOwn(custom, contained))
    if (unknown !== undefined) throw refuse(`its subscope "${unknown}" is not a custom scope that is defined`)
  }
}

import { accessScopes, checkScopes, expandScopes, identifyScopes, type Owner, type Scopes } from '#access'
import { findRole } from '#store'
import type { HubContext } from '../../context.ts'
import { scopesWithin } from '../../effective-scopes.ts'
import { protocolErrors } from '../errors.ts'
import type { Client } from './known-client.ts'
import type { Person } from './signed-in.ts'

/**
 * What the client gets of the words it asks for (null: all it may have): not more than it and the person may have,
 * and always the scopes to identify the person and to let them in. Written as asked, where nothing had to be left out.
 * Errors: OAUTH_INVALID_SCOPE.
 */
export async function grantedScopes(
  context: HubContext,
  { person, client, words }: { person: Person; client: Client; words: readonly string[] | null },
): Promise<readonly string[]> {
  const owner: Owner = { kind: 'user', name: person.name, client: client.target }
  const custom = context.settings().hub.customScopes
  const always = [...accessScopes(client.target), ...identifyScopes(owner)]
  const wanted = words ? await resolved(context, words) : client.allowed_scopes
  const allowed = expandScopes([...client.allowed_scopes, ...always], owner, custom)
  const granted: string[] = [...always]
  for (const scope of wanted) {
    if (scope === 'inherit') {
      if (client.allowed_scopes.includes('inherit')) granted.push(scope)
      continue
    }
    const whole = expandScopes([scope], owner, custom)
    const mine = await scopesWithin(context, whole, person.scopes)
    const part = client.allowed_scopes.includes('inherit') ? mine : await scopesWithin(context, mine, allowed)
    granted.push(...(isSame(part, whole) ? [scope] : part))
  }
  return [...new Set(granted)]
}

/** Names of roles stand for their scopes; `identify` is an old word for what everybody gets. */
async function resolved(context: HubContext, words: readonly string[]): Promise<readonly string[]> {
  const scopes: string[] = []
  for (const word of words) {
    if (word === 'identify') continue
    if (isScope(context, word)) scopes.push(word)
    else {
      const role = await findRole(context.store.db, word)
      if (!role) throw protocolErrors.OAUTH_INVALID_SCOPE({ scope: word.slice(0, 100) })
      scopes.push(...role.scopes)
    }
  }
  return scopes
}

function isScope(context: HubContext, word: string): boolean {
  try {
    checkScopes([word], context.settings().hub.customScopes)
    return true
  } catch {
    return false
  }
}

function isSame(a: Scopes, b: Scopes): boolean {
  return a.size === b.size && a.isSubsetOf(b)
}

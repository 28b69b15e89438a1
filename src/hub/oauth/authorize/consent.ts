import { type CustomScopes, identifyScopes, ownerOfServer, parseScope, scopeEntry } from '#access'
import { tokensOfUser } from '#store'
import type { HubContext } from '../../context.ts'
import type { Client } from './known-client.ts'
import type { Person } from './signed-in.ts'

/** Whether the person must be asked: not for their own servers, trusted services, and what they have allowed before. */
export async function needsConsent(
  context: HubContext,
  { person, client, scopes }: { person: Person; client: Client; scopes: readonly string[] },
): Promise<boolean> {
  const { target } = client
  if (target?.kind === 'server' && ownerOfServer(target.name) === person.name) return false
  const { services } = context.settings().hub
  if (target?.kind === 'service' && services.some((it) => it.name === target.name && it.oauthNoConfirm)) return false
  const tokens = await tokensOfUser(context.store.db, person.userId, context.clock.now())
  return !tokens.some(
    (token) => token.client_id === client.identifier && scopes.every((it) => token.scopes.includes(it)),
  )
}

/** The variables of JupyterHub's `oauth.html`. */
export function consentPage(
  client: Client,
  person: Person,
  given: { scopes: readonly string[]; custom: CustomScopes },
) {
  const identify = identifyScopes({ kind: 'user', name: person.name })
  const actions = given.scopes.filter((scope) => !identify.includes(scope))
  return {
    oauth_client: {
      identifier: client.identifier,
      description: client.description || client.identifier,
      redirect_uri: client.redirect_uri,
    },
    allowed_scopes: given.scopes,
    scope_descriptions: (actions.length > 0 ? actions : ['(no_scope)']).map((scope) => described(scope, given.custom)),
  }
}

function described(scope: string, custom: CustomScopes) {
  const { base, filter } = parseScope(scope) ?? { base: scope, filter: null }
  return {
    scope: scope === '(no_scope)' ? '' : scope,
    description: scopeEntry(base, custom)?.description ?? base,
    filter: filter ? `${filter.entity}:${filter.name ?? ''}` : '',
  }
}

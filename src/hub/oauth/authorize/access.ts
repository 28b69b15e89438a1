import { accessScopes, hasScope } from '#access'
import type { HubContext } from '../../context.ts'
import { membershipFor } from '../../effective-scopes.ts'
import { errors } from '../errors.ts'
import type { Client } from './known-client.ts'
import type { Person } from './signed-in.ts'

/** A client is only for those who may use what it stands for. Errors: OAUTH_CLIENT_FORBIDDEN. */
export async function checkAccess(context: HubContext, person: Person, client: Client): Promise<void> {
  const { target } = client
  const membership = await membershipFor(context, person.scopes, new Set(accessScopes(target)))
  const base = target?.kind === 'service' ? 'access:services' : 'access:servers'
  if (target && hasScope(person.scopes, base, target, membership)) return
  throw errors.OAUTH_CLIENT_FORBIDDEN({ client: client.description || client.identifier })
}

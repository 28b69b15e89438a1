/** Who the caller is: what servers ask of every visitor's token. */
import { identifyScopes, type Scopes } from '#access'
import { type models, routes } from '#api'
import { rolesOfService, serviceById, userById } from '#store'
import type { HubContext } from '../context.ts'
import { callerOfToken } from '../known-caller.ts'
import type { SignedIn } from './authorize.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { serviceModel } from './models/service-model.ts'
import { userModel } from './models/user-model.ts'
import { answer, serve } from './serve.ts'
import { factsOf } from './user-facts.ts'
import { viewOf } from './view-of.ts'

export function identityRoutes(part: Part): void {
  serve(part, routes.getIdentity, async ({ context, caller, query }) =>
    answer(200, await identity(context, caller, query.include_stopped_servers ?? false)),
  )

  serve(part, routes.identifyToken, async ({ context, params }) => {
    const known = await callerOfToken(context, params.token)
    if (!known || known.caller.kind === 'anonymous') throw errors.TOKEN_NOT_FOUND({ token: '(hidden)' })
    return answer(200, await identity(context, known.caller, false))
  })
}

async function identity(context: HubContext, caller: SignedIn, includeStopped: boolean): Promise<models.Identity> {
  // Everybody may know who they are, whatever the token allows.
  const scopes: Scopes = new Set([...caller.scopes, ...identifyScopes(caller)])
  const owner =
    caller.kind === 'user'
      ? await userIdentity(context, caller, { scopes, includeStopped })
      : await serviceIdentity(context, caller, scopes)
  return {
    ...owner,
    token_id: caller.tokenId === null ? null : `a${caller.tokenId}`,
    session_id: caller.sessionId,
    scopes: [...caller.scopes].sort(),
  }
}

async function userIdentity(
  context: HubContext,
  caller: SignedIn & { kind: 'user' },
  { scopes, includeStopped }: { scopes: Scopes; includeStopped: boolean },
): Promise<models.User> {
  const row = await userById(context.store.db, caller.userId)
  if (!row) throw errors.NOT_AUTHENTICATED(undefined)
  const view = await viewOf(context, { scopes }, { users: [row.name], includeStopped })
  // Safe: the identify scopes show the name at least.
  return userModel(await factsOf(context, row), view)!
}

async function serviceIdentity(
  context: HubContext,
  caller: SignedIn & { kind: 'service' },
  scopes: Scopes,
): Promise<models.Service> {
  const row = await serviceById(context.store.db, caller.serviceId)
  if (!row) throw errors.NOT_AUTHENTICATED(undefined)
  const roles = (await rolesOfService(context.store.db, row.id)).map(({ name }) => name)
  return serviceModel({ ...row, roles }, await viewOf(context, { scopes }))!
}

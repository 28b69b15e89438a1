/** Who the caller is: what servers ask of every visitor's token, so the one answer that must cost little. */
import { identifyScopes } from '#access'
import { type models, routes } from '#api'
import { rolesOfService, serviceById, type UserWithAll, userById, userPulse, userWithAll } from '#store'
import type { HubContext } from '../context.ts'
import { callerOfToken } from '../known-caller.ts'
import type { SignedIn } from './authorize.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { serviceModel } from './models/service-model.ts'
import { type UserFacts, userModels } from './models/user-model.ts'
import { answer, serve } from './serve.ts'
import { viewOf, viewWith } from './view-of.ts'

type UserCaller = SignedIn & { kind: 'user' }
type ServiceCaller = SignedIn & { kind: 'service' }

export function identityRoutes(part: Part): void {
  const userIdentity = userIdentities(part.context)
  const identity = (caller: SignedIn, includeStopped: boolean): Promise<models.Identity> =>
    caller.kind === 'user' ? userIdentity(caller, includeStopped) : serviceIdentity(part.context, caller)

  serve(part, routes.getIdentity, async ({ caller, query }) =>
    answer(200, await identity(caller, query.include_stopped_servers ?? false)),
  )

  serve(part, routes.identifyToken, async ({ context, params }) => {
    const known = await callerOfToken(context, params.token)
    if (!known || known.caller.kind === 'anonymous') throw errors.TOKEN_NOT_FOUND({ token: '(hidden)' })
    return answer(200, await identity(known.caller, false))
  })
}

/** What is known of a caller until users, groups, roles or tokens change: then identification makes a new record. */
interface Known {
  readonly user: Omit<UserWithAll, 'servers'>
  readonly models: Record<'active' | 'all', (user: UserFacts) => models.User | null>
  readonly seesServers: boolean
  readonly scopes: readonly string[]
}

function userIdentities(context: HubContext) {
  const held = new WeakMap<UserCaller, Promise<Known>>()
  return async (caller: UserCaller, includeStopped: boolean): Promise<models.Identity> => {
    let known = held.get(caller)
    if (!known) {
      known = lookUp(context, caller)
      held.set(caller, known)
      // A look-up that failed is tried again.
      known.catch(() => held.delete(caller))
    }
    const { user, models, scopes, seesServers } = await known
    const pulse = await userPulse(context.store.db, user.id)
    if (!pulse) throw errors.NOT_AUTHENTICATED(undefined)
    const servers = seesServers && pulse.hasServers ? await context.servers.ofUser(user.id) : []
    const model = models[includeStopped ? 'all' : 'active']({ ...user, last_activity: pulse.last_activity, servers })
    // Safe: the identify scopes show the name at least.
    return { ...model!, ...credentials(caller), scopes: [...scopes] }
  }
}

/** Errors: NOT_AUTHENTICATED. */
async function lookUp(context: HubContext, caller: UserCaller): Promise<Known> {
  const row = await userById(context.store.db, caller.userId)
  if (!row) throw errors.NOT_AUTHENTICATED(undefined)
  const { servers: _, ...user } = await userWithAll(context.store.db, row)
  // Everybody may know who they are, whatever the token allows.
  const scopes = new Set([...caller.scopes, ...identifyScopes(caller)])
  const membership = (name: string) => (name === row.name ? user.groups : [])
  const modelsWith = (includeStopped: boolean) =>
    userModels(viewWith(context, { scopes }, { membership, includeStopped }))
  return {
    user,
    models: { active: modelsWith(false), all: modelsWith(true) },
    seesServers: scopes.values().some((scope) => scope.startsWith('read:servers')),
    scopes: [...caller.scopes].sort(),
  }
}

async function serviceIdentity(context: HubContext, caller: ServiceCaller): Promise<models.Identity> {
  const row = await serviceById(context.store.db, caller.serviceId)
  if (!row) throw errors.NOT_AUTHENTICATED(undefined)
  const roles = (await rolesOfService(context.store.db, row.id)).map(({ name }) => name)
  const scopes = new Set([...caller.scopes, ...identifyScopes(caller)])
  const model = serviceModel({ ...row, roles }, await viewOf(context, { scopes }))
  // Safe: as for users.
  return { ...model!, ...credentials(caller), scopes: [...caller.scopes].sort() }
}

function credentials({ tokenId, sessionId }: SignedIn) {
  return { token_id: tokenId === null ? null : `a${tokenId}`, session_id: sessionId }
}

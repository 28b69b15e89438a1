/** Who stands behind a token or a login, looked up in the store. */
import type { Millis } from '#base/clock.ts'
import {
  builtInClient,
  findSession,
  findToken,
  groupsOf,
  serviceById,
  type TokenRow,
  userByCookieId,
  userById,
} from '#store'
import type { Caller } from './caller.ts'
import type { HubContext } from './context.ts'
import { scopesOfOwner, scopesOfToken } from './effective-scopes.ts'
import type { Login } from './http/cookies.ts'

export interface KnownCaller {
  readonly caller: Caller
  readonly login: Login | null
  readonly expiresAt: Millis | null
  /** A server's reports about itself are no activity of its user. */
  readonly isServer: boolean
}

/** Null when the session is over, or is somebody else's. */
export async function callerOfLogin(context: HubContext, login: Login): Promise<KnownCaller | null> {
  const { db } = context.store
  const session = await findSession(db, login.sessionId, context.clock.now())
  const user = session && (await userByCookieId(db, login.cookieId))
  if (!session || !user || user.id !== session.user_id) return null
  const scopes = await scopesOfOwner(context, { kind: 'user', id: user.id, name: user.name })
  const { id, name, admin } = user
  const groups = await groupsOf(db, id)
  const what = { via: 'cookie', tokenId: null, sessionId: session.id } as const
  return {
    caller: { kind: 'user', userId: id, name, admin, scopes, groups, ...what },
    login,
    expiresAt: session.expires_at,
    isServer: false,
  }
}

/** Null for a token that does not exist (any more). */
export async function callerOfToken(context: HubContext, secret: string): Promise<KnownCaller | null> {
  const token = await findToken(context.store.db, secret, context.clock.now())
  const caller = token && (await holderOf(context, token))
  if (!caller) return null
  const isServer = token.client_id === builtInClient && (token.server_id !== null || /^Server at /.test(token.note))
  return { caller, login: null, expiresAt: token.expires_at, isServer }
}

async function holderOf(context: HubContext, token: TokenRow): Promise<Caller | null> {
  const { db } = context.store
  if (token.user_id !== null) {
    const user = await userById(db, token.user_id)
    if (!user) return null
    const { id, name, admin } = user
    const scopes = await scopesOfToken(context, token, { kind: 'user', id, name })
    const groups = await groupsOf(db, id)
    const what = { via: 'token', tokenId: token.id, sessionId: token.session_id } as const
    return { kind: 'user', userId: id, name, admin, scopes, groups, ...what }
  }
  const service = token.service_id === null ? null : await serviceById(db, token.service_id)
  if (!service) return null
  const { id, name } = service
  const scopes = await scopesOfToken(context, token, { kind: 'service', id, name })
  return { kind: 'service', serviceId: id, name, scopes, via: 'token', tokenId: token.id, sessionId: null }
}

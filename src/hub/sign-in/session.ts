import type { Identity, UpstreamSession } from '#authenticators'
import { seal, unseal } from '#base/seal.ts'
import { createSession, findSession, recordAudit, type SessionOrigin, type UserRow } from '#store'
import type { HubContext } from '../context.ts'
import { clearLogin, type Exchange, loginSeconds, rememberWay, setLogin, setXsrf } from '../http/cookies.ts'
import { xsrfTokenFor } from '../http/xsrf.ts'
import { endSession } from './sessions-from.ts'

/** The browser is signed in from now on. A session that it had goes on if it is the same user's, and else ends. */
export async function openSession(
  context: HubContext,
  exchange: Exchange,
  { user, way, identity }: { user: UserRow; way: string; identity: Identity },
): Promise<void> {
  const { request } = exchange
  const { db } = context.store
  const now = context.clock.now()
  const caller = await request.caller()
  const before = caller.kind === 'user' && caller.via === 'cookie' ? caller : null
  const goesOn = before?.userId === user.id
  if (before && !goesOn) await endSession(context, { userId: before.userId, sessionId: before.sessionId! })
  const id = goesOn ? before.sessionId! : context.random.hex32()
  const agent = request.headers['user-agent'] ?? ''
  const longest = now + loginSeconds(context) * 1000
  const expiresAt = Math.min(longest, identity.session?.endsAt ?? longest)
  const origin = originOf(context, { way, identity })
  await createSession(db, { id, userId: user.id, now, expiresAt, ip: request.ip, userAgent: agent, origin })
  const login = { cookieId: user.cookie_id, sessionId: id }
  setLogin(context, exchange, login)
  if (context.authenticators.length > 1) rememberWay(context, exchange, way)
  setXsrf(context, exchange, { value: xsrfTokenFor(context, login), signedIn: true })
  context.log.info({ user: user.name, way, by: identity.issuer, ip: request.ip }, 'Signed in')
}

function originOf(
  { cookieSecret, random }: HubContext,
  { way, identity }: { way: string; identity: Identity },
): SessionOrigin {
  const { issuer, subject, session = null } = identity
  const sealed = session === null ? null : seal(cookieSecret, JSON.stringify(session), random)
  return { way, issuer, subject, upstreamId: session?.id ?? null, sealed }
}

/** Where the browser's session came from, and what signing out there needs. */
export async function upstreamOf(
  { store, clock, cookieSecret }: HubContext,
  sessionId: string,
): Promise<{ way: string; session: UpstreamSession | null } | null> {
  const row = await findSession(store.db, sessionId, clock.now())
  if (!row) return null
  const opened = row.sealed === null ? null : unseal(cookieSecret, row.sealed)
  return { way: row.way, session: opened === null ? null : JSON.parse(opened) }
}

/** The browser is nobody from now on, and what was given to its session is taken back. */
export async function closeSession(context: HubContext, exchange: Exchange): Promise<void> {
  const caller = await exchange.request.caller()
  clearLogin(context, exchange)
  if (caller.kind !== 'user' || caller.via !== 'cookie') return
  await endSession(context, { userId: caller.userId, sessionId: caller.sessionId! })
  const name = `user ${caller.name}`
  await recordAudit(context.store.db, { at: context.clock.now(), actor: name, action: 'sign-out', target: name })
  context.log.info({ user: caller.name }, 'Signed out')
}

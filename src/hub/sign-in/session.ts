import { createSession, deleteSession, deleteTokensOfSession, recordAudit, type UserRow } from '#store'
import type { HubContext } from '../context.ts'
import { clearLogin, type Exchange, loginSeconds, setLogin, setXsrf } from '../http/cookies.ts'
import { xsrfTokenFor } from '../http/xsrf.ts'

/** The browser is signed in from now on. A session that it had goes on if it is the same user's, and else ends. */
export async function openSession(
  context: HubContext,
  exchange: Exchange,
  { user, by }: { user: UserRow; by: string },
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
  const expiresAt = now + loginSeconds(context) * 1000
  await createSession(db, { id, userId: user.id, now, expiresAt, ip: request.ip, userAgent: agent })
  const login = { cookieId: user.cookie_id, sessionId: id }
  setLogin(context, exchange, login)
  setXsrf(context, exchange, { value: xsrfTokenFor(context, login), signedIn: true })
  const name = `user ${user.name}`
  await recordAudit(db, { at: now, actor: name, action: 'sign-in', target: name, detail: { by, ip: request.ip } })
  context.log.info({ user: user.name, by, ip: request.ip }, 'Signed in')
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

async function endSession(
  { store }: HubContext,
  { userId, sessionId }: { userId: number; sessionId: string },
): Promise<void> {
  await store.transaction(async (db) => {
    await deleteTokensOfSession(db, userId, sessionId)
    await deleteSession(db, sessionId)
  })
}

import { deleteSession, deleteTokensOfSession, recordAudit, sessionsFrom, userById } from '#store'
import type { HubContext } from '../context.ts'

type Parts = Pick<HubContext, 'store' | 'clock' | 'log'>

/** Ends a session with the tokens that were made in it, those of servers included. */
export async function endSession(
  { store }: Pick<Parts, 'store'>,
  { userId, sessionId }: { userId: number; sessionId: string },
): Promise<void> {
  await store.transaction(async (db) => {
    await deleteTokensOfSession(db, userId, sessionId)
    await deleteSession(db, sessionId)
  })
}

/** What an issuer says is over ends here, too. Returns how many sessions ended. */
export async function endSessionsFrom(
  parts: Parts,
  { issuer, subject, id }: { issuer: string; subject: string | null; id: string | null },
): Promise<number> {
  const { db } = parts.store
  const sessions = await sessionsFrom(db, { issuer, subject, upstreamId: id })
  for (const session of sessions) {
    await endSession(parts, { userId: session.user_id, sessionId: session.id })
    const target = `user ${(await userById(db, session.user_id))?.name ?? session.user_id}`
    const at = parts.clock.now()
    await recordAudit(db, { at, actor: `issuer ${issuer}`, action: 'sign-out', target, detail: { by: session.way } })
  }
  if (sessions.length > 0) parts.log.info({ issuer, sessions: sessions.length }, 'Signed out by the issuer')
  return sessions.length
}

import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import type { SessionTable } from './tables.ts'

export type SessionRow = Readonly<SessionTable>

export interface NewSession {
  /** What the cookie `jupyterhub-session-id` holds. */
  readonly id: string
  readonly userId: number
  readonly now: Millis
  readonly expiresAt: Millis
  readonly ip: string
  readonly userAgent: string
  readonly origin?: SessionOrigin
}

/** Where a session came from. */
export interface SessionOrigin {
  /** The id of the way of signing in. */
  readonly way: string
  readonly issuer: string
  readonly subject: string | null
  readonly upstreamId: string | null
  readonly sealed: string | null
}

const maxAgentLength = 512

/** Signing in again in the same browser takes its session over. */
export async function createSession(db: Database, session: NewSession): Promise<SessionRow> {
  const values = {
    user_id: session.userId,
    created_at: session.now,
    last_seen_at: session.now,
    expires_at: session.expiresAt,
    ip: session.ip,
    user_agent: session.userAgent.slice(0, maxAgentLength),
    way: session.origin?.way ?? '',
    issuer: session.origin?.issuer ?? null,
    subject: session.origin?.subject ?? null,
    upstream_id: session.origin?.upstreamId ?? null,
    sealed: session.origin?.sealed ?? null,
  }
  return db
    .insertInto('sessions')
    .values({ id: session.id, ...values })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Null when there is none or it has expired. */
export async function findSession(db: Database, id: string, now: Millis): Promise<SessionRow | null> {
  const row = await db
    .selectFrom('sessions')
    .selectAll()
    .where('id', '=', id)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  return row ?? null
}

/** Most recently seen first. */
export async function sessionsOfUser(db: Database, userId: number, now: Millis): Promise<readonly SessionRow[]> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('user_id', '=', userId)
    .where('expires_at', '>', now)
    .orderBy('last_seen_at', 'desc')
    .execute()
}

/** Never moves back in time. Callers limit how often. */
export async function touchSession(db: Database, id: string, at: Millis): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ last_seen_at: at })
    .where('id', '=', id)
    .where('last_seen_at', '<', at)
    .execute()
}

/** True if there was one. The tokens made in it stay; see `deleteTokensOfSession`. */
export async function deleteSession(db: Database, id: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('sessions').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

/** Those that came from one session at the issuer, from one subject there, or from both where both are given. */
export async function sessionsFrom(
  db: Database,
  { issuer, subject, upstreamId }: { issuer: string; subject: string | null; upstreamId: string | null },
): Promise<readonly SessionRow[]> {
  if (subject === null && upstreamId === null) return []
  let query = db.selectFrom('sessions').selectAll().where('issuer', '=', issuer)
  if (subject !== null) query = query.where('subject', '=', subject)
  if (upstreamId !== null) query = query.where('upstream_id', '=', upstreamId)
  return query.execute()
}

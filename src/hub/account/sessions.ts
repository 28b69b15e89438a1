import { createHash } from 'node:crypto'
import { recordAudit, type SessionRow, sessionsOfUser } from '#store'
import { endSession } from '../sign-in/sessions-from.ts'
import { browserName } from './browser-name.ts'
import type { Outcome } from './page.ts'
import type { Subject } from './subject.ts'

/** Names a session on the page; its id is in a cookie and for nobody to see. */
const handleOf = ({ id }: Pick<SessionRow, 'id'>): string => createHash('sha256').update(id).digest('hex').slice(0, 24)

export interface SessionView {
  readonly handle: string
  readonly way: string
  readonly ip: string
  readonly agent: string
  readonly browser: string
  readonly created: Date
  readonly seen: Date
  readonly isThis: boolean
}

export async function sessionsView({ visit, user }: Subject): Promise<readonly SessionView[]> {
  const { context, caller } = visit
  const rows = await sessionsOfUser(context.store.db, user.id, context.clock.now())
  return rows.map((row) => ({
    handle: handleOf(row),
    way: row.way,
    ip: row.ip,
    agent: row.user_agent,
    browser: browserName(row.user_agent),
    created: new Date(row.created_at),
    seen: new Date(row.last_seen_at),
    isThis: row.id === caller.sessionId,
  }))
}

/** One of them, or all but the one of this visit. What was given to servers in them ends, too. */
export async function endSessions({ visit, user }: Subject): Promise<Outcome> {
  const { context, caller, t } = visit
  const { db } = context.store
  const now = context.clock.now()
  const wanted = visit.field('session')
  const all = await sessionsOfUser(db, user.id, now)
  const meant = all.filter((row) =>
    visit.field('action') === 'end-others' ? row.id !== caller.sessionId : handleOf(row) === wanted,
  )
  for (const { id } of meant) await endSession(context, { userId: user.id, sessionId: id })
  const [actor, target] = [`user ${caller.name}`, `user ${user.name}`]
  if (meant.length > 0)
    await recordAudit(db, { at: now, actor, action: 'session.end', target, detail: { sessions: meant.length } })
  return { notice: t('account.sessions.ended', { count: meant.length }) }
}

import type { Millis } from '#base/clock.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'

export interface AuditEntry {
  readonly at: Millis
  /** Who: `user ada`, `service culler`, `hub`. */
  readonly actor: string
  /** What: `sign-in`, `user.delete`. */
  readonly action: string
  /** To whom or what: `user ada`, `server ada/`. */
  readonly target: string
  /** Never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Adds a line to the log of what was done. Lines are never changed. */
export async function recordAudit(db: Database, entry: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({ ...entry, detail: toJson({ ...entry.detail }) })
    .execute()
}

export interface AuditRow extends Required<AuditEntry> {
  readonly id: number
}

/** The newest lines of these actions first; of one target, where it is named. */
export async function lastAudit(
  db: Database,
  { actions, target, limit }: { actions: readonly string[]; target?: string; limit: number },
): Promise<readonly AuditRow[]> {
  let query = db
    .selectFrom('audit')
    .selectAll()
    .where('action', 'in', [...actions])
  if (target !== undefined) query = query.where('target', '=', target)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({ ...row, detail: fromJson(row.detail) }))
}

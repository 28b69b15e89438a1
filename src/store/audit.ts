import type { Millis } from '#base/clock.ts'
import { toJson } from './json.ts'
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

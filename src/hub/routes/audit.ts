import { type Database, recordAudit } from '#store'
import type { Caller } from '../caller.ts'
import type { HubContext } from '../context.ts'

interface Deed {
  /** `user.delete`. */
  readonly action: string
  /** `user ada`. */
  readonly target: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Writes down who did what, in the transaction that does it where there is one. */
export async function audit(
  { context, caller }: { context: HubContext; caller: Caller },
  deed: Deed,
  db: Database = context.store.db,
): Promise<void> {
  const actor = caller.kind === 'anonymous' ? 'nobody' : `${caller.kind} ${caller.name}`
  await recordAudit(db, { at: context.clock.now(), actor, ...deed })
}

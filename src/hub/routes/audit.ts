import { type Database, recordAudit } from '#store'
import type { HubContext } from '../context.ts'
import type { SignedIn } from './authorize.ts'

interface Deed {
  /** `user.delete`. */
  readonly action: string
  /** `user ada`. */
  readonly target: string
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Writes down who did what, in the transaction that does it where there is one. */
export async function audit(
  { context, caller }: { context: HubContext; caller: Pick<SignedIn, 'kind' | 'name'> },
  deed: Deed,
  db: Database = context.store.db,
): Promise<void> {
  const actor = `${caller.kind} ${caller.name}`
  await recordAudit(db, { at: context.clock.now(), actor, ...deed })
}

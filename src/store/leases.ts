import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'

export interface LeaseClaim {
  readonly name: string
  /** Names one process, not a machine: a process that starts anew is another owner. */
  readonly owner: string
  /** The database's clock. */
  readonly now: Millis
  readonly ttlMs: number
}

/**
 * Takes or prolongs a lease. Returns its fencing number, which goes up whenever the lease changes hands, or null when
 * somebody else holds it.
 */
export async function acquireLease(db: Database, { name, owner, now, ttlMs }: LeaseClaim): Promise<number | null> {
  const row = await db
    .insertInto('leases')
    .values({ name, owner, fence: 1, expires_at: now + ttlMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet((eb) => ({
          owner,
          expires_at: now + ttlMs,
          fence: eb
            .case()
            .when('leases.owner', '=', owner)
            .then(eb.ref('leases.fence'))
            .else(eb('leases.fence', '+', 1))
            .end(),
        }))
        .where((eb) => eb.or([eb('leases.owner', '=', owner), eb('leases.expires_at', '<=', now)])),
    )
    .returning('fence')
    .executeTakeFirst()
  return row?.fence ?? null
}

/** Lets the next one in at once. Nothing happens when the lease is somebody else's by now. */
export async function releaseLease(db: Database, { name, owner }: Pick<LeaseClaim, 'name' | 'owner'>): Promise<void> {
  await db.updateTable('leases').set({ expires_at: 0 }).where('name', '=', name).where('owner', '=', owner).execute()
}

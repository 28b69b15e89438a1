import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import { sha256 } from './token-hash.ts'

export interface NewSignInLink {
  /** What the link carries; only its hash is stored. */
  readonly secret: string
  readonly userId: number
  readonly now: Millis
  readonly expiresAt: Millis
}

export async function createSignInLink(db: Database, link: NewSignInLink): Promise<void> {
  await db
    .insertInto('sign_in_links')
    .values({
      hashed: sha256(link.secret),
      user_id: link.userId,
      created_at: link.now,
      expires_at: link.expiresAt,
      used_at: null,
    })
    .execute()
}

/** Uses the link up: of two takers one gets the user's id. Null when unknown, used or expired. */
export async function takeSignInLink(db: Database, secret: string, now: Millis): Promise<number | null> {
  const row = await db
    .updateTable('sign_in_links')
    .set({ used_at: now })
    .where('hashed', '=', sha256(secret))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('user_id')
    .executeTakeFirst()
  return row?.user_id ?? null
}

/** Why a link could not be taken. */
export async function signInLinkState(db: Database, secret: string): Promise<'used' | 'expired' | 'unknown'> {
  const row = await db
    .selectFrom('sign_in_links')
    .select('used_at')
    .where('hashed', '=', sha256(secret))
    .executeTakeFirst()
  if (!row) return 'unknown'
  return row.used_at === null ? 'expired' : 'used'
}

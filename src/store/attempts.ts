/** Attempts to sign in that go over several steps, any of which may be served by another hub. */
import type { Millis } from '#base/clock.ts'
import type { Database } from './store.ts'
import { sha256 } from './token-hash.ts'

export interface NewAttempt {
  /** What goes out; only its hash is stored. */
  readonly id: string
  /** Which way of signing in may take it. */
  readonly way: string
  /** Hash of what the browser's cookie holds; see `browserHash`. */
  readonly browser: string
  /** Encrypted. */
  readonly sealed: string
  readonly next: string | null
  readonly now: Millis
  readonly expiresAt: Millis
}

export interface StoredAttempt {
  readonly browser: string
  readonly sealed: string
  readonly next: string | null
}

export interface AttemptState {
  readonly kind: 'open' | 'used' | 'expired' | 'unknown'
  /** Whether it was begun with this cookie. */
  readonly isSameBrowser: boolean
}

/** What is kept of a browser's cookie. */
export const browserHash = (cookie: string): string => sha256(cookie)

export async function saveAttempt(db: Database, attempt: NewAttempt): Promise<void> {
  await db
    .insertInto('sign_in_attempts')
    .values({
      hashed: sha256(attempt.id),
      way: attempt.way,
      browser: attempt.browser,
      sealed: attempt.sealed,
      next: attempt.next,
      created_at: attempt.now,
      expires_at: attempt.expiresAt,
      used_at: null,
    })
    .execute()
}

type Key = Pick<NewAttempt, 'id' | 'way' | 'now'>

export async function attemptState(
  db: Database,
  { id, way, now }: Key,
  cookies: readonly string[],
): Promise<AttemptState> {
  const row = await db
    .selectFrom('sign_in_attempts')
    .select(['browser', 'used_at', 'expires_at'])
    .where('hashed', '=', sha256(id))
    .where('way', '=', way)
    .executeTakeFirst()
  if (!row) return { kind: 'unknown', isSameBrowser: false }
  const isSameBrowser = cookies.map(browserHash).includes(row.browser)
  if (row.used_at !== null) return { kind: 'used', isSameBrowser }
  return { kind: row.expires_at > now ? 'open' : 'expired', isSameBrowser }
}

/** Uses it up: of two takers one gets it. Null when it can't be taken (any more). */
export async function takeAttempt(db: Database, { id, way, now }: Key): Promise<StoredAttempt | null> {
  const row = await db
    .updateTable('sign_in_attempts')
    .set({ used_at: now })
    .where('hashed', '=', sha256(id))
    .where('way', '=', way)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(['browser', 'sealed', 'next'])
    .executeTakeFirst()
  return row ?? null
}

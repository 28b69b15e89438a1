import type { Selectable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import type { TokenTable } from './tables.ts'
import { generatedRounds, hashToken, matchesHash, newSalt, prefixLength } from './token-hash.ts'

/** The client of tokens that no OAuth client was given. */
export const builtInClient = 'jupyterhub'

export type TokenRow = Omit<Selectable<TokenTable>, 'scopes'> & { readonly scopes: readonly string[] }

/** A token with what a person knows its client by. */
export type TokenWithClient = TokenRow & { readonly client_description: string }

/** A token belongs to one user or one service. */
export type TokenOwner = { readonly userId: number } | { readonly serviceId: number }

export type NewToken = TokenOwner & {
  /** The plain text; only its hash is stored. */
  readonly secret: string
  /** As asked for, not expanded; `inherit` stands for all its owner has. */
  readonly scopes: readonly string[]
  readonly note: string
  readonly now: Millis
  /** Default: never. */
  readonly expiresAt?: Millis | null
  /** Default 1, for generated secrets; `chosenRounds` for what a person chose. */
  readonly rounds?: number
  /** The server that it was made for, whose end is its end. */
  readonly serverId?: number | null
  /** Default `jupyterhub`. */
  readonly clientId?: string
  readonly sessionId?: string | null
  readonly salt?: string
}

/** Stores a token. Adding the same secret twice is possible only with different salts. */
export async function createToken(db: Database, token: NewToken): Promise<TokenRow> {
  const row = await db
    .insertInto('api_tokens')
    .values({
      user_id: 'userId' in token ? token.userId : null,
      service_id: 'serviceId' in token ? token.serviceId : null,
      server_id: token.serverId ?? null,
      hashed: hashToken(token.secret, token.rounds ?? generatedRounds, token.salt ?? newSalt()),
      prefix: token.secret.slice(0, prefixLength),
      client_id: token.clientId ?? builtInClient,
      session_id: token.sessionId ?? null,
      created_at: token.now,
      expires_at: token.expiresAt ?? null,
      last_activity: null,
      note: token.note,
      scopes: toJson([...token.scopes]),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  return tokenRow(row)
}

/** The token with this plain text, unless it has expired. */
export async function findToken(db: Database, secret: string, now: Millis): Promise<TokenRow | null> {
  const candidates = await db
    .selectFrom('api_tokens')
    .selectAll()
    .where('prefix', '=', secret.slice(0, prefixLength))
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .execute()
  const found = candidates.find(({ hashed }) => matchesHash(secret, hashed))
  return found ? tokenRow(found) : null
}

export async function tokenById(db: Database, id: number, now: Millis): Promise<TokenWithClient | null> {
  const row = await tokens(db, now).where('api_tokens.id', '=', id).executeTakeFirst()
  return row ? tokenRow(row) : null
}

/** Most recently used first. */
export async function tokensOfUser(db: Database, userId: number, now: Millis): Promise<readonly TokenWithClient[]> {
  const rows = await tokens(db, now)
    .where('user_id', '=', userId)
    .orderBy('last_activity', (order) => order.desc().nullsLast())
    .orderBy('api_tokens.id', 'desc')
    .execute()
  return rows.map(tokenRow)
}

function tokens(db: Database, now: Millis) {
  return db
    .selectFrom('api_tokens')
    .innerJoin('oauth_clients', 'oauth_clients.identifier', 'api_tokens.client_id')
    .selectAll('api_tokens')
    .select('oauth_clients.description as client_description')
    .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
}

/** True if there was one. */
export async function deleteToken(db: Database, id: number): Promise<boolean> {
  return (await deleted(db.deleteFrom('api_tokens').where('id', '=', id).executeTakeFirst())) > 0
}

/** All of these return how many there were. */
export function deleteTokensOfServer(db: Database, serverId: number): Promise<number> {
  return deleted(db.deleteFrom('api_tokens').where('server_id', '=', serverId).executeTakeFirst())
}

export function deleteTokensOfSession(db: Database, userId: number, sessionId: string): Promise<number> {
  return deleted(
    db.deleteFrom('api_tokens').where('user_id', '=', userId).where('session_id', '=', sessionId).executeTakeFirst(),
  )
}

export function deleteTokensOfClient(db: Database, userId: number, clientId: string): Promise<number> {
  return deleted(
    db.deleteFrom('api_tokens').where('user_id', '=', userId).where('client_id', '=', clientId).executeTakeFirst(),
  )
}

/** Never moves back in time. Callers limit how often. */
export async function touchToken(db: Database, id: number, at: Millis): Promise<void> {
  await db
    .updateTable('api_tokens')
    .set({ last_activity: at })
    .where('id', '=', id)
    .where((eb) => eb.or([eb('last_activity', 'is', null), eb('last_activity', '<', at)]))
    .execute()
}

/** Deletes what has expired: tokens, sessions, codes, sign-in links, attempts to sign in. Returns how many rows. */
export async function purgeExpired(db: Database, now: Millis): Promise<number> {
  const tables = [
    'api_tokens',
    'sessions',
    'oauth_codes',
    'sign_in_links',
    'sign_in_attempts',
    'seen_once',
    'failures',
  ] as const
  let count = 0
  for (const table of tables) {
    const expired = await db.selectFrom(table).select('expires_at').where('expires_at', '<=', now).limit(1).execute()
    // Without a look first, an idle hub would drop every cache each time.
    if (expired.length > 0)
      count += await deleted(db.deleteFrom(table).where('expires_at', '<=', now).executeTakeFirst())
  }
  return count
}

async function deleted(result: Promise<{ numDeletedRows: bigint }>): Promise<number> {
  return Number((await result).numDeletedRows)
}

function tokenRow<T extends Selectable<TokenTable>>(row: T): Omit<T, 'scopes'> & { scopes: readonly string[] } {
  return { ...row, scopes: fromJson(row.scopes) }
}

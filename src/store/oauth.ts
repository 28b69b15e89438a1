import type { Selectable } from 'kysely'
import type { Millis } from '#base/clock.ts'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import type { OauthClientTable, OauthCodeTable } from './tables.ts'
import { sha256 } from './token-hash.ts'

type WithScopes<T, K extends keyof T> = Omit<T, K> & Readonly<Record<K, readonly string[]>>

export type OauthClientRow = WithScopes<Selectable<OauthClientTable>, 'allowed_scopes'>
export type OauthCodeRow = WithScopes<Selectable<OauthCodeTable>, 'scopes'>

export interface OauthClientDefinition {
  readonly identifier: string
  readonly description: string
  /** By `hashToken`; empty: the client can't be used. */
  readonly secretHash: string
  /** Compared as exact text. */
  readonly redirectUri: string
  readonly allowedScopes: readonly string[]
  /** What the client stands for, and is deleted with. */
  readonly serverId?: number | null
  readonly serviceId?: number | null
}

/** Creates the client or replaces what is known of it. */
export async function saveOauthClient(db: Database, client: OauthClientDefinition): Promise<OauthClientRow> {
  const values = {
    description: client.description,
    secret: client.secretHash,
    redirect_uri: client.redirectUri,
    allowed_scopes: toJson([...client.allowedScopes]),
    server_id: client.serverId ?? null,
    service_id: client.serviceId ?? null,
  }
  const row = await db
    .insertInto('oauth_clients')
    .values({ identifier: client.identifier, ...values })
    .onConflict((conflict) => conflict.column('identifier').doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow()
  return clientRow(row)
}

export async function findOauthClient(db: Database, identifier: string): Promise<OauthClientRow | null> {
  const row = await db.selectFrom('oauth_clients').selectAll().where('identifier', '=', identifier).executeTakeFirst()
  return row ? clientRow(row) : null
}

/** With its codes and the tokens that it was given. True if there was one. */
export async function deleteOauthClient(db: Database, identifier: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('oauth_clients')
    .where('identifier', '=', identifier)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export interface NewCode {
  /** The plain text; only its hash is stored. */
  readonly code: string
  readonly clientId: string
  readonly userId: number
  readonly redirectUri: string
  readonly sessionId: string | null
  readonly scopes: readonly string[]
  readonly codeChallenge?: string | null
  readonly codeChallengeMethod?: string | null
  readonly expiresAt: Millis
}

export async function saveCode(db: Database, code: NewCode): Promise<void> {
  await db
    .insertInto('oauth_codes')
    .values({
      code_hash: sha256(code.code),
      client_id: code.clientId,
      user_id: code.userId,
      redirect_uri: code.redirectUri,
      session_id: code.sessionId,
      scopes: toJson([...code.scopes]),
      code_challenge: code.codeChallenge ?? null,
      code_challenge_method: code.codeChallengeMethod ?? null,
      expires_at: code.expiresAt,
    })
    .execute()
}

/** Hands a code out once: of two takers one gets it. Null when unknown, taken or expired. */
export async function takeCode(db: Database, code: string, now: Millis): Promise<OauthCodeRow | null> {
  const row = await db.deleteFrom('oauth_codes').where('code_hash', '=', sha256(code)).returningAll().executeTakeFirst()
  return row && row.expires_at > now ? { ...row, scopes: fromJson(row.scopes) } : null
}

function clientRow(row: Selectable<OauthClientTable>): OauthClientRow {
  return { ...row, allowed_scopes: fromJson(row.allowed_scopes) }
}

import {
  createToken,
  type Database,
  deleteToken,
  findSession,
  findToken,
  type OauthClientRow,
  type OauthCodeRow,
  recordAudit,
  takeCode,
} from '#store'
import type { HubContext } from '../../context.ts'
import { accessTokenOf } from './access-token.ts'
import { verifierProblem } from './verifier.ts'

export interface Offer {
  readonly client: OauthClientRow
  readonly code: string
  readonly redirectUri: string | undefined
  readonly verifier: string | undefined
}

export type Exchange =
  | { readonly kind: 'token'; readonly secret: string; readonly scopes: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string }

/** Takes the code, which is gone then whatever comes of it, and gives its token. */
export async function exchange(context: HubContext, offer: Offer): Promise<Exchange> {
  const now = context.clock.now()
  return context.store.transaction(async (db) => {
    const code = await takeCode(db, offer.code, now)
    if (!code) {
      await revokeGiven(context, db, offer)
      return refused('The code is unknown, expired, or was used before.')
    }
    const why = problem(code, offer) ?? (await sessionProblem(db, code, now))
    if (why !== null) return refused(why)
    const secret = accessTokenOf(offer.code, context.cookieSecret)
    await createToken(db, {
      userId: code.user_id,
      secret,
      scopes: code.scopes,
      note: offer.client.description,
      clientId: offer.client.identifier,
      sessionId: code.session_id,
      now,
      expiresAt: now + context.settings().hub.oauthTokenExpiresInSeconds * 1000,
    })
    return { kind: 'token', secret, scopes: code.scopes }
  })
}

function problem(code: OauthCodeRow, { client, redirectUri, verifier }: Offer): string | null {
  if (code.client_id !== client.identifier) return 'The code was given to another client.'
  if (code.redirect_uri !== redirectUri) return 'The redirect_uri is not the one that the code was sent to.'
  return verifierProblem(code, verifier)
}

/** What a session gave ends with it. */
async function sessionProblem(db: Database, { session_id: id }: OauthCodeRow, now: number): Promise<string | null> {
  if (id === null || (await findSession(db, id, now))) return null
  return 'The user has signed out since.'
}

/** A code that comes twice was stolen, before or after its first use. */
async function revokeGiven(context: HubContext, db: Database, { client, code }: Offer): Promise<void> {
  const now = context.clock.now()
  const token = await findToken(db, accessTokenOf(code, context.cookieSecret), now)
  if (!token || token.client_id !== client.identifier) return
  await deleteToken(db, token.id)
  const detail = { token: `a${token.id}`, why: 'its code was used again' }
  await recordAudit(db, {
    at: now,
    actor: 'hub',
    action: 'token.revoke',
    target: `client ${client.identifier}`,
    detail,
  })
}

function refused(why: string): Exchange {
  return { kind: 'refused', why }
}

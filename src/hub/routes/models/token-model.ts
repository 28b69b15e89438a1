import type { models } from '#api'
import { isoTime } from '#base/clock.ts'
import type { TokenWithClient } from '#store'

export interface TokenFacts {
  readonly token: TokenWithClient
  readonly owner: { readonly kind: 'user' | 'service'; readonly name: string }
  /** Expanded, and as far as the owner holds them. */
  readonly scopes: ReadonlySet<string>
}

export function tokenModel({ token, owner, scopes }: TokenFacts): models.Token {
  return {
    kind: 'api_token',
    id: `a${token.id}`,
    [owner.kind]: owner.name,
    roles: [],
    scopes: [...scopes].sort(),
    note: token.note,
    created: isoTime(token.created_at)!,
    last_activity: isoTime(token.last_activity),
    expires_at: isoTime(token.expires_at),
    session_id: token.session_id,
    oauth_client: token.client_description || token.client_id,
  }
}

/** The number in `a12`; null when the text is no token id. */
export function tokenNumber(id: string): number | null {
  const [, digits] = /^a(\d{1,15})$/.exec(id) ?? []
  return digits === undefined ? null : Number(digits)
}

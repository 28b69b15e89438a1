/** The first step: the browser is sent to the provider, with what its answer will be held against. */
import { createHash } from 'node:crypto'
import type { Step, Visit } from '../contract.ts'
import type { OAuthClient, Ready } from './client.ts'
import { ready } from './client.ts'
import { withQuery } from './http.ts'
import { callbackUrlOf } from './options.ts'

export const callbackPath = 'oauth_callback'
export const loginPath = 'oauth_login'

/** What the first step leaves for the second. */
export interface Begun {
  readonly nonce: string
  readonly verifier: string | null
  readonly redirectUri: string
  /** Where the browser was sent, so that the answer of another provider is known for one. */
  readonly issuer: string
}

export async function begin(client: OAuthClient, visit: Visit): Promise<Step> {
  const facts = await ready(client)
  const redirectUri = callbackUrlOf(facts.options) || visit.routeUrl(callbackPath)
  const elsewhere = sameHostFirst(visit, redirectUri)
  if (elsewhere) return { kind: 'redirect', url: elsewhere }
  const { random } = client.deps
  const nonce = random.bytes(32).toString('base64url')
  const verifier = facts.options.enablePkce ? random.bytes(32).toString('base64url') : null
  const begun: Begun = { nonce, verifier, redirectUri, issuer: facts.issuer }
  const state = await visit.begin(begun)
  return { kind: 'redirect', url: authorizeUrl(client, facts, { state, begun }) }
}

/** The cookie of the attempt must come back to the host that set it: who came by another name goes to that one first. */
function sameHostFirst(visit: Visit, redirectUri: string): string | null {
  const meant = new URL(redirectUri)
  if (meant.host === visit.url.host || visit.url.searchParams.has('at')) return null
  const next = visit.next === null ? {} : { next: visit.next }
  return withQuery(`${meant.origin}${visit.url.pathname}`, { ...next, at: meant.host })
}

function authorizeUrl(
  { provider }: OAuthClient,
  { endpoints, options, client, scope, oidc }: Ready,
  { state, begun }: { state: string; begun: Begun },
): string {
  const challenge = begun.verifier && createHash('sha256').update(begun.verifier).digest('base64url')
  return withQuery(endpoints.authorizeUrl, {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: begun.redirectUri,
    ...(scope.length > 0 ? { scope: scope.join(' ') } : {}),
    state,
    ...(challenge ? { code_challenge: challenge, code_challenge_method: 'S256' } : {}),
    ...(oidc && scope.includes('openid') ? { nonce: begun.nonce } : {}),
    ...provider.authorizeParams?.(options),
    ...options.extraAuthorizeParams,
  })
}

/** Whether what a provider said still holds: asked with the tokens that are kept. */
import { HimaliaError } from '#base/errors.ts'
import type { Denial, Identity, KnownIdentity, Refreshed } from '../contract.ts'
import type { OAuthClient, Ready } from './client.ts'
import { ready } from './client.ts'
import { identityOf } from './identity.ts'
import { optionsOf } from './options.ts'
import { isDenial } from './provider.ts'
import { askForTokens, type TokenAnswer } from './tokens.ts'

export async function refresh(client: OAuthClient, known: KnownIdentity): Promise<Refreshed> {
  const { authState, userName } = known
  if (authState === null || optionsOf(client.deps).refreshExemptUsers.includes(userName)) return { kind: 'unchanged' }
  try {
    const facts = await ready(client)
    const kept = keptTokens(authState)
    const held = kept && (await identityFrom(client, facts, kept))
    if (held && !isDenial(held)) return ofSamePerson(known, held)
    const renewed = await renew(facts, authState)
    if (isDenial(renewed)) return { kind: 'gone', reason: renewed.log ?? renewed.code }
    const now = await identityFrom(client, facts, renewed)
    return isDenial(now) ? { kind: 'gone', reason: now.log ?? now.code } : ofSamePerson(known, now)
  } catch (error) {
    if (error instanceof HimaliaError && error.code === 'PROVIDER_UNREACHABLE') {
      return { kind: 'unreachable', reason: error.message }
    }
    throw error
  }
}

function ofSamePerson({ subject, userName }: KnownIdentity, now: Identity): Refreshed {
  if (subject !== null && now.subject !== subject) {
    return { kind: 'gone', reason: `the tokens of ${userName} are of another account now` }
  }
  return { kind: 'identity', identity: now }
}

function keptTokens(authState: Readonly<Record<string, unknown>>): TokenAnswer | null {
  const { token_response: answer, access_token: token } = authState
  if (typeof token !== 'string') return null
  const rest = typeof answer === 'object' && answer !== null ? answer : {}
  const { id_token, refresh_token } = authState
  return {
    ...rest,
    ...(id_token ? { id_token } : {}),
    ...(refresh_token ? { refresh_token } : {}),
    access_token: token,
  }
}

/** The ID token was checked when it came, and proves nothing new: the userdata endpoint is asked. */
function identityFrom(client: OAuthClient, facts: Ready, tokens: TokenAnswer): Promise<Identity | Denial> {
  return identityOf(client, facts, { tokens, claims: null })
}

async function renew(
  { http, options, endpoints, client }: Ready,
  authState: Readonly<Record<string, unknown>>,
): Promise<TokenAnswer | Denial> {
  const { refresh_token: token } = authState
  if (typeof token !== 'string' || token === '') {
    return {
      kind: 'denied',
      code: 'TOKEN_EXPIRED',
      message: 'The token is not valid any more.',
      log: 'no refresh token',
    }
  }
  const fields = { grant_type: 'refresh_token', refresh_token: token }
  const answer = await askForTokens({ http, options, tokenUrl: endpoints.tokenUrl, client }, fields)
  if (isDenial(answer)) return answer
  // A provider that gives no new one means the old one to be used again.
  const { id_token } = authState
  return { ...(id_token ? { id_token } : {}), refresh_token: token, ...answer }
}

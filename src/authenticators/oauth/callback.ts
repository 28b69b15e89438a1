/** The second step: the browser comes back with a code, which the hub turns into tokens and tokens into a person. */
import * as oidcLibrary from 'openid-client'
import { attemptDenial } from '../attempt-denial.ts'
import type { Attempt, Denial, Step, Visit } from '../contract.ts'
import type { Begun } from './begin.ts'
import type { OAuthClient, Ready } from './client.ts'
import { ready } from './client.ts'
import { denied } from './denials.ts'
import { identityOf } from './identity.ts'
import { isKeyUnknown, reasonOf, saidByProvider } from './oidc.ts'
import { isDenial } from './provider.ts'
import { askForTokens, type TokenAnswer } from './tokens.ts'

/** Tokens, and what the ID token says once it has passed the checks. */
export interface Granted {
  readonly tokens: TokenAnswer
  readonly claims: Readonly<Record<string, unknown>> | null
}

export async function callback(client: OAuthClient, visit: Visit): Promise<Step> {
  const { searchParams } = visit.url
  const twice = ['code', 'state', 'error', 'iss'].find((name) => searchParams.getAll(name).length > 1)
  if (twice) return denied.notTrusted(`${twice} came twice`)
  const attempt = await visit.take(searchParams.get('state') ?? '')
  if (attempt.kind !== 'attempt') return attemptDenial(attempt)
  const error = searchParams.get('error_description') ?? searchParams.get('error')
  if (error !== null) return denied.refusedByProvider(error)
  if (!searchParams.get('code')) return denied.noToken('no code came back')
  // Safe: sealed by `begin`.
  const begun = attempt.data as Begun
  const facts = await ready(client)
  const mixedUp = checkIssuer(facts, begun, searchParams.get('iss'))
  if (mixedUp) return mixedUp
  const granted = facts.oidc
    ? await grantOidc(client, facts, { visit, attempt, begun })
    : await grantPlain(facts, visit, begun)
  if (isDenial(granted)) return granted
  const identity = await identityOf(client, facts, granted)
  return isDenial(identity) ? identity : { kind: 'identity', identity, attempt }
}

/** A provider that answers in another's place would be given that one's code. */
function checkIssuer({ issuer, oidc }: Ready, begun: Begun, said: string | null): Denial | null {
  if (begun.issuer !== issuer) return denied.notTrusted(`began at ${begun.issuer}, but the issuer is ${issuer} now`)
  if (oidc && said !== null && said !== issuer) return denied.notTrusted(`the answer is of ${said}, not of ${issuer}`)
  return null
}

async function grantOidc(
  { discovery }: OAuthClient,
  facts: Ready,
  { visit, attempt, begun }: { visit: Visit; attempt: Attempt; begun: Begun },
): Promise<Granted | Denial> {
  const { oidc, options, scope } = facts
  const current = new URL(begun.redirectUri)
  current.search = visit.url.search
  const isOpenId = scope.includes('openid')
  try {
    const tokens = await oidcLibrary.authorizationCodeGrant(
      oidc!,
      current,
      {
        expectedState: attempt.id,
        ...(begun.verifier ? { pkceCodeVerifier: begun.verifier } : {}),
        ...(isOpenId ? { expectedNonce: begun.nonce, idTokenExpected: true } : {}),
      },
      texts({ ...options.extraParams, ...options.tokenParams }),
    )
    // Safe: the library gives the token endpoint's answer with methods beside it.
    const plain = Object.fromEntries(Object.entries(tokens).filter(([, value]) => typeof value !== 'function'))
    const claims = tokens.claims() ?? null
    // The library looks at it where there are several audiences only.
    if (claims?.azp !== undefined && claims.azp !== facts.client.id) {
      return denied.notTrusted('unexpected ID Token "azp" (authorized party) claim value')
    }
    return { tokens: plain as TokenAnswer, claims }
  } catch (error) {
    if (isKeyUnknown(error)) await discovery.forget(oidc!)
    const said = saidByProvider(error)
    if (said !== null) return denied.refusedByProvider(said)
    if (error instanceof oidcLibrary.ClientError || isCheck(error)) return denied.notTrusted(reasonOf(error))
    throw error
  }
}

/** Of the library below: what an answer was refused for. Network failures are errors of their own. */
function isCheck(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('OAUTH_')
}

async function grantPlain(facts: Ready, visit: Visit, begun: Begun): Promise<Granted | Denial> {
  const { http, options, endpoints, client } = facts
  const fields = {
    grant_type: 'authorization_code',
    code: visit.url.searchParams.get('code') ?? '',
    redirect_uri: begun.redirectUri,
    ...(begun.verifier ? { code_verifier: begun.verifier } : {}),
  }
  const tokens = await askForTokens({ http, options, tokenUrl: endpoints.tokenUrl, client }, fields)
  return isDenial(tokens) ? tokens : { tokens, claims: null }
}

export function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]))
}

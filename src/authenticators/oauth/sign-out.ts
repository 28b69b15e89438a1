/** Signing out: here, at the provider where that is wanted, and when the provider says so. */
import { createRemoteJWKSet, customFetch, errors as joseErrors, jwtVerify } from 'jose'
import { buildEndSessionUrl } from 'openid-client'
import type { Step, UpstreamSession, Visit } from '../contract.ts'
import type { OAuthClient } from './client.ts'
import { ready } from './client.ts'
import { algorithms } from './id-token.ts'
import { logoutUrlOf, optionsOf } from './options.ts'

/** Errors: PROVIDER_UNREACHABLE. */
export async function signOut(
  client: OAuthClient,
  session: UpstreamSession | null,
  visit: Visit,
): Promise<Step | null> {
  const options = optionsOf(client.deps)
  const after = logoutUrlOf(options)
  if (options.logoutAtProvider) {
    const { oidc } = await ready(client)
    if (oidc?.serverMetadata().end_session_endpoint) {
      const hint = (session?.data as { idToken?: string } | null | undefined)?.idToken
      const url = buildEndSessionUrl(oidc, {
        ...(hint ? { id_token_hint: hint } : {}),
        post_logout_redirect_uri: after || `${visit.hubUrl}logout`,
      })
      return { kind: 'redirect', url: url.href }
    }
  }
  return after === '' ? null : { kind: 'redirect', url: after }
}

const event = 'http://schemas.openid.net/event/backchannel-logout'
const longestAgeSeconds = 300

/** POST by the provider: a signed token that names a session, a person, or both. */
export async function backChannelLogout(client: OAuthClient, visit: Visit): Promise<Step> {
  const { deps } = client
  const token = visit.form.logout_token ?? ''
  const { oidc, http, client: us } = await ready(client)
  const { jwks_uri: keys, issuer } = oidc?.serverMetadata() ?? {}
  if (!keys || !issuer) return refused(client, 'the provider has no keys: oidc_issuer is not set')
  try {
    const { payload } = await jwtVerify(
      token,
      createRemoteJWKSet(new URL(keys), { [customFetch]: http.fetch as typeof fetch }),
      {
        algorithms: [...algorithms],
        issuer,
        audience: us.id,
        currentDate: new Date(deps.clock.now()),
        clockTolerance: 60,
        maxTokenAge: longestAgeSeconds,
        requiredClaims: ['iat', 'jti', 'events'],
      },
    )
    const { sub, sid, jti, nonce, events } = payload
    if (nonce !== undefined) return refused(client, 'a logout token must hold no nonce')
    if (typeof events !== 'object' || events === null || !(event in events))
      return refused(client, 'it is no logout token')
    if (typeof sub !== 'string' && typeof sid !== 'string') return refused(client, 'it names neither sub nor sid')
    const until = deps.clock.now() + 2 * longestAgeSeconds * 1000
    if (!(await deps.once.first(`logout ${issuer} ${jti}`, until))) return refused(client, 'it was used before')
    const subject = typeof sub === 'string' ? sub : null
    await deps.sessions.end({ issuer, subject, id: typeof sid === 'string' ? sid : null })
    return answer(200, '')
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return refused(client, `${error.code}: ${error.message}`)
    throw error
  }
}

/** GET in a frame of the provider's page: no cookies come, so the session is named by `sid`, which only the two know. */
export async function frontChannelLogout(client: OAuthClient, visit: Visit): Promise<Step> {
  const { issuer } = await ready(client)
  const sid = visit.url.searchParams.get('sid') ?? ''
  const iss = visit.url.searchParams.get('iss')
  if (sid === '' || iss !== issuer) return refused(client, 'iss and sid must name a session of this provider')
  await client.deps.sessions.end({ issuer, subject: null, id: sid })
  return {
    ...answer(200, '<!doctype html><title>Signed out</title>', 'text/html; charset=utf-8'),
    headers: { 'content-security-policy': `default-src 'none'; frame-ancestors ${new URL(issuer).origin}` },
  }
}

function refused({ deps }: OAuthClient, why: string): Step & { kind: 'answer' } {
  deps.log.warn({ way: deps.own().id, why }, 'Logout by the provider refused')
  return answer(400, JSON.stringify({ error: 'invalid_request', error_description: why }), 'application/json')
}

function answer(status: number, body: string, type = 'text/plain; charset=utf-8'): Step & { kind: 'answer' } {
  return { kind: 'answer', status, type, body }
}

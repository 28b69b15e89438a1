/** Who it is, from the userdata endpoint or the ID token. */
import type { Denial } from '../contract.ts'
import type { Granted } from './callback.ts'
import type { OAuthClient, Ready } from './client.ts'
import { denied } from './denials.ts'
import { bearer, jsonRecord, withQuery } from './http.ts'
import { unverifiedClaims } from './id-token.ts'
import { isDenial } from './provider.ts'

export type UserData = Readonly<Record<string, unknown>>

export async function userDataOf(
  { provider, deps }: OAuthClient,
  facts: Ready,
  { tokens, claims }: Granted,
): Promise<UserData | Denial> {
  const { options, http, client, endpoints } = facts
  if (provider.readIdToken && !facts.oidc) {
    if (typeof tokens.id_token !== 'string') return denied.noUserData('no id_token came')
    return (await provider.readIdToken(tokens.id_token, { options, http, clientId: client.id })) as UserData | Denial
  }
  if (options.userdataFromIdToken || (facts.oidc && endpoints.userdataUrl === '')) {
    if (claims) return claims
    if (typeof tokens.id_token !== 'string') return denied.noUserData('no id_token came')
    // Straight from the token endpoint over TLS, which vouches for it where no key is known.
    return unverifiedClaims(tokens.id_token, { clientId: client.id, now: deps.clock.now() })
  }
  const asked = await ask(facts, tokens.access_token)
  return isDenial(asked) || isOfSame(facts, asked, claims) ? asked : notOfSame
}

const notOfSame = denied.notTrusted('the userdata are of another sub than the ID token')

/** The provider's own endpoint must name the person; another address that the administrator chose may not know of it. */
function isOfSame({ oidc, endpoints }: Ready, asked: UserData, claims: Granted['claims']): boolean {
  const isOwn = endpoints.userdataUrl === oidc?.serverMetadata().userinfo_endpoint
  return claims === null || asked.sub === claims.sub || (!isOwn && asked.sub === undefined)
}

async function ask({ options, http, endpoints }: Ready, accessToken: string): Promise<UserData | Denial> {
  const inUrl = options.userdataTokenMethod === 'url'
  const url = withQuery(endpoints.userdataUrl, {
    ...options.userdataParams,
    ...(inUrl ? { access_token: accessToken } : {}),
  })
  const answer = await http.ask(url, { headers: inUrl ? {} : bearer(accessToken) })
  if (answer.status >= 400) return denied.noUserData(`userdata_url answered ${answer.status}`)
  return jsonRecord(answer) ?? denied.noUserData('userdata_url gave no JSON record')
}

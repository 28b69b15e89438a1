/** One provider as this hub uses it: what the steps of signing in share. */
import type { AuthenticatorDeps } from '../contract.ts'
import { errors } from '../errors.ts'
import { type Http, httpFor } from './http.ts'
import type { Discovery, OidcConfiguration } from './oidc.ts'
import { clientOf, fromEnv, type Options, optionsOf, scopeOf } from './options.ts'
import type { Endpoints, Provider } from './provider.ts'

export interface OAuthClient {
  readonly deps: AuthenticatorDeps
  readonly provider: Provider
  readonly discovery: Discovery
}

export interface Ready {
  readonly options: Options
  readonly http: Http
  readonly client: { readonly id: string; readonly secret: string }
  readonly scope: readonly string[]
  /** null: the provider speaks OAuth 2 only, as far as we know. */
  readonly oidc: OidcConfiguration | null
  readonly endpoints: Endpoints
  /** Who vouches: the issuer, else where the tokens come from. */
  readonly issuer: string
}

/** Errors: PROVIDER_UNREACHABLE, OPTION_MISSING. */
export async function ready({ deps, provider, discovery }: OAuthClient): Promise<Ready> {
  const options = optionsOf(deps)
  const http = await httpFor(options)
  const client = clientOf(options, provider)
  const scope = scopeOf(options, provider)
  const shared = { options, http, client, scope }
  const issuer = issuerOf(options, provider)
  if (issuer === null) {
    const endpoints = withOverrides(options, await provider.endpoints(options, http))
    const missing = requiredUrls(endpoints, options)
    if (missing.length > 0) throw errors.OPTION_MISSING({ className: deps.own().className, names: missing })
    return { ...shared, oidc: null, endpoints, issuer: new URL(endpoints.tokenUrl).origin }
  }
  const oidc = await discovery.get({ issuer, ...client, basicAuth: options.basicAuth }, http)
  const server = oidc.serverMetadata()
  const endpoints = withOverrides(options, {
    authorizeUrl: server.authorization_endpoint ?? '',
    tokenUrl: server.token_endpoint ?? '',
    userdataUrl: server.userinfo_endpoint ?? '',
  })
  return { ...shared, oidc, endpoints, issuer: server.issuer }
}

/** What the administrator names counts; a provider's own issuer only where its addresses were not replaced. */
function issuerOf(options: Options, provider: Provider): string | null {
  if (options.oidcIssuer) return options.oidcIssuer
  if (options.tokenUrl || fromEnv('OAUTH2_TOKEN_URL')) return null
  return provider.issuer?.(options) ?? null
}

function withOverrides(options: Options, own: Endpoints): Endpoints {
  return {
    authorizeUrl: options.authorizeUrl || fromEnv('OAUTH2_AUTHORIZE_URL') || own.authorizeUrl,
    tokenUrl: options.tokenUrl || fromEnv('OAUTH2_TOKEN_URL') || own.tokenUrl,
    userdataUrl: options.userdataUrl || fromEnv('OAUTH2_USERDATA_URL') || own.userdataUrl,
  }
}

function requiredUrls({ authorizeUrl, tokenUrl, userdataUrl }: Endpoints, options: Options): readonly string[] {
  const needed = {
    authorize_url: authorizeUrl,
    token_url: tokenUrl,
    ...(options.userdataFromIdToken ? {} : { userdata_url: userdataUrl }),
  }
  return Object.entries(needed)
    .filter(([, url]) => !URL.canParse(url))
    .map(([name]) => name)
}

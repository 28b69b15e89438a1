/** What the configuration and the environment say about one provider, made ready. */
import type { OAuthSettings, ProviderSettings } from '#config'
import type { AuthenticatorDeps } from '../contract.ts'
import type { Provider } from './provider.ts'

export type Options = OAuthSettings & Partial<ProviderSettings>

/** Read at each use: the configuration may change while the hub runs. */
export function optionsOf({ own }: Pick<AuthenticatorDeps, 'own'>): Options {
  // Safe: `config` gives each way the options of its class.
  return own().options as unknown as Options
}

/** The client at the provider; variables of the environment count where the configuration says nothing. */
export function clientOf({ clientId, clientSecret }: Options, { env }: Provider): { id: string; secret: string } {
  return {
    id: clientId || fromEnv(`${env}_CLIENT_ID`) || fromEnv('OAUTH_CLIENT_ID'),
    secret: clientSecret || fromEnv(`${env}_CLIENT_SECRET`) || fromEnv('OAUTH_CLIENT_SECRET'),
  }
}

export function scopeOf({ scope }: Options, provider: Provider): readonly string[] {
  return [...new Set([...(scope ?? provider.scope), ...(provider.forcedScope ?? [])])]
}

export function usernameClaimOf(options: Options, provider: Provider): string {
  return options.usernameClaim || options.usernameKey || fromEnv('OAUTH2_USERNAME_KEY') || provider.usernameClaim
}

export function callbackUrlOf({ oauthCallbackUrl }: Options): string {
  return oauthCallbackUrl || fromEnv('OAUTH_CALLBACK_URL')
}

export function logoutUrlOf({ logoutRedirectUrl }: Options): string {
  return logoutRedirectUrl || fromEnv('OAUTH_LOGOUT_REDIRECT_URL')
}

export function fromEnv(name: string): string {
  return process.env[name] ?? ''
}

/** Written with or without a scheme and a slash at its end. */
export function origin(written: string): string {
  const url = /^https?:\/\//.test(written) ? written : `https://${written}`
  return url.replace(/\/+$/, '')
}

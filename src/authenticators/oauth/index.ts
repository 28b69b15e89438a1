import type { Authenticator, AuthenticatorDeps, Denial } from '../contract.ts'
import { errors } from '../errors.ts'
import { begin, callbackPath, loginPath } from './begin.ts'
import { callback } from './callback.ts'
import type { OAuthClient } from './client.ts'
import { Discovery } from './oidc.ts'
import { clientOf, fromEnv, optionsOf } from './options.ts'
import type { Provider } from './provider.ts'
import { providers } from './providers/index.ts'
import { refresh } from './refresh.ts'
import { backChannelLogout, frontChannelLogout, signOut } from './sign-out.ts'

/** OAuth 2 and OpenID Connect, for all providers. Errors: OPTION_MISSING. */
export async function create(deps: AuthenticatorDeps): Promise<Authenticator> {
  const { name, id, className, rules } = deps.own()
  const provider: Provider = await providers[name]!()
  if (clientOf(optionsOf(deps), provider).id === '') throw errors.OPTION_MISSING({ className, names: ['client_id'] })
  const client: OAuthClient = { deps, provider, discovery: new Discovery(deps.clock) }
  return {
    name,
    id,
    service: rules.loginService || fromEnv('LOGIN_SERVICE') || provider.service,
    kind: 'redirect',
    asksPassword: false,
    signInPath: loginPath,
    routes: [
      { method: 'GET', path: loginPath, from: 'people', run: (visit) => begin(client, visit) },
      { method: 'GET', path: callbackPath, from: 'people', run: (visit) => callback(client, visit) },
      {
        method: 'POST',
        path: 'oauth_backchannel_logout',
        from: 'programs',
        run: (visit) => backChannelLogout(client, visit),
      },
      {
        method: 'GET',
        path: 'oauth_frontchannel_logout',
        from: 'other-sites',
        run: (visit) => frontChannelLogout(client, visit),
      },
    ],
    authenticate: async () => noForm,
    refresh: (known) => refresh(client, known),
    signOut: (session, visit) => signOut(client, session, visit),
  }
}

const noForm: Denial = { kind: 'denied', code: 'NO_FORM', message: 'There is no form to sign in with here.' }

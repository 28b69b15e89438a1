import { errors } from '../../errors.ts'
import { denied } from '../denials.ts'
import { fromEnv, type Options } from '../options.ts'
import type { Provider } from '../provider.ts'

/** The user name is the e-mail address, so that one which nobody has verified is nobody's. */
export const auth0: Provider = {
  userKey: 'auth0_user',
  service: 'Auth0',
  env: 'AUTH0',
  usernameClaim: 'email',
  scope: [],
  subjectField: 'sub',
  endpoints: (options) => ({
    authorizeUrl: `https://${domainOf(options)}/authorize`,
    tokenUrl: `https://${domainOf(options)}/oauth/token`,
    userdataUrl: `https://${domainOf(options)}/userinfo`,
  }),
  async complete(model, { options }) {
    const isByMail = (options.usernameClaim || 'email') === 'email'
    if (isByMail && !options.allowUnverifiedEmail && model.user.email_verified !== true) {
      return denied.mailNotVerified(model.user)
    }
    return model
  },
}

function domainOf({ auth0Domain, auth0Subdomain, tokenUrl }: Options): string {
  const subdomain = auth0Subdomain || fromEnv('AUTH0_SUBDOMAIN')
  const domain = auth0Domain || fromEnv('AUTH0_DOMAIN') || (subdomain && `${subdomain}.auth0.com`)
  if (!domain && !tokenUrl) throw errors.OPTION_MISSING({ className: 'Auth0OAuthenticator', names: ['auth0_domain'] })
  return domain || 'auth0.invalid'
}

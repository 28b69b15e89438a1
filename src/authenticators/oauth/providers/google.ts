import { textAt } from '../claims.ts'
import { denied } from '../denials.ts'
import { fromEnv, type Options, origin } from '../options.ts'
import { ownRule, type Provider } from '../provider.ts'
import { googleGroups } from './google-groups.ts'

/** `hd` is what Google says the account's organisation is; the domain of an address alone proves nothing. */
export const google: Provider = {
  userKey: 'google_user',
  service: 'Google',
  env: 'GOOGLE',
  usernameClaim: 'email',
  scope: ['openid', 'email'],
  issuer: (options) => (options.googleApiUrl || fromEnv('GOOGLE_API_URL') ? null : 'https://accounts.google.com'),
  endpoints: (options) => {
    const api = origin(options.googleApiUrl || fromEnv('GOOGLE_API_URL') || 'https://www.googleapis.com')
    return {
      authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: `${api}/oauth2/v4/token`,
      userdataUrl: `${api}/oauth2/v1/userinfo`,
    }
  },
  authorizeParams: (options) => {
    const [only, ...others] = hostedDomains(options)
    return only && others.length === 0 ? { hd: only } : {}
  },
  userName({ user }, options) {
    const claim = options.usernameClaim || google.usernameClaim
    const name = textAt(user, claim)
    return name === null ? denied.claimMissing(claim, user) : stripped(name, options)
  },
  async complete(model, api) {
    const { user } = model
    if ((user.verified_email ?? user.email_verified) !== true) return denied.mailNotVerified(user)
    const domain = String(user.hd ?? '').toLowerCase()
    const only = hostedDomains(api.options)
    if (only.length > 0 && !only.includes(domain)) return denied.restricted('hosted_domain', only.join(', '), user)
    const wants = (api.options.allowedHostedDomains ?? []).map((one) => one.toLowerCase())
    const { groups, ...byGroups } = await googleGroups(model, api, domain)
    const known = { ...user, domain, google_groups: groups }
    return {
      ...model,
      user: known,
      authState: { ...model.authState, google_user: known },
      groups,
      isAdmin: byGroups.isAdmin ?? model.isAdmin,
      rules: [...ownRule(api, 'allowed_hosted_domains', { wants, isMet: wants.includes(domain) }), ...byGroups.rules],
    }
  },
}

function hostedDomains({ hostedDomain = [] }: Options): readonly string[] {
  const written = hostedDomain.length > 0 ? hostedDomain : fromEnv('HOSTED_DOMAIN').split(';')
  return written.map((one) => one.trim().toLowerCase()).filter(Boolean)
}

/** The domain goes where it can be but one. */
function stripped(name: string, options: Options): string {
  const domains = hostedDomains(options)
  const strips = options.stripDomain ?? domains.length <= 1
  const [local = '', domain = ''] = name.split('@')
  return strips && domains.includes(domain.toLowerCase()) ? local : name
}

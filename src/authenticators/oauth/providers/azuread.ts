import { denied } from '../denials.ts'
import { verifiedClaims } from '../id-token.ts'
import { fromEnv, type Options, origin } from '../options.ts'
import type { Provider } from '../provider.ts'

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Microsoft Entra ID. The addresses of version 1, as in the original, but its tokens are verified; `oidc_issuer` for version 2. */
export const azuread: Provider = {
  userKey: 'user',
  service: 'Azure AD',
  env: 'AAD',
  usernameClaim: 'name',
  scope: [],
  subjectField: 'oid',
  endpoints: (options) => ({
    authorizeUrl: `${site(options)}/oauth2/authorize`,
    tokenUrl: `${site(options)}/oauth2/token`,
    userdataUrl: `${site(options)}/openid/userinfo`,
  }),
  readIdToken: async (token, { options, http, clientId }) =>
    verifiedClaims(
      token,
      { http, jwksUrl: `${site(options)}/discovery/keys` },
      { audience: clientId, now: Date.now(), issuer: (issuer, claims) => isOfTenant(issuer, claims.tid, options) },
    ),
  groupsKey: ({ userGroupsClaim }) => `user.${userGroupsClaim || 'groups'}`,
  async complete(model) {
    const { user } = model
    if (hasOverage(user))
      return denied.notTrusted('more than 200 groups: the token leaves them out; let it hold only assigned groups')
    return model
  },
}

function tenantOf({ tenantId }: Options): string {
  return tenantId || fromEnv('AAD_TENANT_ID') || 'common'
}

function site(options: Options): string {
  return `${origin(options.graphUrl || 'https://login.microsoftonline.com')}/${tenantOf(options)}`
}

/** The issuer names the tenant of the account, which must be ours where we have one. */
function isOfTenant(issuer: string, tid: unknown, options: Options): boolean {
  if (typeof tid !== 'string' || !guid.test(tid)) return false
  const tenant = tenantOf(options)
  if (guid.test(tenant) && tenant.toLowerCase() !== tid.toLowerCase()) return false
  const issuers = [
    `https://sts.windows.net/${tid}/`,
    `${origin(options.graphUrl || 'https://login.microsoftonline.com')}/${tid}/v2.0`,
  ]
  return issuers.includes(issuer)
}

/** Of many groups the token holds a reference only. */
function hasOverage(user: Readonly<Record<string, unknown>>): boolean {
  const names = user._claim_names
  return typeof names === 'object' && names !== null && 'groups' in names
}

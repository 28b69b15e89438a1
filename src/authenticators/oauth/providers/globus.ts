import { textAt } from '../claims.ts'
import { denied } from '../denials.ts'
import { bearer, jsonList } from '../http.ts'
import type { Options } from '../options.ts'
import { type Api, type Model, ownRule, type Provider } from '../provider.ts'

const auth = 'https://auth.globus.org/v2/oauth2'
const groupsScope = 'urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships'

/** One sign-in gives tokens for several services; they stand in the auth state by service. */
export const globus: Provider = {
  userKey: 'globus_user',
  service: 'Globus',
  env: 'GLOBUS',
  usernameClaim: 'preferred_username',
  scope: ['openid', 'profile', 'urn:globus:auth:scope:transfer.api.globus.org:all', groupsScope],
  subjectField: 'sub',
  endpoints: () => ({ authorizeUrl: `${auth}/authorize`, tokenUrl: `${auth}/token`, userdataUrl: `${auth}/userinfo` }),
  userName({ user }, options) {
    const claim = options.usernameFromEmail ? 'email' : options.usernameClaim || globus.usernameClaim
    const name = textAt(user, claim)
    return name === null ? denied.claimMissing(claim, user) : name.split('@', 1)[0]!
  },
  async complete(model, api) {
    const { identityProvider = '' } = api.options
    const foreign = identityProvider !== '' && domainOf(model) !== identityProvider.toLowerCase()
    if (foreign) return denied.restricted('identity_provider', identityProvider, model.user)
    const tokens = tokensOf(model, api.options)
    const { allowedGlobusGroups: wants = [], adminGlobusGroups: admins = [] } = api.options
    const asked = wants.length > 0 || admins.length > 0 || api.wantsGroups
    const groups = asked ? await groupsOf(model, api) : []
    const isIn = (ids: readonly string[]) => ids.some((id) => groups.includes(id))
    return {
      ...model,
      groups,
      isAdmin: admins.length > 0 && isIn(admins) ? true : model.isAdmin,
      rules: ownRule(api, 'allowed_globus_groups', { wants, isMet: isIn(wants) }),
      authState: { ...model.authState, client_id: api.options.clientId, tokens, globus_groups: groups },
    }
  },
}

/** Of the user name that the provider vouches for, not of an address that anybody can set. */
function domainOf({ user }: Model): string {
  return (textAt(user, 'preferred_username') ?? '').split('@', 2)[1]?.toLowerCase() ?? ''
}

type Tokens = Readonly<Record<string, Readonly<Record<string, unknown>>>>

function allTokens({ authState }: Model): Tokens {
  const answer = (authState.token_response ?? {}) as Readonly<Record<string, unknown>>
  const others = (Array.isArray(answer.other_tokens) ? answer.other_tokens : []) as Readonly<Record<string, unknown>>[]
  return Object.fromEntries([answer, ...others].map((one) => [String(one.resource_server ?? ''), one]))
}

function tokensOf(model: Model, { excludeTokens = [] }: Options): Tokens {
  return Object.fromEntries(Object.entries(allTokens(model)).filter(([server]) => !excludeTokens.includes(server)))
}

async function groupsOf(model: Model, { http, options }: Api): Promise<readonly string[]> {
  const token = textAt(allTokens(model)['groups.api.globus.org'], 'access_token')
  if (token === null) return []
  const answer = await http.ask(options.globusGroupsUrl ?? '', { headers: bearer(token) })
  return answer.status < 400
    ? jsonList(answer)
        .map((one) => textAt(one, 'id'))
        .filter((id) => id !== null)
    : []
}

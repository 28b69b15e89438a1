/** Configurations and people, for both oauthenticator and ours. */
export interface PeerCase {
  readonly name: string
  readonly module: string
  readonly class: string
  /** The short name of the class. */
  readonly way: string
  readonly traits: Readonly<Record<string, unknown>>
  readonly user: Readonly<Record<string, unknown>>
  readonly tokens: Readonly<Record<string, unknown>>
  /** Statuses by address, for what is asked besides. */
  readonly answers: Readonly<Record<string, number>>
}

type Given = Partial<Pick<PeerCase, 'traits' | 'user' | 'answers'>> & { readonly scope?: string }

function makes(way: string, className: string, module: string, base: Given) {
  return (name: string, given: Given): PeerCase => ({
    name: `${way}: ${name}`,
    module: `oauthenticator.${module}`,
    class: className,
    way,
    traits: { ...base.traits, ...given.traits },
    user: { ...base.user, ...given.user },
    tokens: { access_token: 'a-token', token_type: 'bearer', scope: given.scope ?? 'openid' },
    answers: given.answers ?? {},
  })
}

const generic = makes('generic-oauth', 'GenericOAuthenticator', 'generic', {
  user: { username: 'Ada', groups: ['lab', 'staff'] },
})

const users: readonly (readonly [string, object])[] = [
  ['nobody listed', {}],
  ['listed', { allowed_users: ['ada'] }],
  ['listed in capitals', { allowed_users: ['ADA'] }],
  ['another listed', { allowed_users: ['bob'] }],
  ['all', { allow_all: true }],
]
const admins: readonly (readonly [string, object])[] = [
  ['no administrator', {}],
  ['an administrator', { admin_users: ['ada'] }],
  ['another administrator', { admin_users: ['bob'] }],
]
const blocks: readonly (readonly [string, object])[] = [
  ['not blocked', {}],
  ['blocked', { blocked_users: ['ada'] }],
]
const groups: readonly (readonly [string, object])[] = [
  ['no groups', {}],
  ['groups without rules', { manage_groups: true }],
  ['an allowed group', { manage_groups: true, allowed_groups: ['lab'] }],
  ['another allowed group', { manage_groups: true, allowed_groups: ['other'] }],
  ['an administrators group', { manage_groups: true, admin_groups: ['staff'] }],
  ['another administrators group', { manage_groups: true, admin_groups: ['other'] }],
  ['both', { manage_groups: true, allowed_groups: ['lab'], admin_groups: ['other'] }],
]

const product = users.flatMap(([u, user]) =>
  admins.flatMap(([a, admin]) =>
    blocks.flatMap(([b, block]) =>
      groups.map(([g, group]) =>
        generic([u, a, b, g].join(', '), { traits: { ...user, ...admin, ...block, ...group } }),
      ),
    ),
  ),
)

const open = { allow_all: true }
const genericMore = [
  generic('another claim', { traits: { ...open, username_claim: 'email' }, user: { email: 'A@X.org' } }),
  generic('a claim that is not there', { traits: { ...open, username_claim: 'email' } }),
  generic('a mapped name', { traits: { ...open, username_map: { ada: 'countess' } } }),
  generic('a name that does not fit', { traits: { ...open, username_pattern: 'b.*' } }),
  generic('a name with a slash', { traits: open, user: { username: 'a/b' } }),
  generic('an empty name', { traits: open, user: { username: '' } }),
  generic('granted scopes', { traits: { scope: ['openid', 'x'], allowed_scopes: ['x'] }, scope: 'openid x' }),
  generic('scopes that were not granted', { traits: { scope: ['openid', 'x'], allowed_scopes: ['x'] } }),
  generic('some of the scopes', { traits: { scope: ['x', 'y'], allowed_scopes: ['x', 'y'] }, scope: 'x' }),
  generic('another groups claim', {
    traits: { manage_groups: true, claim_groups_key: 'roles', allowed_groups: ['r'] },
    user: { roles: ['r'] },
  }),
  generic('groups by a path', {
    traits: { manage_groups: true, auth_state_groups_key: 'oauth_user.a.b', allowed_groups: ['r'] },
    user: { a: { b: ['r'] } },
  }),
  generic('a path that leads nowhere', {
    traits: { manage_groups: true, auth_state_groups_key: 'oauth_user.a.b', allowed_groups: ['r'] },
  }),
]

const github = makes('github', 'GitHubOAuthenticator', 'github', { user: { login: 'Ada', id: 7, email: 'a@x.org' } })
const member = (path: string, status: number) => ({ [`https://api.github.com/${path}`]: status })
const githubCases = [
  github('a member of the organisation', {
    traits: { allowed_organizations: ['org'] },
    answers: member('orgs/org/members/ada', 204),
  }),
  github('no member', { traits: { allowed_organizations: ['org'] }, answers: member('orgs/org/members/ada', 404) }),
  github('a redirect is no membership', {
    traits: { allowed_organizations: ['org'] },
    answers: member('orgs/org/members/ada', 302),
  }),
  github('a member of the team', {
    traits: { allowed_organizations: ['org:team'] },
    answers: member('orgs/org/teams/team/members/ada', 204),
  }),
  github('no member of the team', {
    traits: { allowed_organizations: ['org:team'] },
    answers: member('orgs/org/members/ada', 204),
  }),
  github('of the second organisation', {
    traits: { allowed_organizations: ['a', 'b'] },
    answers: member('orgs/b/members/ada', 204),
  }),
  github('listed, no member', { traits: { allowed_organizations: ['org'], allowed_users: ['ada'] } }),
  github('blocked, a member', {
    traits: { allowed_organizations: ['org'], blocked_users: ['ada'] },
    answers: member('orgs/org/members/ada', 204),
  }),
  github('without any rule', {}),
]

const google = makes('google', 'GoogleOAuthenticator', 'google', {
  user: { email: 'Ada@x.org', verified_email: true, hd: 'x.org', id: '1' },
})
const googleCases = [
  google('open', { traits: open }),
  google('of the hosted domain', { traits: { ...open, hosted_domain: 'x.org' } }),
  google('of another hosted domain', { traits: { ...open, hosted_domain: 'y.org' } }),
  google('of one of two hosted domains', { traits: { ...open, hosted_domain: ['x.org', 'y.org'] } }),
  google('an address of the domain, but no account of it', {
    traits: { ...open, hosted_domain: 'x.org' },
    user: { hd: '' },
  }),
  google('an account of the domain, with another address', {
    traits: { ...open, hosted_domain: 'x.org' },
    user: { email: 'ada@gmail.com' },
  }),
  google('an address that nobody verified', { traits: open, user: { verified_email: false } }),
  google('the hosted domain lets nobody in by itself', { traits: { hosted_domain: 'x.org' } }),
  google('listed without the domain', { traits: { hosted_domain: 'x.org', allowed_users: ['ada'] } }),
  google('the domain is not taken off', { traits: { ...open, hosted_domain: 'x.org', strip_domain: false } }),
  google('the domain is taken off of several', {
    traits: { ...open, hosted_domain: ['x.org', 'y.org'], strip_domain: true },
  }),
]

const idp = 'https://idp.x.org/shibboleth'
const cilogon = makes('cilogon', 'CILogonOAuthenticator', 'cilogon', {
  user: { idp, eppn: 'Ada@X.org', email: 'ada.l@mail.x.org', sub: 'http://cilogon.org/serverA/users/1' },
})
const idps = (given: object, claim: object = { username_claim: 'eppn' }) => ({
  allowed_idps: { [idp]: { username_derivation: claim, ...given } },
})
const cilogonCases = [
  cilogon('all of the provider', { traits: idps({ allow_all: true }) }),
  cilogon('nobody by itself', { traits: idps({}) }),
  cilogon('everybody of all', { traits: { ...idps({}), ...open } }),
  cilogon('of another provider', { traits: { ...idps({}), ...open }, user: { idp: 'https://evil' } }),
  cilogon('without a provider', { traits: { ...idps({}), ...open }, user: { idp: null } }),
  cilogon('by mail', { traits: idps({ allow_all: true }, { username_claim: 'email' }) }),
  cilogon('a claim that is not there', { traits: idps({ allow_all: true }, { username_claim: 'uid' }) }),
  cilogon('without the domain', {
    traits: idps({ allow_all: true }, { username_claim: 'eppn', action: 'strip_idp_domain', domain: 'x.org' }),
  }),
  cilogon('without another domain', {
    traits: idps({ allow_all: true }, { username_claim: 'eppn', action: 'strip_idp_domain', domain: 'y.org' }),
  }),
  cilogon('with a prefix', {
    traits: idps({ allow_all: true }, { username_claim: 'eppn', action: 'prefix', prefix: 'x' }),
  }),
  cilogon('an allowed domain', { traits: idps({ allowed_domains: ['x.org'] }) }),
  cilogon('an allowed domain by a pattern', {
    traits: idps({ allowed_domains: ['*.x.org'] }, { username_claim: 'email' }),
  }),
  cilogon('a pattern that is not for the domain itself', { traits: idps({ allowed_domains: ['*.x.org'] }) }),
  cilogon('another allowed domain', { traits: idps({ allowed_domains: ['y.org'] }) }),
  cilogon('an allowed domain of another claim', {
    traits: idps({ allowed_domains: ['mail.x.org'], allowed_domains_claim: 'email' }),
  }),
  cilogon('an allowed domain, looked at before the name is changed', {
    traits: idps(
      { allowed_domains: ['x.org'] },
      { username_claim: 'eppn', action: 'strip_idp_domain', domain: 'x.org' },
    ),
  }),
  cilogon('listed', { traits: { ...idps({}), allowed_users: ['ada@x.org'] } }),
  cilogon('blocked', { traits: { ...idps({ allow_all: true }), blocked_users: ['ada@x.org'] } }),
]

const auth0 = makes('auth0', 'Auth0OAuthenticator', 'auth0', {
  traits: { auth0_domain: 'x.auth0.com', ...open },
  user: { sub: 'a|1', email: 'ada@x.org', email_verified: true },
})
const auth0Cases = [
  auth0('a verified address', {}),
  auth0('an address that nobody verified', { user: { email_verified: false } }),
  auth0('an address that nobody says is verified', { user: { email_verified: null } }),
  auth0('unverified, where that is allowed', {
    traits: { allow_unverified_email: true },
    user: { email_verified: false },
  }),
]

export const peerCases: readonly PeerCase[] = [
  ...product,
  ...genericMore,
  ...githubCases,
  ...googleCases,
  ...cilogonCases,
  ...auth0Cases,
]

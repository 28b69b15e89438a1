/** `auth.*` of the charts before 0.11 as `hub.config`. */
import type { LegacyRule, Move } from './rules.ts'

interface Provider {
  readonly className: string
  /** The value of authenticator_class. */
  readonly name: string
  /** Old key, dots for maps within → trait. */
  readonly traits: Readonly<Record<string, string>>
}

const client = { clientId: 'client_id', clientSecret: 'client_secret', callbackUrl: 'oauth_callback_url' }

const providers: Readonly<Record<string, Provider>> = {
  google: {
    className: 'GoogleOAuthenticator',
    name: 'google',
    traits: { ...client, hostedDomain: 'hosted_domain', loginService: 'login_service' },
  },
  github: {
    className: 'GitHubOAuthenticator',
    name: 'github',
    traits: {
      ...client,
      orgWhitelist: 'allowed_organizations',
      org_whitelist: 'allowed_organizations',
      allowedOrganizations: 'allowed_organizations',
    },
  },
  cilogon: { className: 'CILogonOAuthenticator', name: 'cilogon', traits: client },
  gitlab: {
    className: 'GitLabOAuthenticator',
    name: 'gitlab',
    traits: {
      ...client,
      gitlabGroupWhitelist: 'allowed_gitlab_groups',
      allowedGitlabGroups: 'allowed_gitlab_groups',
      gitlabProjectIdWhitelist: 'allowed_project_ids',
      allowedProjectIds: 'allowed_project_ids',
      gitlabUrl: 'gitlab_url',
    },
  },
  azuread: {
    className: 'AzureAdOAuthenticator',
    name: 'azuread',
    traits: { ...client, tenantId: 'tenant_id', usernameClaim: 'username_claim' },
  },
  mediawiki: { className: 'MWOAuthenticator', name: 'mediawiki', traits: { ...client, indexUrl: 'mw_index_url' } },
  globus: {
    className: 'GlobusOAuthenticator',
    name: 'globus',
    traits: { ...client, identityProvider: 'identity_provider' },
  },
  hmac: {
    className: 'HMACAuthenticator',
    name: 'hmacauthenticator.HMACAuthenticator',
    traits: { secretKey: 'secret_key' },
  },
  dummy: { className: 'DummyAuthenticator', name: 'dummy', traits: { password: 'password' } },
  tmp: { className: 'TmpAuthenticator', name: 'tmpauthenticator.TmpAuthenticator', traits: {} },
  lti: { className: 'LTIAuthenticator', name: 'ltiauthenticator.LTIAuthenticator', traits: { consumers: 'consumers' } },
  ldap: {
    className: 'LDAPAuthenticator',
    name: 'ldapauthenticator.LDAPAuthenticator',
    traits: {
      'server.address': 'server_address',
      'server.port': 'server_port',
      'server.ssl': 'use_ssl',
      allowedGroups: 'allowed_groups',
      'dn.templates': 'bind_dn_template',
      'dn.lookup': 'lookup_dn',
      'dn.search.filter': 'lookup_dn_search_filter',
      'dn.search.user': 'lookup_dn_search_user',
      'dn.search.password': 'lookup_dn_search_password',
      'dn.user.dnAttribute': 'lookup_dn_user_dn_attribute',
      'dn.user.escape': 'escape_userdn',
      'dn.user.validRegex': 'valid_username_regex',
      'dn.user.searchBase': 'user_search_base',
      'dn.user.attribute': 'user_attribute',
      'dn.user.useLookupName': 'use_lookup_dn_username',
    },
  },
}

const charts = '0.4–0.10'
const config = (className: string, trait: string) => ['hub', 'config', className, trait]
const rule = (from: string, moves: (value: unknown) => readonly Move[] | null): LegacyRule => ({
  from: ['auth', ...from.split('.')],
  charts,
  moves,
})
const to = (from: string, className: string, trait: string) => rule(from, () => [{ to: config(className, trait) }])

/** `auth.custom.config` belongs to the class that `auth.custom.className` names; so it depends on the file. */
export function authRules(auth: unknown): readonly LegacyRule[] {
  const className = customClass(auth)
  return [
    rule('type', (type) => authenticatorClass(type, auth)),
    rule('custom.config', (value) => {
      if (typeof value !== 'object' || value === null || !className) return []
      return Object.entries(value).map(([trait, one]) => ({ to: config(className, trait), value: one }))
    }),
    // The class stands in auth.type's move.
    rule('custom.className', () => []),
    ...Object.entries(providers).flatMap(([key, provider]) =>
      Object.entries(provider.traits).map(([from, trait]) => to(`${key}.${from}`, provider.className, trait)),
    ),
    to('scopes', 'OAuthenticator', 'scope'),
    to('state.enabled', 'Authenticator', 'enable_auth_state'),
    rule('state.cryptoKey', (value) => (value ? [{ to: config('CryptKeeper', 'keys'), value: [value] }] : [])),
    to('admin.access', 'JupyterHub', 'admin_access'),
    to('admin.users', 'Authenticator', 'admin_users'),
    to('whitelist.users', 'Authenticator', 'allowed_users'),
    to('allowedUsers', 'Authenticator', 'allowed_users'),
  ]
}

function authenticatorClass(type: unknown, auth: unknown): readonly Move[] | null {
  const name = type === 'custom' ? customName(auth) : providers[String(type)]?.name
  return name ? [{ to: config('JupyterHub', 'authenticator_class'), value: name }] : null
}

function customName(auth: unknown): string | null {
  const name = (auth as { custom?: { className?: unknown } } | null)?.custom?.className
  return typeof name === 'string' ? name : null
}

function customClass(auth: unknown): string | null {
  return customName(auth)?.split(/[.:]/).at(-1) ?? null
}

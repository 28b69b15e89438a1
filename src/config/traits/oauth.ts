import { flag, freeMap, map, names, oneOf, record, secret, text, texts, words } from '../schema/kinds.ts'
import { hook, idle, later, option, optionTable, refused } from './table.ts'

const groupsByDomain = map(names())

/** `hub.config.OAuthenticator`: what all OAuth 2 classes have. */
export const oauthenticator = optionTable({
  oidc_issuer: option(
    text({ format: 'url' }),
    null,
    'The issuer of OpenID Connect, e.g. https://idp.example.org/realms/x: addresses and keys are learned from it.',
  ),
  authorize_url: option(text(), '', 'Where the browser is sent to sign in.'),
  token_url: option(text(), '', 'Where the hub gets the token.'),
  userdata_url: option(text(), '', 'Where the hub learns who it is.'),
  userdata_from_id_token: option(flag(), false, 'Take the user from the ID token instead.'),
  username_claim: option(text(), null, 'The field that holds the user name; with dots, one within others.'),
  username_transform: option(
    texts(),
    [],
    'What is done to the user name, in this order: lower, local_part (what stands before the @), strip_domain:DOMAIN, prefix:TEXT, replace:THIS:THAT, slug, hmac (a pseudonym by username_hmac_key).',
  ),
  username_hmac_key: option(secret(), null, 'The key of the pseudonyms that username_transform makes.'),
  userdata_params: option(freeMap(), {}, 'More parameters for userdata_url.'),
  userdata_token_method: option(oneOf(['header', 'url']), 'header', 'How the token is sent: header or url.'),
  userdata_method: idle('userdata_url is always asked with GET, as in the original since version 16.'),
  token_params: option(freeMap(), {}, 'More parameters for token_url.'),
  extra_authorize_params: option(freeMap(), {}, 'More parameters for authorize_url.'),
  scope: option(words(), null, 'What is asked for.'),
  allowed_scopes: option(words(), [], 'Whoever was granted all of these may enter.'),
  oauth_callback_url: option(text(), '', 'The address to come back to; it ends in /hub/oauth_callback.'),
  basic_auth: option(flag(), false, 'Send client_id and client_secret as a header.'),
  enable_pkce: option(flag(), true, 'Use PKCE.'),
  client_id: option(text(), '', 'The name of the hub at the provider.'),
  client_secret: option(secret(), '', 'Its password there.'),
  validate_server_cert: option(flag(), null, "Check the provider's certificate."),
  tls_verify: option(flag(), null, "Check the provider's certificate."),
  http_request_kwargs: option(
    freeMap(),
    {},
    'Settings of requests to the provider: proxy_host, proxy_port, ca_certs, request_timeout, validate_cert.',
  ),
  logout_redirect_url: option(text(), '', 'Where signing out leads to.'),
  logout_at_provider: option(flag(), false, 'Signing out here signs out at the provider, too (OpenID Connect).'),
  auth_state_groups_key: option(text(), '', 'Where in the auth state the groups stand, with dots.'),
  groups_map: option(map(text()), {}, 'Other names for groups; the rest keep theirs.'),
  extra_requests: option(
    map(text({ format: 'url' })),
    {},
    'More to ask the provider with the token: what comes back stands in the auth state under the name given here.',
  ),
  refresh_exempt_users: option(
    names(),
    [],
    'Users who are not asked for again at the provider, e.g. of a health check.',
  ),
  modify_auth_state_hook: hook(
    'extra_requests adds answers of the provider to the auth state; postAuth in hub.extraConfig changes it (docs/hooks.md).',
  ),
  refresh_user_hook: hook('refresh_exempt_users names those who are not asked for again.'),
})

export const generic = optionTable({
  login_service: option(text(), null, 'What the page calls this way of signing in.'),
  claim_groups_key: option(text(), 'groups', 'The field that holds the groups; auth_state_groups_key says more.'),
  username_key: option(text(), null, 'It is called username_claim now.'),
  extra_params: option(freeMap(), {}, 'It is called token_params now.'),
})

export const github = optionTable({
  github_url: option(text(), null, 'The address of GitHub.'),
  github_api: option(text(), null, 'The address of its API.'),
  github_client_id: idle('It has no effect in the original.'),
  allowed_organizations: option(names(), [], 'Members of these organisations (or org:team) may enter.'),
  populate_teams_in_auth_state: option(flag(), false, 'Keep the teams in the auth state.'),
})

export const gitlab = optionTable({
  gitlab_url: option(text(), null, 'The address of GitLab.'),
  gitlab_api: option(text(), null, 'The address of its API.'),
  gitlab_api_version: option(text(), '4', 'The version of its API.'),
  gitlab_version: idle('Every GitLab since 12.4 (2019) is asked for inherited members, too.'),
  allowed_gitlab_groups: option(names(), [], 'Members of these groups may enter.'),
  allowed_project_ids: option(names(), [], 'Developers of these projects may enter.'),
})

export const google = optionTable({
  google_api_url: option(text(), null, 'The address of the API.'),
  hosted_domain: option(words(), [], 'Only accounts of these domains may sign in.'),
  allowed_hosted_domains: option(words(), [], 'Accounts of these domains may enter.'),
  strip_domain: option(flag(), null, 'User names have no domain.'),
  allowed_google_groups: option(groupsByDomain, {}, 'Members of these groups may enter.'),
  admin_google_groups: option(groupsByDomain, {}, 'Members of these groups are administrators.'),
  google_service_account_keys: option(map(text()), {}, 'Files with keys for reading the groups, by domain.'),
  gsuite_administrator: option(map(text()), {}, 'In whose name the groups are read, by domain.'),
  include_nested_groups: option(flag(), false, 'Groups within groups count.'),
})

export const azuread = optionTable({
  graph_url: option(text(), null, 'The address of the provider.'),
  tenant_id: option(text(), null, 'The directory.'),
  user_groups_claim: option(text(), '', 'It is called auth_state_groups_key now.'),
})

export const auth0 = optionTable({
  auth0_domain: option(text(), null, 'The domain at Auth0.'),
  auth0_subdomain: option(text(), null, 'Its first part.'),
  allow_unverified_email: option(flag(), false, 'Addresses that nobody verified count.'),
})

export const bitbucket = optionTable({
  allowed_teams: option(names(), [], 'Members of these workspaces may enter.'),
})

const derivation = record(
  { username_claim: text(), action: oneOf(['strip_idp_domain', 'prefix']), domain: text(), prefix: text() },
  { expected: 'username_claim, action, domain and prefix' },
)
const idp = record({
  username_derivation: derivation,
  default: flag(),
  allow_all: flag(),
  allowed_domains: names(),
  allowed_domains_claim: text(),
})

const oldIdp = refused('Write allowed_idps: a map from the entity ID of each provider to its username_derivation.')

export const cilogon = optionTable({
  cilogon_host: option(text(), null, 'The address of CILogon.'),
  idps: option(map(idp), {}, 'Identity providers, by their entity ID.'),
  allowed_idps: option(map(idp), {}, 'Identity providers, by their entity ID; also called idps.'),
  skin: option(text(), '', 'How the page of CILogon looks.'),
  idp_whitelist: oldIdp,
  idp: oldIdp,
  strip_idp_domain: oldIdp,
  shown_idps: oldIdp,
  additional_username_claims: oldIdp,
})

export const globus = optionTable({
  identity_provider: option(text(), '', 'Only users of this provider may sign in.'),
  username_from_email: option(flag(), false, 'The user name is the e-mail address.'),
  exclude_tokens: option(names(), ['auth.globus.org', 'groups.api.globus.org'], 'Tokens that are not kept.'),
  globus_local_endpoint: option(text(), '', 'The endpoint of the servers.'),
  revoke_tokens_on_logout: option(flag(), false, 'Signing out ends the tokens.'),
  allowed_globus_groups: option(names(), [], 'Members of these groups may enter.'),
  admin_globus_groups: option(names(), [], 'Members of these groups are administrators.'),
  revocation_url: option(text(), 'https://auth.globus.org/v2/oauth2/token/revoke', 'Where tokens are ended.'),
  globus_groups_url: option(text(), 'https://groups.api.globus.org/v2/groups/my_groups', 'Where groups are read.'),
})

export const mediawiki = {
  mw_index_url: later(text(), 'https://meta.wikimedia.org/w/index.php', 'The address of the wiki.'),
  executor_threads: idle('Not used.'),
}

export const openshift = optionTable({
  openshift_url: option(text(), null, 'The address of OpenShift.'),
  openshift_auth_api_url: option(text(), null, 'The address for signing in.'),
  openshift_rest_api_url: option(text(), null, 'The address of its API.'),
  ca_certs: option(text(), null, 'A file with its certificate authority.'),
})

export const canvas = optionTable({
  canvas_url: option(text(), '', 'The address of Canvas.'),
  strip_email_domain: option(text(), '', 'The domain that user names lose.'),
})

export const keycloak = optionTable({
  admin_role: option(text(), '', 'The role of administrators.'),
  allowed_roles: option(names(), [], 'Roles that may enter.'),
  exchange_tokens: refused('Tokens for other services are not exchanged yet.'),
})

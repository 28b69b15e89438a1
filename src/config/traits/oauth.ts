import { anything, either, flag, freeMap, list, map, names, record, secret, text, texts } from '../schema/kinds.ts'
import { hook, later, refused } from './table.ts'

const words = either(texts(), text(), { expected: 'a text, or a list of texts' })
const groupsByDomain = map(names())

/** `hub.config.OAuthenticator`: what all OAuth 2 classes have. */
export const oauthenticator = {
  authorize_url: later(text(), '', 'Where the browser is sent to sign in.'),
  token_url: later(text(), '', 'Where the hub gets the token.'),
  userdata_url: later(text(), '', 'Where the hub learns who it is.'),
  userdata_from_id_token: later(flag(), false, 'Take the user from the ID token instead.'),
  username_claim: later(text(), 'username', 'The field that holds the user name.'),
  userdata_params: later(freeMap(), {}, 'More parameters for userdata_url.'),
  userdata_token_method: later(text(), 'header', 'How the token is sent: header or url.'),
  userdata_method: later(text(), 'GET', 'Older versions asked how userdata_url is called.'),
  token_params: later(freeMap(), {}, 'More parameters for token_url.'),
  extra_authorize_params: later(freeMap(), {}, 'More parameters for authorize_url.'),
  scope: later(words, [], 'What is asked for.'),
  allowed_scopes: later(words, [], 'Whoever was granted these may enter.'),
  oauth_callback_url: later(text(), '', 'The address to come back to; it ends in /hub/oauth_callback.'),
  basic_auth: later(flag(), false, 'Send client_id and client_secret as a header.'),
  enable_pkce: later(flag(), true, 'Use PKCE.'),
  client_id: later(text(), '', 'The name of the hub at the provider.'),
  client_secret: later(secret(), '', 'Its password there.'),
  validate_server_cert: later(flag(), true, "Check the provider's certificate."),
  tls_verify: later(flag(), true, "Check the provider's certificate."),
  http_request_kwargs: later(freeMap(), {}, 'Settings of requests to the provider.'),
  logout_redirect_url: later(text(), '', 'Where signing out leads to.'),
  custom_403_message: later(text(), '', 'What those read who may not enter.'),
  allowed_groups: later(names(), [], 'Whoever is in one of these groups may enter.'),
  admin_groups: later(names(), [], 'Whoever is in one of these groups is an administrator.'),
  auth_state_groups_key: later(text(), '', 'Where in the auth state the groups stand, with dots.'),
  claim_groups_key: later(text(), 'groups', 'The field that holds the groups.'),
  modify_auth_state_hook: hook(
    'Export postAuth from TypeScript in hub.extraConfig, which gets and gives the authState (docs/hooks.md).',
  ),
  refresh_user_hook: hook('There is no setting for it yet.'),
}

export const generic = {
  username_key: later(text(), 'username', 'It is called username_claim now.'),
  extra_params: later(freeMap(), {}, 'It is called token_params now.'),
}

export const github = {
  github_url: later(text(), 'https://github.com', 'The address of GitHub.'),
  github_api: later(text(), '', 'The address of its API.'),
  github_client_id: later(text(), '', 'Not used.'),
  allowed_organizations: later(names(), [], 'Members of these organisations (or org:team) may enter.'),
  populate_teams_in_auth_state: later(flag(), false, 'Keep the teams in the auth state.'),
}

export const gitlab = {
  gitlab_url: later(text(), 'https://gitlab.com', 'The address of GitLab.'),
  gitlab_api: later(text(), '', 'The address of its API.'),
  gitlab_api_version: later(text(), '4', 'The version of its API.'),
  gitlab_version: later(anything(), null, 'The version of GitLab.'),
  allowed_gitlab_groups: later(names(), [], 'Members of these groups may enter.'),
  allowed_project_ids: later(anything(), [], 'Members of these projects may enter.'),
}

export const google = {
  google_api_url: later(text(), 'https://www.googleapis.com', 'The address of the API.'),
  hosted_domain: later(words, [], 'Only these domains may sign in.'),
  allowed_hosted_domains: later(words, [], 'Users of these domains may enter.'),
  strip_domain: later(flag(), null, 'User names have no domain.'),
  allowed_google_groups: later(groupsByDomain, {}, 'Members of these groups may enter.'),
  admin_google_groups: later(groupsByDomain, {}, 'Members of these groups are administrators.'),
  google_service_account_keys: later(map(text()), {}, 'Keys for reading the groups.'),
  gsuite_administrator: later(map(text()), {}, 'In whose name the groups are read.'),
  include_nested_groups: later(flag(), false, 'Groups within groups count.'),
}

export const azuread = {
  graph_url: later(text(), 'https://login.microsoftonline.com', 'The address of the provider.'),
  tenant_id: later(text(), '', 'The directory.'),
  user_groups_claim: later(text(), '', 'It is called auth_state_groups_key now.'),
}

export const auth0 = {
  auth0_domain: later(text(), '', 'The domain at Auth0.'),
  auth0_subdomain: later(text(), '', 'Its first part.'),
  allow_unverified_email: later(flag(), false, 'Addresses that nobody verified count.'),
}

export const bitbucket = { allowed_teams: later(names(), [], 'Members of these workspaces may enter.') }

const derivation = record(
  { username_claim: text(), action: text(), domain: text(), prefix: text() },
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

export const cilogon = {
  cilogon_host: later(text(), 'cilogon.org', 'The address of CILogon.'),
  idps: later(map(idp), {}, 'Identity providers, by their entity ID.'),
  allowed_idps: later(map(idp), {}, 'Identity providers, by their entity ID.'),
  skin: later(text(), '', 'How the page of CILogon looks.'),
  idp_whitelist: oldIdp,
  idp: oldIdp,
  strip_idp_domain: oldIdp,
  shown_idps: oldIdp,
  additional_username_claims: oldIdp,
}

export const globus = {
  identity_provider: later(text(), '', 'Only users of this provider may sign in.'),
  username_from_email: later(flag(), false, 'The user name is the e-mail address.'),
  exclude_tokens: later(names(), [], 'Tokens that are not kept.'),
  globus_local_endpoint: later(text(), '', 'The endpoint of the servers.'),
  revoke_tokens_on_logout: later(flag(), false, 'Signing out ends the tokens.'),
  allowed_globus_groups: later(names(), [], 'Members of these groups may enter.'),
  admin_globus_groups: later(names(), [], 'Members of these groups are administrators.'),
  revocation_url: later(text(), '', 'Where tokens are ended.'),
  globus_groups_url: later(text(), '', 'Where groups are read.'),
}

export const mediawiki = {
  mw_index_url: later(text(), 'https://meta.wikimedia.org/w/index.php', 'The address of the wiki.'),
  executor_threads: later(anything(), 12, 'Not used.'),
}

export const openshift = {
  openshift_url: later(text(), '', 'The address of OpenShift.'),
  openshift_auth_api_url: later(text(), '', 'The address for signing in.'),
  openshift_rest_api_url: later(text(), '', 'The address of its API.'),
  ca_certs: later(text(), '', 'Its certificate authority.'),
}

export const canvas = {
  canvas_url: later(text(), '', 'The address of Canvas.'),
  strip_email_domain: later(text(), '', 'The domain that user names lose.'),
  username_key: later(text(), '', 'It is called username_claim now.'),
}

export const keycloak = {
  oidc_issuer: later(text(), '', 'The address of the realm.'),
  admin_role: later(text(), '', 'The role of administrators.'),
  allowed_roles: later(list(text()), [], 'Roles that may enter.'),
  exchange_tokens: later(anything(), [], 'Tokens for other services.'),
}

import {
  anything,
  either,
  flag,
  freeMap,
  integer,
  list,
  map,
  names,
  oneOf,
  secret,
  text,
  texts,
} from '../schema/kinds.ts'
import { idle, later } from './table.ts'

const words = either(texts(), text(), { expected: 'a text, or a list of texts' })

/** `hub.config.LDAPAuthenticator` */
export const ldap = {
  server_address: later(text(), '', 'The host of the directory.'),
  server_port: later(integer({ minimum: 0, maximum: 65535 }), null, 'Its port.'),
  tls_strategy: later(oneOf(['before_bind', 'on_connect', 'insecure']), 'before_bind', 'When encryption begins.'),
  use_ssl: later(flag(), false, 'It is called tls_strategy now.'),
  tls_kwargs: later(freeMap(), {}, 'Settings of the encryption.'),
  bind_dn_template: later(words, [], 'How a user name becomes a DN.'),
  lookup_dn: later(flag(), false, 'Look the DN up first.'),
  lookup_dn_search_filter: later(text(), '({login_attr}={login})', 'How it is looked up.'),
  lookup_dn_search_user: later(text(), null, 'Who looks it up.'),
  lookup_dn_search_password: later(secret(), null, 'The password for that.'),
  lookup_dn_user_dn_attribute: later(text(), null, 'The attribute for the template.'),
  use_lookup_dn_username: later(flag(), false, 'The user name is that attribute.'),
  user_search_base: later(text(), null, 'Where users are.'),
  user_attribute: later(text(), null, 'The attribute with the user name.'),
  search_filter: later(text(), '', 'What a user must match.'),
  attributes: later(texts(), [], 'Attributes for search_filter.'),
  allowed_groups: later(names(), null, 'Members of these groups may enter.'),
  group_search_filter: later(text(), '', 'How membership is found.'),
  group_attributes: later(texts(), [], 'Attributes with members.'),
  valid_username_regex: later(text({ format: 'regex' }), '^[a-z][.a-z0-9_-]*$', 'What user names look like.'),
  auth_state_attributes: later(texts(), [], 'Attributes to keep.'),
  user_info_attributes: later(texts(), [], 'Attributes to keep.'),
  escape_userdn: idle('It has no effect since ldapauthenticator 2.'),
}

const lti = {
  uri_scheme: later(oneOf(['auto', 'https', 'http']), 'auto', 'How the hub is addressed.'),
  username_key: later(text(), '', 'The field with the user name.'),
}

/** `hub.config.LTI11Authenticator` */
export const lti11 = {
  ...lti,
  consumers: later(map(secret()), {}, 'Keys and secrets of the platforms.'),
  config_title: later(text(), 'JupyterHub', 'What the platform shows.'),
  config_description: later(text(), '', 'What the platform shows.'),
  config_icon: later(text(), '', 'What the platform shows.'),
}

/** `hub.config.LTI13Authenticator` */
export const lti13 = {
  ...lti,
  authorize_url: later(text(), '', 'Where the browser is sent.'),
  client_id: later(words, [], 'The names of the hub at the platform.'),
  issuer: later(text(), '', 'The platform.'),
  jwks_endpoint: later(text(), '', 'Its keys.'),
  jwks_algorithms: later(texts(), ['RS256'], 'Their algorithms.'),
  tool_name: later(text(), '', 'What the platform shows.'),
  tool_description: later(text(), '', 'What the platform shows.'),
}

/** `hub.config.ShibbolethAuthenticator`; its logout URL stands with the Authenticator's traits. */
export const shibboleth = {
  headers: later(texts(), ['mail', 'Eppn', 'cn', 'Givenname', 'sn'], 'Headers to read; the first is the user name.'),
}

/** `hub.config.SAMLAuthenticator` */
export const saml = Object.fromEntries(
  [
    ...[
      'metadata_filepath',
      'metadata_content',
      'metadata_url',
      'xpath_username_location',
      'login_post_field',
      'audience',
    ],
    ...['recipient', 'time_format_string', 'idp_timezone', 'shutdown_on_logout', 'slo_forward_on_logout'],
    ...['slo_forwad_on_logout', 'entity_id', 'nameid_format', 'acs_endpoint_url', 'organization_name'],
    ...['organization_display_name', 'organization_url', 'create_system_users', 'create_system_user_binary'],
    ...['xpath_role_location', 'allowed_roles'],
  ].map((name) => [name, later(anything(), null, 'A setting of jupyterhub-samlauthenticator.')]),
)

export const sharedPassword = {
  user_password: later(secret(), null, 'The password for everybody.'),
  admin_password: later(secret(), null, 'The password for administrators.'),
  password_groups: later(freeMap(), {}, 'Groups by password.'),
}

export const pam = {
  service: later(text(), 'login', 'The PAM service.'),
  encoding: later(text(), 'utf8', 'The encoding of names.'),
  open_sessions: later(flag(), false, 'Open a session.'),
  check_account: later(flag(), true, 'Ask whether the account is valid.'),
  admin_groups: later(names(), [], 'System groups of administrators.'),
  pam_normalize_username: later(flag(), false, 'Take the name that PAM gives.'),
  executor_threads: idle('Not used.'),
}

export const hmac = { secret_key: later(secret(), '', 'The key, hex.') }
export const tmp = {
  force_new_server: later(flag(), false, 'Each visit gets a new server.'),
  process_user: later(anything(), null, 'Code.'),
}
export const firstUse = {
  dbm_path: later(text(), 'passwords.dbm', 'Where passwords are.'),
  create_users: later(flag(), true, 'New names may sign in.'),
  min_password_length: later(integer(), 7, 'The shortest password.'),
  check_passwords_on_startup: later(flag(), true, 'Look at stored passwords.'),
}
export const remoteUser = { header_name: later(text(), 'REMOTE_USER', 'The header with the user name.') }
export const jwt = Object.fromEntries(
  ['header_name', 'param_name', 'secret', 'signing_certificate', 'expected_audience', 'username_claim_field'].map(
    (name) => [name, later(secret(), '', 'A setting of jwtauthenticator.')],
  ),
)
export const multi = {
  authenticators: later(list(anything()), [], 'The ways of signing in.'),
  username_prefix: later(text(), null, 'The beginning of all names.'),
}

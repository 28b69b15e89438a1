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
  record,
  secret,
  text,
  texts,
  words,
} from '../schema/kinds.ts'
import { idle, later, option, optionTable, refused, trait } from './table.ts'

const lines = names({ expected: 'a text, or a list of texts' })

/** `hub.config.LDAPAuthenticator` */
export const ldap = optionTable({
  server_address: option(words(), [], 'The host of the directory, or several that are tried in this order.'),
  server_port: option(
    integer({ minimum: 0, maximum: 65535 }),
    null,
    'Its port; without it 389, or 636 with on_connect.',
  ),
  tls_strategy: option(
    oneOf(['before_bind', 'on_connect', 'insecure']),
    'before_bind',
    'When encryption begins: before_bind (StartTLS), on_connect (LDAPS), insecure (never).',
  ),
  use_ssl: option(flag(), null, 'It is called tls_strategy now: true means on_connect.'),
  tls_kwargs: option(
    freeMap(),
    {},
    'Settings of the encryption: ca_certs_file, ciphers, and validate (0 takes any certificate; without it, it is checked).',
  ),
  bind_dn_template: option(lines, [], 'How a user name becomes a DN; several are tried in this order.'),
  lookup_dn: option(flag(), false, 'Look the DN up first.'),
  lookup_dn_search_filter: option(text(), '({login_attr}={login})', 'How it is looked up.'),
  lookup_dn_search_user: option(text(), null, 'Who looks it up; without it, nobody in particular.'),
  lookup_dn_search_password: option(secret(), null, 'The password for that.'),
  lookup_dn_user_dn_attribute: option(text(), null, 'The attribute for the template.'),
  use_lookup_dn_username: option(flag(), false, 'The user name is that attribute.'),
  user_search_base: option(text(), null, 'Where users are.'),
  user_attribute: option(text(), null, 'The attribute with the user name.'),
  search_filter: option(text(), '', 'What exactly one user must match, with {userattr} and {username}.'),
  attributes: option(texts(), [], 'Attributes for search_filter.'),
  group_search_filter: option(
    text(),
    '(|(member={userdn})(uniqueMember={userdn})(memberUid={uid}))',
    'How membership is found.',
  ),
  group_attributes: idle('Membership is asked of the directory by group_search_filter; no attributes are read.'),
  group_search_base: option(text(), null, 'Where groups are, to take all that somebody is in into the hub.'),
  group_name_attribute: option(text(), 'cn', 'The attribute with the name of a group.'),
  nested_groups: option(flag(), false, 'Groups within groups count (Active Directory).'),
  valid_username_regex: option(text({ format: 'regex' }), '^[a-z][.a-z0-9_-]*$', 'What user names look like.'),
  auth_state_attributes: option(texts(), [], 'Attributes to keep.'),
  user_info_attributes: option(texts(), [], 'Attributes to keep.'),
  escape_userdn: idle('It has no effect since ldapauthenticator 2.'),
})

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
  client_id: later(lines, [], 'The names of the hub at the platform.'),
  issuer: later(text(), '', 'The platform.'),
  jwks_endpoint: later(text(), '', 'Its keys.'),
  jwks_algorithms: later(texts(), ['RS256'], 'Their algorithms.'),
  tool_name: later(text(), '', 'What the platform shows.'),
  tool_description: later(text(), '', 'What the platform shows.'),
}

/** Of all that are told by a web server in front who came. */
const webServer = {
  trusted_proxies: trait(names({ expected: 'a list of addresses or networks (10.0.0.0/8)' }), {
    default: ['127.0.0.0/8', '::1'],
    setting: 'trustedProxies',
    description:
      'Addresses of the web servers whose headers are believed, as the proxy of the hub sees them. Without it: only of this machine, which takes a proxy_secret where servers are processes of it.',
  }),
  proxy_secret: trait(secret(), {
    default: null,
    setting: 'proxySecret',
    description: 'What the web server must send in the header X-Himalia-Proxy-Secret, if it is set.',
  }),
  trust_this_machine: trait(flag(), {
    default: false,
    setting: 'trustThisMachine',
    description: 'Believe headers of every program on this machine. Only where no user has a program on it.',
  }),
}

/** `hub.config.ShibbolethAuthenticator`; its logout URL stands with the Authenticator's traits. */
export const shibboleth = {
  headers: trait(texts(), {
    default: ['mail', 'Eppn', 'cn', 'Givenname', 'sn'],
    setting: 'headers',
    description: 'The headers to read, in the spelling under which they are kept; the first holds the user name.',
  }),
  ...webServer,
}

const pem = () => text({ expected: 'PEM text, or the path of a file' })
const pems = () => either(pem(), list(pem()), { expected: 'PEM text or the path of a file, or a list of them' })
const byLanguage = () =>
  either(text(), map(text()), { expected: 'a text, or a map from languages to texts ({en: …, de: …})' })
const minutes = (minimum = 1) => integer({ minimum, unit: 'minutes' })

const metadataSource = record({
  file: text(),
  url: text({ format: 'url' }),
  mdq: text({ format: 'url' }),
  content: text(),
  certificate: pems(),
  max_validity_days: integer({ minimum: 0, unit: 'days' }),
  refresh_minutes: minutes(),
})

/** `hub.config.SAMLAuthenticator`; the first rows are those of jupyterhub-samlauthenticator. */
export const saml = {
  metadata_filepath: trait(text(), {
    default: '',
    setting: 'metadataFilepath',
    description: 'A file with the metadata of the identity provider. For more than one place see `metadata`.',
  }),
  metadata_content: trait(text(), {
    default: '',
    setting: 'metadataContent',
    description: 'The metadata of the identity provider itself.',
  }),
  metadata_url: trait(text(), {
    default: '',
    setting: 'metadataUrl',
    description:
      'The address of the metadata of the identity provider. It is believed without a signature, so it should begin with https.',
  }),
  xpath_username_location: trait(text(), {
    default: null,
    setting: 'xpathUsernameLocation',
    description: 'Where the user name is: `//saml:NameID/text()`, or an attribute by its Name. See also `user_name`.',
  }),
  audience: idle('The audience is always entity_id.'),
  recipient: idle('The recipient is always the address of the hub that the answer comes to.'),
  login_post_field: idle('It is always SAMLResponse, as the standard has it.'),
  time_format_string: idle('Times are read as the standard has them.'),
  idp_timezone: idle('Times are UTC, as the standard has them.'),
  shutdown_on_logout: refused('Set hub.config.JupyterHub.shutdown_on_logout instead.'),
  slo_forward_on_logout: trait(flag(), {
    default: true,
    setting: 'sloForwardOnLogout',
    description: 'Signing out here also signs out at the identity provider, where it offers that.',
  }),
  slo_forwad_on_logout: refused('It is spelt slo_forward_on_logout.'),
  entity_id: trait(text(), {
    default: '',
    setting: 'entityId',
    description: "The hub's name in SAML; never change it. Without it: the address of its metadata.",
  }),
  nameid_format: trait(text(), {
    default: null,
    setting: 'nameidFormat',
    description: 'The format of NameID to ask for. Without it the identity provider chooses, which suits most.',
  }),
  acs_endpoint_url: trait(text(), {
    default: '',
    setting: 'acsEndpointUrl',
    description:
      'The address that answers are sent to, where it is registered already: a path below the hub, other than /hub/login.',
  }),
  organization_name: trait(byLanguage(), {
    default: null,
    setting: 'organizationName',
    description: 'The organisation in our metadata.',
  }),
  organization_display_name: trait(byLanguage(), {
    default: null,
    setting: 'organizationDisplayName',
    description: 'What people call it.',
  }),
  organization_url: trait(byLanguage(), { default: null, setting: 'organizationUrl', description: 'Its website.' }),
  create_system_users: idle('Servers do not need system users; where they are processes, see LocalAuthenticator.'),
  create_system_user_binary: idle('Servers do not need system users.'),
  xpath_role_location: trait(text(), {
    default: null,
    setting: 'xpathRoleLocation',
    description: 'The attribute with roles. See also `required_attributes`.',
  }),
  allowed_roles: trait(either(text(), list(text()), { expected: 'roles with commas between them, or a list' }), {
    default: [],
    setting: 'allowedRoles',
    description: 'Nobody comes in without one of these roles.',
  }),

  metadata: trait(list(metadataSource), {
    default: [],
    setting: 'metadata',
    description:
      'Where metadata of identity providers comes from: files, addresses, a federation, MDQ; each with the certificate that it is signed with.',
  }),
  metadata_backing_dir: trait(text(), {
    default: null,
    setting: 'metadataBackingDir',
    description: 'A folder for the last good copies of metadata, for a start without a network.',
  }),
  shibboleth_dir: trait(text(), {
    default: null,
    setting: 'shibbolethDir',
    description:
      'A folder with shibboleth2.xml (/etc/shibboleth): its entityID, keys, metadata, attribute map and paths are taken over.',
  }),
  keys: trait(list(record({ key: secret(), certificate: pem() }, { required: ['key', 'certificate'] })), {
    default: [],
    setting: 'keys',
    description:
      'Our keys with their certificates, each as PEM text or as the path of a file. The first signs; all decrypt and stand in the metadata.',
  }),
  handler_path: trait(text(), {
    default: '',
    setting: 'handlerPath',
    description:
      'Serve the paths of a Shibboleth service provider, too, e.g. below /Shibboleth.sso, and name those in the metadata.',
  }),
  service_name: trait(byLanguage(), {
    default: 'University account',
    setting: 'serviceName',
    description: 'What the sign-in page calls this way of signing in.',
  }),
  identity_providers: trait(list(text()), {
    default: [],
    setting: 'identityProviders',
    description: 'The only identity providers that people may come from, by entityID. Without it: all of the metadata.',
  }),
  discovery_service: trait(text({ format: 'url' }), {
    default: null,
    setting: 'discoveryService',
    description: 'A central page where people choose their institution (WAYF, SeamlessAccess). Without it: our own.',
  }),
  hide_categories: trait(list(text()), {
    default: ['http://refeds.org/category/hide-from-discovery'],
    setting: 'hideCategories',
    description: 'Identity providers of these entity categories are not offered.',
  }),
  user_name: trait(list(text()), {
    default: ['subject-id', 'eppn', 'pairwise-id', 'mail'],
    setting: 'userName',
    description: 'The attributes that the user name may come from; the first that came counts.',
  }),
  strip_scopes: trait(list(text()), {
    default: [],
    setting: 'stripScopes',
    description: 'Domains to leave out of user names: with example.edu, ada@example.edu becomes ada.',
  }),
  scopes: trait(map(list(text())), {
    default: {},
    setting: 'scopes',
    description:
      "Domains that an identity provider may speak for, where its metadata doesn't tell, by entityID. `*`: any.",
  }),
  attribute_map: trait(map(text()), {
    default: {},
    setting: 'attributeMap',
    description: 'Names for further attributes: from the Name in assertions to ours.',
  }),
  groups_from: trait(list(text()), {
    default: [],
    setting: 'groupsFrom',
    description: 'The attributes whose values are groups, e.g. member, entitlement, affiliation.',
  }),
  required_attributes: trait(map(list(text())), {
    default: {},
    setting: 'requiredAttributes',
    description: 'Nobody comes in without these attributes, each with one of the values; an empty list: any value.',
  }),
  authn_contexts: trait(list(text()), {
    default: [],
    setting: 'authnContexts',
    description: 'People must have signed in in one of these ways, e.g. https://refeds.org/profile/mfa.',
  }),
  force_authn: trait(flag(), {
    default: false,
    setting: 'forceAuthn',
    description: 'People must sign in anew each time.',
  }),
  sign_requests: trait(flag(), {
    default: false,
    setting: 'signRequests',
    description: 'Sign requests to all identity providers, not just to those that want it.',
  }),
  sign_metadata: trait(flag(), { default: false, setting: 'signMetadata', description: 'Sign our metadata.' }),
  response_must_be_signed: trait(flag(), {
    default: false,
    setting: 'responseMustBeSigned',
    description:
      'Refuse answers that are not signed as a whole. The response or the assertion must be signed in any case.',
  }),
  assertion_must_be_signed: trait(flag(), {
    default: false,
    setting: 'assertionMustBeSigned',
    description: 'Refuse assertions without a signature of their own.',
  }),
  idp_initiated: trait(flag(), {
    default: false,
    setting: 'idpInitiated',
    description: 'Who comes from a portal of the institution, unasked, is sent back there once with a request.',
  }),
  blocked_algorithms: trait(list(text()), {
    default: [
      'http://www.w3.org/2000/09/xmldsig#sha1',
      'http://www.w3.org/2000/09/xmldsig#rsa-sha1',
      'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1',
    ],
    setting: 'blockedAlgorithms',
    description:
      'Algorithms of signatures and encryption that are refused, by URI. RSA 1.5, 3DES, MD5 and HMAC always are.',
  }),
  clock_skew: trait(integer({ minimum: 0, maximum: 600, unit: 'seconds' }), {
    default: 180,
    setting: 'clockSkewSeconds',
    description: 'How far the clocks of identity providers may be off.',
  }),
  display_name: trait(byLanguage(), {
    default: null,
    setting: 'displayName',
    description: 'What our metadata calls the hub.',
  }),
  description: trait(byLanguage(), {
    default: null,
    setting: 'description',
    description: 'What our metadata says of it.',
  }),
  information_url: trait(byLanguage(), { default: null, setting: 'informationUrl', description: 'A page about it.' }),
  privacy_statement_url: trait(byLanguage(), {
    default: null,
    setting: 'privacyStatementUrl',
    description: 'Its privacy statement; federations require one.',
  }),
  logo_url: trait(text({ format: 'url' }), { default: null, setting: 'logoUrl', description: 'Its logo, https.' }),
  contacts: trait(list(record({ type: text(), name: text(), email: text() }, { required: ['type', 'email'] })), {
    default: [],
    setting: 'contacts',
    description: 'Contacts in our metadata; types are technical, support, administrative and security.',
  }),
  requested_attributes: trait(list(text()), {
    default: ['subject-id', 'eppn', 'mail', 'displayName', 'affiliation'],
    setting: 'requestedAttributes',
    description: 'The attributes that our metadata asks for.',
  }),
  subject_id_required: trait(oneOf(['subject-id', 'pairwise-id', 'any', 'none']), {
    default: 'any',
    setting: 'subjectIdRequired',
    description: 'The kind of identifier that our metadata asks for.',
  }),
}

export const sharedPassword = optionTable({
  user_password: option(secret(), null, 'The password for everybody, at least 8 characters.'),
  admin_password: option(secret(), null, 'The password of those in admin_users, at least 32 characters.'),
  password_groups: option(map(names(), { secret: true }), {}, 'Further passwords, and the groups each leads into.'),
})

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
  force_new_server: idle('Each visit of /hub/tmplogin is another user, with a server of its own.'),
  process_user: refused('Export postAuth from TypeScript in hub.extraConfig (docs/hooks.md).'),
}

/** `hub.config.FirstUseAuthenticator` */
export const firstUse = optionTable({
  dbm_path: option(
    text(),
    'passwords.dbm',
    'The file of passwords of the original. While it is there the hub does not start: take it over first.',
  ),
  create_users: option(flag(), true, 'New names may sign in.'),
  min_password_length: option(integer({ minimum: 0 }), 7, 'The shortest password that is taken the first time.'),
  check_passwords_on_startup: idle('Passwords are checked when they are taken over.'),
})

/** `hub.config.RemoteUserAuthenticator` */
export const remoteUser = {
  ...webServer,
  ...optionTable({
    header_name: option(text(), 'REMOTE_USER', 'The header with the user name.'),
    groups_header: option(text(), null, 'A header with groups, several joined by semicolons.'),
    mail_header: option(text(), null, 'A header with the verified address.'),
    login_page: refused('Whoever comes without the header reads what is wrong; the web server asks for the sign-in.'),
    logout_page: refused('It is called logout_url here: RemoteUserAuthenticator.shibboleth_logout_url.'),
  }),
}

/** `hub.config.JSONWebTokenAuthenticator` */
export const jwt = optionTable({
  ...webServer,
  trusted_proxies: option(
    names({ expected: 'a list of addresses or networks (10.0.0.0/8)' }),
    [],
    'Addresses that tokens must come from; without it, from anywhere: the signature is what counts.',
  ),
  header_name: option(text(), 'Authorization', 'The header with the token.'),
  header_is_authorization: option(flag(), true, 'Before the token stands the word bearer.'),
  param_name: option(text(), 'access_token', 'The parameter of the query with the token; empty: none.'),
  secret: option(secret(), '', 'The secret that tokens are signed with (HS256), at least 32 bytes.'),
  signing_certificate: option(text(), '', 'A file with the certificate or public key of who signs them (PEM).'),
  jwks_url: option(text({ format: 'url' }), null, 'The address of the keys of who signs them.'),
  expected_audience: option(text(), '', 'What the issuer calls this hub; without it, tokens for others count, too.'),
  expected_issuer: option(text(), null, 'Who must have issued them.'),
  username_claim_field: option(text(), 'upn', 'The claim with the user name.'),
  extract_username: option(flag(), true, 'Only what stands before an @ of it.'),
  groups_claim_field: option(text(), null, 'The claim with the groups.'),
})

export const multi = {
  authenticators: later(list(anything()), [], 'The ways of signing in.'),
  username_prefix: later(text(), null, 'The beginning of all names.'),
}

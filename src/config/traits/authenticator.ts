import { either, flag, integer, list, map, names, oneOf, secret, text } from '../schema/kinds.ts'
import { usernameRule } from '../schema/shapes.ts'
import { hook, idle, refused, trait } from './table.ts'

/** `hub.config.Authenticator`: who may enter, for every way of signing in. */
export const authenticator = {
  allow_all: trait(flag(), {
    default: null,
    setting: 'allowAll',
    description: 'Everybody who can sign in may enter. Without any allow rule nobody may.',
  }),
  allowed_users: trait(names(), { default: [], setting: 'allowedUsers', description: 'Users who may enter.' }),
  blocked_users: trait(names(), {
    default: [],
    setting: 'blockedUsers',
    description: 'Users who may not enter, whatever else says so.',
  }),
  admin_users: trait(names(), { default: [], setting: 'adminUsers', description: 'Users who are administrators.' }),
  allow_existing_users: trait(flag(), {
    default: null,
    setting: 'allowExistingUsers',
    description: 'Users whom the hub already knows may enter. Without it: only if allowed_users is not empty.',
  }),
  username_map: trait(map(text()), {
    default: {},
    setting: 'usernameMap',
    description: 'Other user names for those who sign in with these.',
  }),
  username_rules: trait(list(usernameRule), {
    default: [],
    setting: 'usernameRules',
    description:
      'What is replaced in the names of those who sign in, one rule after the other. Set it as hub.usernameRules.',
  }),
  username_pattern: trait(text({ format: 'regex' }), {
    default: null,
    setting: 'usernamePattern',
    description: 'A regular expression that a user name must begin with.',
  }),
  auto_login: trait(flag(), {
    default: false,
    setting: 'autoLogin',
    description: 'Go to the sign-in of the institution at once, without the page with the button.',
  }),
  auto_login_oauth2_authorize: trait(flag(), {
    default: false,
    setting: 'autoLoginOauth2Authorize',
    description: 'The same as auto_login, only for those who come from a server.',
  }),
  enable_auth_state: trait(flag(), {
    default: false,
    setting: 'enableAuthState',
    description: 'Keep what the sign-in gave (encrypted), e.g. tokens for servers.',
  }),
  auth_refresh_age: trait(integer({ minimum: 0, unit: 'seconds' }), {
    default: 300,
    setting: 'refreshAgeSeconds',
    description: 'After how long a sign-in is looked at again at the provider; 0: never.',
  }),
  manage_groups: trait(flag(), {
    default: false,
    setting: 'manageGroups',
    description: 'Groups come from the sign-in and cannot be changed in the hub.',
  }),
  manage_roles: refused('Roles from the sign-in are not possible yet; write them as hub.loadRoles.'),
  reset_managed_roles_on_startup: refused('Roles from the sign-in are not possible yet.'),
  refresh_pre_spawn: trait(flag(), {
    default: null,
    setting: 'refreshPreSpawn',
    description: 'Look at the sign-in again before each start of a server. With OAuth on where auth state is kept.',
  }),
  refresh_pre_stop: refused('A stop never waits for a provider: it only takes something away.'),
  delete_invalid_users: refused('Users whose names are not valid any more are kept; remove them on the admin page.'),
  any_allow_config: idle('It only silenced a warning of the original.'),
  otp_prompt: refused('The page that asks for a second factor has a text of its own in each language.'),
  request_otp: refused('A second factor is asked for after the password: NativeAuthenticator.allow_2fa.'),
  post_auth_hook: hook('Export postAuth from TypeScript in hub.extraConfig (docs/hooks.md).'),
  custom_html: refused('Write a template login.html; see hub.templatePaths.'),
  login_service: trait(text(), {
    default: null,
    setting: 'loginService',
    description: 'What the page calls this way of signing in.',
  }),
  allowed_groups: trait(names(), {
    default: [],
    setting: 'allowedGroups',
    description: 'Whoever is in one of these groups may enter.',
  }),
  admin_groups: trait(names(), {
    default: [],
    setting: 'adminGroups',
    description: 'Whoever is in one of these groups is an administrator, and nobody else but admin_users.',
  }),
  allowed_email_domains: trait(names(), {
    default: [],
    setting: 'allowedEmailDomains',
    description: 'Whoever has a verified address of one of these domains may enter; *.example.org takes subdomains.',
  }),
  allowed_affiliations: trait(names(), {
    default: [],
    setting: 'allowedAffiliations',
    description: 'Whoever is one of these may enter: staff@example.org, or staff at any institution.',
  }),
  allowed_entitlements: trait(names(), {
    default: [],
    setting: 'allowedEntitlements',
    description: 'Whoever has one of these entitlements may enter.',
  }),
  env_from_auth_state: trait(map(text()), {
    default: {},
    setting: 'envFromAuthState',
    description:
      'Variables for servers from the auth state: a name and where it stands there, e.g. GITHUB_TOKEN: access_token.',
  }),
  support_contact: trait(text(), {
    default: null,
    setting: 'supportContact',
    description: 'Whom those can ask who are not let in: a name, an address.',
  }),
  custom_403_message: trait(text(), {
    default: null,
    setting: 'custom403Message',
    description: 'What those read whom no rule lets in, in place of the rules that were missing.',
  }),
  link_identities: trait(oneOf(['never', 'by_name']), {
    default: 'never',
    setting: 'linkIdentities',
    description:
      'What happens when somebody comes whose user name belongs to somebody who signs in otherwise: never lets them in, by_name takes them for the same person.',
  }),
  shibboleth_logout_url: trait(text(), {
    default: null,
    setting: 'logoutUrl',
    description: 'Where signing out leads to, e.g. the logout page of the Shibboleth service provider.',
  }),
  whitelist: refused('It is called allowed_users now.'),
  blacklist: refused('It is called blocked_users now.'),
  group_whitelist: refused('It is called allowed_groups now.'),
}

/** `hub.config.DummyAuthenticator`: any name, one password or none. */
export const dummy = {
  password: trait(secret(), {
    default: null,
    setting: 'password',
    description: 'The password for everybody; without it none is asked.',
  }),
}

/** `hub.config.NativeAuthenticator`: names and passwords kept by the hub. */
export const native = {
  open_signup: trait(flag(), {
    default: false,
    setting: 'openSignup',
    description: 'Whoever signs up may enter at once, without approval.',
  }),
  enable_signup: trait(flag(), {
    default: true,
    setting: 'enableSignup',
    description: 'People may sign up on the sign-in page; an administrator approves them.',
  }),
  minimum_password_length: trait(integer({ minimum: 0 }), {
    default: 1,
    setting: 'minimumPasswordLength',
    description: 'The shortest password that is taken.',
  }),
  allowed_failed_logins: trait(integer({ minimum: 0 }), {
    default: 0,
    setting: 'allowedFailedLogins',
    description: 'After so many wrong passwords a name is locked for a while; 0: never.',
  }),
  seconds_before_next_try: trait(integer({ minimum: 0, unit: 'seconds' }), {
    default: 600,
    setting: 'secondsBeforeNextTry',
    description: 'How long a name stays locked.',
  }),
  check_common_password: trait(flag(), {
    default: false,
    setting: 'checkCommonPassword',
    description: 'Refuse the user name and passwords that are guessed first (a list of 50,000).',
  }),
  ask_email_on_signup: refused('Sign-up asks for a name and a password only.'),
  allow_2fa: trait(flag(), {
    default: false,
    setting: 'allow2fa',
    description: 'People may set up a second factor (an app with one-time codes) on the page of their account.',
  }),
  tos: refused('Write the terms into a template; see hub.templatePaths.'),
  recaptcha_key: refused('There is no captcha; leave open_signup off.'),
  recaptcha_secret: refused('There is no captcha; leave open_signup off.'),
  allow_self_approval_for: refused('Approve users on the admin page.'),
  self_approval_email: refused('Approve users on the admin page.'),
  self_approval_server: refused('Approve users on the admin page.'),
  secret_key: refused('It was for approval by e-mail, which is not possible yet.'),
  import_from_firstuse: refused('Passwords of FirstUseAuthenticator cannot be read.'),
  firstuse_db_path: refused('Passwords of FirstUseAuthenticator cannot be read.'),
  delete_firstuse_db_after_import: refused('Passwords of FirstUseAuthenticator cannot be read.'),
  add_new_table: idle('The tables are kept up to date by themselves.'),
}

/** `hub.config.CryptKeeper`: the keys that seal auth_state. */
export const cryptKeeper = {
  keys: trait(either(secret(), names({ secret: true }), { secret: true, expected: 'a list of keys' }), {
    default: null,
    setting: 'cryptKeys',
    description: 'Keys that seal auth_state, newest first. Without them one is made and kept.',
  }),
  n_threads: idle('Sealing needs no threads.'),
}

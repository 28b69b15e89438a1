/** The names under which ways of signing in are known, ours and the Python world's. */
import { nearest } from './nearest.ts'

export interface AuthenticatorClass {
  /** Our name for it. */
  readonly name: string
  /** Its section of `hub.config`. */
  readonly className: string
  /** What it is, for messages. */
  readonly title: string
  /** Modules that have the class: `module.ClassName` selects it. */
  readonly modules: readonly string[]
  /** Other short names. */
  readonly aliases?: readonly string[]
  readonly isBuilt?: boolean
  /** Whoever can sign in may enter, unless allowed_users says otherwise. */
  readonly allowsAll?: boolean
  /** It lets people in by a rule of its own, such as an administrator's approval: to name nobody is no mistake. */
  readonly hasOwnRule?: boolean
  /** A visit is enough: the page with a button only stands in the way, unless auto_login is off. */
  readonly asksNothing?: boolean
  /** A name is all that it learns of somebody: rules about anything else have nothing to go by. */
  readonly learnsNamesOnly?: boolean
}

const oauth = (name: string, className: string, module: string, title: string): AuthenticatorClass => ({
  name,
  className,
  title,
  modules: ['oauthenticator', `oauthenticator.${module}`],
  aliases: [`local-${name}`],
  isBuilt: name !== 'mediawiki',
})

export const authenticatorClasses: readonly AuthenticatorClass[] = [
  {
    name: 'dummy',
    className: 'DummyAuthenticator',
    title: 'any name and one password',
    modules: ['jupyterhub.auth', 'dummyauthenticator', 'dummyauthenticator.dummyauthenticator'],
    isBuilt: true,
    allowsAll: true,
    learnsNamesOnly: true,
  },
  { name: 'custom', className: 'CustomAuthenticator', title: 'code of your own', modules: [], isBuilt: true },
  {
    name: 'native',
    className: 'NativeAuthenticator',
    title: 'names and passwords kept by the hub',
    modules: ['nativeauthenticator', 'nativeauthenticator.nativeauthenticator'],
    isBuilt: true,
    hasOwnRule: true,
    learnsNamesOnly: true,
  },
  {
    name: 'shibboleth',
    className: 'ShibbolethAuthenticator',
    title: 'Shibboleth',
    modules: ['jhub_shibboleth_auth', 'jhub_shibboleth_auth.shibboleth_auth'],
    aliases: ['jhub_shibboleth_auth.shibboleth_auth.ShibbolethLocalAuthenticator'],
    isBuilt: true,
  },
  {
    name: 'pam',
    className: 'PAMAuthenticator',
    title: 'system users',
    modules: ['jupyterhub.auth'],
    aliases: ['default'],
  },
  {
    name: 'shared-password',
    className: 'SharedPasswordAuthenticator',
    title: 'one password for all',
    modules: ['jupyterhub.auth', 'jupyterhub.authenticators.shared'],
    isBuilt: true,
  },
  {
    name: 'null',
    className: 'NullAuthenticator',
    title: 'no sign-in at all',
    modules: ['jupyterhub.auth', 'nullauthenticator'],
    isBuilt: true,
    hasOwnRule: true,
  },
  oauth('auth0', 'Auth0OAuthenticator', 'auth0', 'Auth0'),
  oauth('azuread', 'AzureAdOAuthenticator', 'azuread', 'Microsoft Entra ID'),
  oauth('bitbucket', 'BitbucketOAuthenticator', 'bitbucket', 'Bitbucket'),
  oauth('cilogon', 'CILogonOAuthenticator', 'cilogon', 'CILogon'),
  oauth('generic-oauth', 'GenericOAuthenticator', 'generic', 'OAuth 2'),
  oauth('github', 'GitHubOAuthenticator', 'github', 'GitHub'),
  oauth('gitlab', 'GitLabOAuthenticator', 'gitlab', 'GitLab'),
  oauth('globus', 'GlobusOAuthenticator', 'globus', 'Globus'),
  oauth('google', 'GoogleOAuthenticator', 'google', 'Google'),
  oauth('mediawiki', 'MWOAuthenticator', 'mediawiki', 'MediaWiki'),
  oauth('openshift', 'OpenShiftOAuthenticator', 'openshift', 'OpenShift'),
  {
    name: 'ldap',
    className: 'LDAPAuthenticator',
    title: 'LDAP',
    modules: ['ldapauthenticator', 'ldapauthenticator.ldapauthenticator'],
    aliases: ['ldapauthenticator'],
    isBuilt: true,
  },
  {
    name: 'lti11',
    className: 'LTI11Authenticator',
    title: 'LTI 1.1',
    modules: ['ltiauthenticator.lti11.auth', 'ltiauthenticator'],
    aliases: ['ltiauthenticator.LTIAuthenticator', 'ltiauthenticator'],
  },
  { name: 'lti13', className: 'LTI13Authenticator', title: 'LTI 1.3', modules: ['ltiauthenticator.lti13.auth'] },
  { name: 'hmac', className: 'HMACAuthenticator', title: 'signed names', modules: ['hmacauthenticator'] },
  {
    name: 'firstuse',
    className: 'FirstUseAuthenticator',
    title: 'the first password counts',
    modules: ['firstuseauthenticator', 'firstuseauthenticator.firstuseauthenticator'],
    aliases: ['firstuseauthenticator'],
    isBuilt: true,
    learnsNamesOnly: true,
    allowsAll: true,
  },
  {
    name: 'tmp',
    className: 'TmpAuthenticator',
    title: 'a new user for each visit',
    modules: ['tmpauthenticator'],
    aliases: ['tmpauthenticator'],
    isBuilt: true,
    allowsAll: true,
    asksNothing: true,
    learnsNamesOnly: true,
  },
  {
    name: 'remote-user',
    className: 'RemoteUserAuthenticator',
    title: 'a header of the web server in front',
    modules: ['jhub_remote_user_authenticator.remote_user_auth', 'remote_user_authenticator'],
    aliases: ['jhub_remote_user_authenticator.remote_user_auth.RemoteUserLocalAuthenticator'],
    isBuilt: true,
  },
  {
    name: 'saml',
    className: 'SAMLAuthenticator',
    title: 'SAML',
    modules: ['samlauthenticator', 'samlauthenticator.samlauthenticator'],
    isBuilt: true,
  },
  {
    name: 'jwt',
    className: 'JSONWebTokenAuthenticator',
    title: 'JSON web tokens',
    modules: ['jwtauthenticator.jwtauthenticator'],
    aliases: ['jwtauthenticator.jwtauthenticator.JSONWebTokenLocalAuthenticator'],
    isBuilt: true,
  },
  {
    name: 'multi',
    className: 'MultiAuthenticator',
    title: 'several at once',
    modules: ['multiauthenticator', 'multiauthenticator.multiauthenticator'],
    aliases: ['multiauthenticator'],
  },
  {
    name: 'canvas',
    className: 'CanvasOAuthenticator',
    title: 'Canvas',
    modules: ['canvasauthenticator', 'canvasoauthenticator'],
    isBuilt: true,
  },
  {
    name: 'keycloak',
    className: 'KeyCloakAuthenticator',
    title: 'Keycloak',
    modules: ['keycloakauthenticator'],
    isBuilt: true,
  },
]

/** The class that `authenticator_class` names: a short name in any case, or `module.Class` or `module:Class` as it stands. */
export function findAuthenticatorClass(written: string): AuthenticatorClass | null {
  const short = written.toLowerCase()
  const dotted = written.replace(':', '.')
  return (
    authenticatorClasses.find((one) => one.name === short || (one.aliases ?? []).includes(short)) ??
    authenticatorClasses.find(
      ({ className, modules, aliases = [] }) =>
        aliases.includes(dotted) ||
        modules.some((module) => [`${module}.${className}`, `${module}.Local${className}`].includes(dotted)),
    ) ??
    null
  )
}

/** What somebody may have meant by a name that there isn't. */
export function nearestAuthenticator(written: string): string | null {
  const last = written.split(/[.:]/).at(-1) ?? ''
  const byClass = authenticatorClasses.find((one) => one.className === last)
  if (byClass) return byClass.name
  const near = nearest(last, [
    ...authenticatorClasses.map((one) => one.name),
    ...authenticatorClasses.map((one) => one.className),
  ])
  return authenticatorClasses.find((one) => one.className === near)?.name ?? near
}

export const builtAuthenticators = authenticatorClasses.filter((one) => one.isBuilt).map((one) => one.name)

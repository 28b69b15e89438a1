/** All classes that `hub.config` may name, with their tables. A class has the traits of its parents, too. */
import { authenticator, cryptKeeper, dummy, native } from './authenticator.ts'
import { idleCuller } from './culler.ts'
import {
  firstUse,
  hmac,
  jwt,
  ldap,
  lti11,
  lti13,
  multi,
  pam,
  remoteUser,
  saml,
  sharedPassword,
  shibboleth,
  tmp,
} from './institutions.ts'
import { jupyterHub } from './jupyterhub.ts'
import { kubeSpawner } from './kubespawner.ts'
import {
  auth0,
  azuread,
  bitbucket,
  canvas,
  cilogon,
  generic,
  github,
  gitlab,
  globus,
  google,
  keycloak,
  mediawiki,
  oauthenticator,
  openshift,
} from './oauth.ts'
import { configurableHttpProxy, proxy } from './proxy.ts'
import { localAuthenticator, localProcess, spawner } from './spawner.ts'
import type { TraitRow, TraitTable } from './table.ts'

interface TraitClass {
  readonly parents: readonly string[]
  readonly table: TraitTable
}

const classOf = (table: TraitTable, ...parents: string[]): TraitClass => ({ table, parents })

export const classes: Readonly<Record<string, TraitClass>> = {
  JupyterHub: classOf(jupyterHub),
  Spawner: classOf(spawner),
  LocalProcessSpawner: classOf(localProcess, 'Spawner'),
  SimpleLocalProcessSpawner: classOf({}, 'LocalProcessSpawner'),
  KubeSpawner: classOf(kubeSpawner, 'Spawner'),
  Proxy: classOf(proxy),
  ConfigurableHTTPProxy: classOf(configurableHttpProxy, 'Proxy'),
  CryptKeeper: classOf(cryptKeeper),
  Authenticator: classOf(authenticator),
  LocalAuthenticator: classOf(localAuthenticator, 'Authenticator'),
  CustomAuthenticator: classOf({}, 'Authenticator'),
  DummyAuthenticator: classOf(dummy, 'Authenticator'),
  NativeAuthenticator: classOf(native, 'Authenticator'),
  PAMAuthenticator: classOf(pam, 'LocalAuthenticator'),
  SharedPasswordAuthenticator: classOf(sharedPassword, 'Authenticator'),
  NullAuthenticator: classOf({}, 'Authenticator'),
  OAuthenticator: classOf(oauthenticator, 'Authenticator'),
  GenericOAuthenticator: classOf(generic, 'OAuthenticator'),
  GitHubOAuthenticator: classOf(github, 'OAuthenticator'),
  GitLabOAuthenticator: classOf(gitlab, 'OAuthenticator'),
  GoogleOAuthenticator: classOf(google, 'OAuthenticator'),
  AzureAdOAuthenticator: classOf(azuread, 'OAuthenticator'),
  Auth0OAuthenticator: classOf(auth0, 'OAuthenticator'),
  BitbucketOAuthenticator: classOf(bitbucket, 'OAuthenticator'),
  CILogonOAuthenticator: classOf(cilogon, 'OAuthenticator'),
  GlobusOAuthenticator: classOf(globus, 'OAuthenticator'),
  MWOAuthenticator: classOf(mediawiki, 'OAuthenticator'),
  OpenShiftOAuthenticator: classOf(openshift, 'OAuthenticator'),
  CanvasOAuthenticator: classOf(canvas, 'GenericOAuthenticator'),
  KeyCloakAuthenticator: classOf(keycloak, 'GenericOAuthenticator'),
  LDAPAuthenticator: classOf(ldap, 'Authenticator'),
  LTIAuthenticator: classOf(lti11, 'Authenticator'),
  LTI11Authenticator: classOf({}, 'LTIAuthenticator'),
  LTI13Authenticator: classOf(lti13, 'Authenticator'),
  ShibbolethAuthenticator: classOf(shibboleth, 'Authenticator'),
  SAMLAuthenticator: classOf(saml, 'Authenticator'),
  HMACAuthenticator: classOf(hmac, 'Authenticator'),
  TmpAuthenticator: classOf(tmp, 'Authenticator'),
  FirstUseAuthenticator: classOf(firstUse, 'Authenticator'),
  RemoteUserAuthenticator: classOf(remoteUser, 'Authenticator'),
  JSONWebTokenAuthenticator: classOf(jwt, 'Authenticator'),
  MultiAuthenticator: classOf(multi, 'Authenticator'),
}

/** Classes of ours that the file reaches through keys of their own, never through `hub.config`. */
export const innerClasses: Readonly<Record<string, TraitClass>> = { IdleCuller: classOf(idleCuller) }

/**
 * The row of a trait, its own class's first, then its parents'. A class that extends this one reads this one's section,
 * too; so `Authenticator.client_id` is a place for the trait of an OAuthenticator. null: nobody knows it.
 */
export function traitRow(className: string, traitName: string): TraitRow | null {
  for (const name of readersOf(className)) {
    const table = (classes[name] ?? innerClasses[name])?.table
    if (table && Object.hasOwn(table, traitName)) return table[traitName] as TraitRow
  }
  return null
}

// A large file asks for the same few classes thousands of times: a fifth of a check's time from a cold start.
const lineages = new Map<string, readonly string[]>()
const readers = new Map<string, readonly string[]>()

/** Classes that read a class's section, those that count most first. */
function readersOf(className: string): readonly string[] {
  const known = readers.get(className)
  if (known) return known
  const heirs = Object.keys(classes).filter((name) => name !== className && lineage(name).includes(className))
  const all = [...lineage(className).toReversed(), ...heirs]
  readers.set(className, all)
  return all
}

/** A class and its parents, the most general one first. */
export function lineage(className: string): readonly string[] {
  const known = lineages.get(className)
  if (known) return known
  const parents = classes[className]?.parents ?? []
  const all = [...parents.flatMap(lineage), className]
  lineages.set(className, all)
  return all
}

/** All traits that a class has, its parents' included. */
export function traitNames(className: string): readonly string[] {
  return lineage(className).flatMap((name) => Object.keys(classes[name]?.table ?? {}))
}

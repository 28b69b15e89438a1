import type { WaySettings } from '#config'
import type { Authenticator, AuthenticatorDeps } from './contract.ts'
import { errors } from './errors.ts'

type Load = () => Promise<{ create(deps: AuthenticatorDeps): Authenticator | Promise<Authenticator> }>

const oauth: Load = () => import('./oauth/index.ts')

const oauthNames = [
  'auth0',
  'azuread',
  'bitbucket',
  'canvas',
  'cilogon',
  'generic-oauth',
  'github',
  'gitlab',
  'globus',
  'google',
  'keycloak',
  'openshift',
]

/** By our name of the class, as `config` finds it; loaded only where used. */
const registry: Readonly<Record<string, Load>> = {
  local: () => import('./local/index.ts'),
  dummy: () => import('./dummy/index.ts'),
  custom: () => import('./custom/index.ts'),
  native: () => import('./native/index.ts'),
  saml: () => import('./saml/index.ts'),
  shibboleth: () => import('./shibboleth/index.ts'),
  ldap: () => import('./ldap/index.ts'),
  tmp: () => import('./tmp/index.ts'),
  null: () => import('./null/index.ts'),
  firstuse: () => import('./firstuse/index.ts'),
  'shared-password': () => import('./shared-password/index.ts'),
  'remote-user': () => import('./remote-user/index.ts'),
  jwt: () => import('./jwt/index.ts'),
  ...Object.fromEntries(oauthNames.map((name) => [name, oauth])),
}

export const authenticatorNames: readonly string[] = Object.keys(registry)

/** What names a way of signing in. */
export type Way = Pick<WaySettings, 'id' | 'name'>

/** In the order given; none given: the one-time link of the local administrator. Errors: AUTHENTICATOR_UNKNOWN. */
export async function createAuthenticators(
  ways: readonly Way[],
  depsFor: (id: string) => AuthenticatorDeps,
): Promise<readonly Authenticator[]> {
  const wanted = ways.length > 0 ? ways : [{ id: 'local', name: 'local' }]
  return Promise.all(
    wanted.map(async ({ id, name }) => {
      if (!Object.hasOwn(registry, name)) throw errors.AUTHENTICATOR_UNKNOWN({ name, known: authenticatorNames })
      return (await registry[name]!()).create(depsFor(id))
    }),
  )
}

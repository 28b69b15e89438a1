import type { Authenticator, AuthenticatorDeps } from './contract.ts'
import { errors } from './errors.ts'

type Load = () => Promise<{ create(deps: AuthenticatorDeps): Authenticator }>

/** Loaded only where used. Beside its own name each answers to those that JupyterHub's users write. */
const registry: Readonly<Record<string, { readonly aliases: readonly string[]; readonly load: Load }>> = {
  local: { aliases: [], load: () => import('./local/index.ts') },
  dummy: {
    aliases: ['dummyauthenticator', 'jupyterhub.auth.dummyauthenticator', 'dummyauthenticator.dummyauthenticator'],
    load: () => import('./dummy/index.ts'),
  },
  native: {
    aliases: ['nativeauthenticator', 'nativeauthenticator.nativeauthenticator'],
    load: () => import('./native/index.ts'),
  },
}

export const authenticatorNames: readonly string[] = Object.keys(registry)

/** In the order given; none given: the one-time link of the local administrator. Errors: AUTHENTICATOR_UNKNOWN. */
export async function createAuthenticators(
  names: readonly string[],
  deps: AuthenticatorDeps,
): Promise<readonly Authenticator[]> {
  const wanted = new Set((names.length > 0 ? names : ['local']).map(ownName))
  return Promise.all([...wanted].map(async (name) => (await registry[name]!.load()).create(deps)))
}

function ownName(written: string): string {
  const name = written.toLowerCase().replaceAll(':', '.')
  const found = Object.entries(registry).find(([own, { aliases }]) => own === name || aliases.includes(name))
  if (!found) throw errors.AUTHENTICATOR_UNKNOWN({ name: written, known: authenticatorNames })
  return found[0]
}

/** By the name of the authenticator; loaded only where used. */
import type { Provider } from '../provider.ts'

export const providers: Readonly<Record<string, () => Promise<Provider>>> = {
  auth0: async () => (await import('./auth0.ts')).auth0,
  azuread: async () => (await import('./azuread.ts')).azuread,
  bitbucket: async () => (await import('./bitbucket.ts')).bitbucket,
  canvas: async () => (await import('./canvas.ts')).canvas,
  cilogon: async () => (await import('./cilogon.ts')).cilogon,
  'generic-oauth': async () => (await import('./generic.ts')).generic,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  globus: async () => (await import('./globus.ts')).globus,
  google: async () => (await import('./google.ts')).google,
  keycloak: async () => (await import('./keycloak.ts')).keycloak,
  openshift: async () => (await import('./openshift.ts')).openshift,
}

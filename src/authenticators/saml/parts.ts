import type { AuthenticatorDeps, Visit } from '../contract.ts'
import type { ServiceProvider } from './config/service-provider.ts'
import type { IdentityProvider } from './metadata/entity.ts'
import type { MetadataStore } from './metadata/store.ts'
import type { Protection } from './response/index.ts'
import { keyOfCertificate } from './security/keys.ts'

/** What the routes work with. */
export interface Parts {
  readonly deps: AuthenticatorDeps
  readonly sp: ServiceProvider
  readonly metadata: MetadataStore
}

/** Our name: as configured, else where our metadata is. */
export function entityIdOf({ sp }: Parts, visit: Visit): string {
  return sp.entityId ?? visit.routeUrl(sp.paths.metadata[0]!)
}

/** null: there is none, or a site does not take people from it. */
export async function findProvider({ sp, metadata }: Parts, entityId: string): Promise<IdentityProvider | null> {
  const { identityProviders: only } = sp
  return only.length > 0 && !only.includes(entityId) ? null : metadata.find(entityId)
}

export function protectionOf({ sp }: Parts, idp: IdentityProvider): Protection {
  const { options, decryptionKeys } = sp
  return {
    signingKeys: idp.signingCertificates.map(keyOfCertificate).filter((key) => key !== null),
    decryptionKeys,
    blocked: options.blockedAlgorithms,
    mustSign: [
      ...(options.responseMustBeSigned ? (['response'] as const) : []),
      ...(options.assertionMustBeSigned ? (['assertion'] as const) : []),
    ],
  }
}

/** The ID of a message and the id of its attempt: an ID must not begin with a digit. */
export const messageId = (attempt: string) => `_${attempt}`

export function attemptId(id: string | null): string | null {
  return /^_([0-9a-f]{32})$/.exec(id ?? '')?.[1] ?? null
}

/** What is kept from a request to its answer. */
export interface Asked {
  readonly kind: 'sign-in' | 'sign-out'
  readonly idp: string
  readonly at: number
}

/** What is kept of an identity provider's metadata: plain data, which goes from thread to thread and to disk. */
import type { Millis } from '#base/clock.ts'

export interface Endpoint {
  readonly binding: string
  readonly location: string
  /** Of single logout: where answers go, if elsewhere. */
  readonly responseLocation: string | null
}

/** By language: `{ en: 'University', de: 'Universität' }`. */
export type Localized = Readonly<Record<string, string>>

export interface Logo {
  readonly url: string
  readonly width: number
  readonly height: number
  readonly lang: string | null
}

export interface IdentityProvider {
  readonly entityId: string
  /** The metadata is good until then. */
  readonly validUntil: Millis
  readonly displayNames: Localized
  readonly keywords: Localized
  readonly logos: readonly Logo[]
  /** Where it explains errors to people. */
  readonly errorUrl: string | null
  /** Domains that it may speak for. */
  readonly scopes: readonly string[]
  readonly entityCategories: readonly string[]
  readonly assurance: readonly string[]
  readonly registrationAuthority: string | null
  /** Base64 of certificates (DER); any of them may sign. */
  readonly signingCertificates: readonly string[]
  readonly wantsSignedRequests: boolean
  readonly singleSignOn: readonly Endpoint[]
  readonly singleLogout: readonly Endpoint[]
  readonly nameIdFormats: readonly string[]
}

export const hideFromDiscovery = 'http://refeds.org/category/hide-from-discovery'

/** In this language, else in English, else in any. */
export function localized(texts: Localized, language: string): string | null {
  return texts[language] ?? texts.en ?? Object.values(texts)[0] ?? null
}

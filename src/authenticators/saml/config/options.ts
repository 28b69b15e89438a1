/** The options of the class's table, as `config` gives them. */
export type ByLanguage = string | Readonly<Record<string, string>>

export interface SourceOption {
  readonly file?: string
  readonly url?: string
  readonly mdq?: string
  readonly content?: string
  readonly certificate?: string | readonly string[]
  readonly max_validity_days?: number
  readonly refresh_minutes?: number
}

export interface KeyOption {
  readonly key: string
  readonly certificate: string
}

export interface ContactOption {
  readonly type: string
  readonly name?: string
  readonly email: string
}

export interface SamlOptions {
  readonly metadataFilepath: string
  readonly metadataContent: string
  readonly metadataUrl: string
  readonly xpathUsernameLocation: string | null
  readonly sloForwardOnLogout: boolean
  readonly entityId: string
  readonly nameidFormat: string | null
  readonly acsEndpointUrl: string
  readonly organizationName: ByLanguage | null
  readonly organizationDisplayName: ByLanguage | null
  readonly organizationUrl: ByLanguage | null
  readonly xpathRoleLocation: string | null
  readonly allowedRoles: string | readonly string[]
  readonly metadata: readonly SourceOption[]
  readonly metadataBackingDir: string | null
  readonly shibbolethDir: string | null
  readonly keys: readonly KeyOption[]
  readonly handlerPath: string
  readonly serviceName: ByLanguage
  readonly identityProviders: readonly string[]
  readonly discoveryService: string | null
  readonly hideCategories: readonly string[]
  readonly userName: readonly string[]
  readonly stripScopes: readonly string[]
  readonly scopes: Readonly<Record<string, readonly string[]>>
  readonly attributeMap: Readonly<Record<string, string>>
  readonly groupsFrom: readonly string[]
  readonly requiredAttributes: Readonly<Record<string, readonly string[]>>
  readonly authnContexts: readonly string[]
  readonly forceAuthn: boolean
  readonly signRequests: boolean
  readonly signMetadata: boolean
  readonly responseMustBeSigned: boolean
  readonly assertionMustBeSigned: boolean
  readonly idpInitiated: boolean
  readonly blockedAlgorithms: readonly string[]
  readonly clockSkewSeconds: number
  readonly displayName: ByLanguage | null
  readonly description: ByLanguage | null
  readonly informationUrl: ByLanguage | null
  readonly privacyStatementUrl: ByLanguage | null
  readonly logoUrl: string | null
  readonly contacts: readonly ContactOption[]
  readonly requestedAttributes: readonly string[]
  readonly subjectIdRequired: 'subject-id' | 'pairwise-id' | 'any' | 'none'
}

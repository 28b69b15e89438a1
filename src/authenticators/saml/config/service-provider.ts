/** What the hub is in SAML: its name, its keys, its addresses, and what it expects; made once at the start. */
import type { KeyObject } from 'node:crypto'
import type { MetadataSource } from '../metadata/sources.ts'
import { configErrors as errors } from './errors.ts'
import { type OwnKey, readKeys } from './keys.ts'
import type { SamlOptions } from './options.ts'
import { type EndpointPaths, endpointPaths } from './paths.ts'
import { readShibbolethDir } from './shibboleth-dir.ts'
import { sourcesOf } from './sources.ts'
import { attributeOfXpath } from './xpath.ts'

export interface ServiceProvider {
  readonly options: SamlOptions
  /** null: the address of our metadata. */
  readonly entityId: string | null
  /** The first signs. */
  readonly keys: readonly OwnKey[]
  readonly decryptionKeys: readonly KeyObject[]
  readonly sources: readonly MetadataSource[]
  readonly paths: EndpointPaths
  readonly userName: readonly string[]
  readonly requiredAttributes: Readonly<Record<string, readonly string[]>>
  /** Roles that let people in, who must have one of them; empty: it is not asked. */
  readonly allowedRoles: readonly string[]
  readonly attributeMap: Readonly<Record<string, string>>
  readonly discoveryService: string | null
  /** Empty: all that there are. */
  readonly identityProviders: readonly string[]
  readonly skewMs: number
}

/** Errors: those of `errors.ts`. */
export function serviceProvider(options: SamlOptions, { publicUrl }: { publicUrl: string | null }): ServiceProvider {
  const taken = options.shibbolethDir === null ? null : readShibbolethDir(options.shibbolethDir)
  const entityId = options.entityId || taken?.entityId || null
  if (publicUrl === null && entityId === null) throw errors.SAML_PUBLIC_URL_MISSING(undefined)
  const keys = readKeys(options.keys.length > 0 ? options.keys : (taken?.keys ?? []))
  const sources = sourcesOf({ ...options, metadata: [...options.metadata, ...(taken?.metadata ?? [])] })
  if (sources.length === 0) throw errors.SAML_NO_METADATA(undefined)
  const roles = requiredRoles(options)
  return {
    options,
    entityId,
    keys,
    decryptionKeys: keys.map(({ key }) => key),
    sources,
    paths: endpointPaths(options.handlerPath || (taken?.handlerPath ?? ''), options.acsEndpointUrl),
    userName: userNameFrom(options),
    requiredAttributes: { ...options.requiredAttributes, ...roles },
    allowedRoles: Object.values(roles).flat(),
    attributeMap: { ...taken?.attributeMap, ...options.attributeMap },
    discoveryService: options.discoveryService ?? taken?.discoveryService ?? null,
    identityProviders: options.identityProviders.length > 0 ? options.identityProviders : onlyOne(taken?.onlyProvider),
    skewMs: options.clockSkewSeconds * 1000,
  }
}

const onlyOne = (entityId: string | null | undefined) => (entityId ? [entityId] : [])

function userNameFrom({ xpathUsernameLocation, userName }: SamlOptions): readonly string[] {
  if (xpathUsernameLocation === null) return userName
  return [attributeOfXpath('xpath_username_location', xpathUsernameLocation)]
}

/** jupyterhub-samlauthenticator asks for one of the roles, with commas between them. */
function requiredRoles({ xpathRoleLocation, allowedRoles }: SamlOptions): Record<string, readonly string[]> {
  const roles = (typeof allowedRoles === 'string' ? allowedRoles.split(',') : allowedRoles).map((role) => role.trim())
  const wanted = roles.filter((role) => role !== '')
  if (xpathRoleLocation === null || wanted.length === 0) return {}
  return { [attributeOfXpath('xpath_role_location', xpathRoleLocation)]: wanted }
}

/**
 * Takes over the registration of a Shibboleth service provider, so that nothing has to be registered anew: its name,
 * keys, metadata, attribute map and paths, from `shibboleth2.xml` (SP 2 and 3) and `attribute-map.xml`.
 */
import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import { attribute, elementsOf, walk, type XmlElement } from '../xml/element.ts'
import { parseXml } from '../xml/tree.ts'
import { configErrors as errors } from './errors.ts'
import type { KeyOption, SourceOption } from './options.ts'

export interface TakenOver {
  readonly entityId: string | null
  readonly keys: readonly KeyOption[]
  readonly metadata: readonly SourceOption[]
  readonly handlerPath: string
  readonly discoveryService: string | null
  /** The one that people are sent to without being asked. */
  readonly onlyProvider: string | null
  readonly attributeMap: Readonly<Record<string, string>>
}

const limits = { depth: 64, nodes: 50_000, comments: 'dropped' } as const

/** Errors: SAML_SHIBBOLETH_DIR. */
export function readShibbolethDir(folder: string): TakenOver {
  const root = readXml(join(folder, 'shibboleth2.xml'))
  const all = [...walk(root)]
  const named = (name: string) => all.filter((one) => one.name === name)
  const defaults = named('ApplicationDefaults')[0] ?? null
  const sso = named('SSO')[0] ?? null
  const at = (path: string) => (isAbsolute(path) ? path : join(folder, path))
  return {
    entityId: defaults && attribute(defaults, 'entityID'),
    keys: keysOf(named('CredentialResolver'), at),
    metadata: named('MetadataProvider').flatMap((one) => sourceOf(one, at)),
    handlerPath: handlerPath(named('Sessions')[0] ?? null),
    discoveryService: sso && attribute(sso, 'discoveryURL'),
    onlyProvider: sso && attribute(sso, 'entityID'),
    attributeMap: attributeMap(named('AttributeExtractor'), at),
  }
}

function readXml(file: string): XmlElement {
  try {
    return parseXml(readFileSync(file, 'utf8'), limits)
  } catch (cause) {
    throw errors.SAML_SHIBBOLETH_DIR({ file, why: messageOf(cause) }, cause)
  }
}

/** Those for signing come first: the first of our keys signs. */
function keysOf(resolvers: readonly XmlElement[], at: (path: string) => string): readonly KeyOption[] {
  const files = resolvers
    .filter((one) => attribute(one, 'type') === 'File' && attribute(one, 'key') !== null)
    .sort((a, b) => Number(attribute(a, 'use') === 'encryption') - Number(attribute(b, 'use') === 'encryption'))
    .map((one) => ({ key: at(attribute(one, 'key')!), certificate: at(attribute(one, 'certificate') ?? '') }))
  return files.filter(({ key }, index) => files.findIndex((other) => other.key === key) === index)
}

/** `uri` and `file` are how SP 2 wrote it. */
function sourceOf(provider: XmlElement, at: (path: string) => string): SourceOption[] {
  const filters = elementsOf(provider).filter(({ name }) => name === 'MetadataFilter')
  const filter = (type: string) => filters.find((one) => attribute(one, 'type') === type)
  const signature = filter('Signature')
  const file = signature && attribute(signature, 'certificate')
  const interval =
    filter('RequireValidUntil') && Number(attribute(filter('RequireValidUntil')!, 'maxValidityInterval') ?? 0)
  const common = {
    ...(file && { certificate: at(file) }),
    ...(interval ? { max_validity_days: Math.ceil(interval / 86_400) } : {}),
  }
  const url = attribute(provider, 'url') ?? attribute(provider, 'uri')
  const path = attribute(provider, 'path') ?? attribute(provider, 'file')
  if (attribute(provider, 'type') === 'MDQ' && (attribute(provider, 'baseUrl') ?? url))
    return [{ mdq: (attribute(provider, 'baseUrl') ?? url)!, ...common }]
  if (url && /^https?:/.test(url)) return [{ url, ...common }]
  return path ? [{ file: at(path), ...common }] : []
}

function handlerPath(sessions: XmlElement | null): string {
  const url = (sessions && attribute(sessions, 'handlerURL')) ?? '/Shibboleth.sso'
  return /^https?:/.test(url) ? new URL(url).pathname : url
}

/** Names of attributes that the map gives, of those in the form of SAML 2. */
function attributeMap(
  extractors: readonly XmlElement[],
  at: (path: string) => string,
): Readonly<Record<string, string>> {
  const file = extractors.map((one) => attribute(one, 'path')).find((path) => path !== null)
  if (!file || !existsSync(at(file))) return {}
  const rows = elementsOf(readXml(at(file))).filter(({ name }) => name === 'Attribute')
  return Object.fromEntries(
    rows.flatMap((row) => {
      const [name, id] = [attribute(row, 'name'), attribute(row, 'id')]
      return name && id ? [[name, id] as const] : []
    }),
  )
}

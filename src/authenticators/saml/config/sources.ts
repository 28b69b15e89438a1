import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { MetadataSource } from '../metadata/sources.ts'
import { configErrors as errors } from './errors.ts'
import { readPem } from './keys.ts'
import type { SamlOptions, SourceOption } from './options.ts'

const day = 86_400_000
const usualRefreshMinutes = { file: 15, content: 60, url: 60, mdq: 60 }
/** The usual cap of federations. */
const usualValidityDays = 28

/** Errors: SAML_SOURCE_UNCLEAR, SAML_SOURCE_UNSIGNED, SAML_KEY_UNREADABLE. */
export function sourcesOf(options: SamlOptions): readonly MetadataSource[] {
  const old = oldSource(options)
  return [...(old ? [old] : []), ...options.metadata].map((option, index) => sourceOf(option, index + 1, options))
}

/** The three of jupyterhub-samlauthenticator, of which the first that is set counts. */
function oldSource({ metadataFilepath, metadataContent, metadataUrl }: SamlOptions): SourceOption | null {
  if (metadataFilepath !== '') return { file: metadataFilepath }
  if (metadataContent !== '') return { content: metadataContent }
  return metadataUrl === '' ? null : { url: metadataUrl }
}

function sourceOf(option: SourceOption, number: number, { metadataBackingDir }: SamlOptions): MetadataSource {
  const kinds = (['file', 'content', 'url', 'mdq'] as const).filter((kind) => option[kind] !== undefined)
  const [kind] = kinds
  if (!kind || kinds.length > 1) throw errors.SAML_SOURCE_UNCLEAR({ number })
  const value = option[kind]!
  const certificates = certificatesOf(option, value)
  if (certificates === null && /^http:/i.test(value) && kind !== 'content')
    throw errors.SAML_SOURCE_UNSIGNED({ url: value })
  // What is not signed has no end that anybody could be held to.
  const days = option.max_validity_days ?? (certificates === null ? 0 : usualValidityDays)
  const common = {
    name: kind === 'content' ? `metadata ${number}` : value,
    certificates,
    maxValidityMs: days === 0 ? null : days * day,
    refreshMs: (option.refresh_minutes ?? usualRefreshMinutes[kind]) * 60_000,
  }
  if (kind === 'file') return { ...common, kind, path: value }
  if (kind === 'content') return { ...common, kind, text: value }
  if (kind === 'mdq') return { ...common, kind, base: value }
  return { ...common, kind, url: value, backingFile: metadataBackingDir && backingFile(metadataBackingDir, value) }
}

function certificatesOf({ certificate }: SourceOption, source: string): readonly string[] | null {
  if (certificate === undefined) return null
  const all = typeof certificate === 'string' ? [certificate] : certificate
  return all.map((one) => readPem(one, `The certificate of ${source}`))
}

function backingFile(folder: string, url: string): string {
  return join(folder, `saml-metadata-${createHash('sha256').update(url).digest('hex').slice(0, 16)}.xml`)
}

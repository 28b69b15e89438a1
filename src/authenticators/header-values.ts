/** The headers in which a web server hands over attributes, read as `jhub_shibboleth_auth` reads them. */
import type { Visit } from './contract.ts'

/**
 * What came, by the names as they are configured: absent attributes are absent keys. The headers are UTF-8, which HTTP
 * takes for Latin-1.
 */
export function readHeaders(names: readonly string[], headers: Visit['headers']): Readonly<Record<string, string>> {
  const found = names.map((name) => [name, decode(single(headers[name.toLowerCase()]))] as const)
  return Object.fromEntries(found.filter(([, value]) => value !== ''))
}

function single(value: string | string[] | undefined): string {
  return (typeof value === 'object' ? value[0] : value) ?? ''
}

function decode(text: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

/** The values of an attribute that has several: joined by semicolons, `\;` is one within a value. */
export function valuesOf(joined: string | undefined): readonly string[] {
  if (joined === undefined) return []
  return (joined.match(/(?:\\.|[^;\\])+/gs) ?? [])
    .map((value) => value.replace(/\\([;\\])/g, '$1').trim())
    .filter(Boolean)
}

/** Attributes by what they are, whatever their header's spelling: `isMemberOf`, `IS-MEMBER-OF` and `ismemberof` are one. */
export function attributeNamed(
  collected: Readonly<Record<string, string>>,
  ...names: readonly string[]
): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '')
  const found = names.flatMap((name) => Object.entries(collected).filter(([key]) => plain(key) === plain(name)))
  return found[0]?.[1]
}

import type { Kind } from '../schema/index.ts'
import { setOwn } from '../yaml/tree.ts'

const soundsSecret = /secret|token$|passw|credential|private|api_?key|cryptkey|^keys?$/i
const mask = '(hidden)'

/** A value without its secrets: what the kind marks, and what is named like one. */
export function withoutSecrets(value: unknown, kind: Kind | undefined, name = ''): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value
  if (kind?.secret === true || (soundsSecret.test(name) && typeof value !== 'object')) return mask
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, kind?.items, name))
  if (typeof value !== 'object') return value
  const shown: Record<string, unknown> = {}
  for (const [key, one] of Object.entries(value)) setOwn(shown, key, withoutSecrets(one, kindWithin(kind, key), key))
  return shown
}

/** The kind of what stands below a key; undefined where nothing is known of it. */
export function kindWithin(kind: Kind | undefined, key: string): Kind | undefined {
  if (kind?.properties && Object.hasOwn(kind.properties, key)) return kind.properties[key]
  return typeof kind?.additionalProperties === 'object' ? kind.additionalProperties : undefined
}

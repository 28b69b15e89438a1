/** Query strings of requests, by the route's schema. Parameters that the route does not know are passed over. */
import type { TProperties, TSchema } from 'typebox'
import { errors } from './errors.ts'

type Raw = Readonly<Record<string, string | readonly string[] | undefined>>

/** Of a parameter given twice the last counts. Errors: QUERY_INVALID. */
export function readQuery(schemas: TProperties, raw: Raw): Record<string, string | number | boolean> {
  const query: Record<string, string | number | boolean> = {}
  for (const [name, schema] of Object.entries(schemas)) {
    const given = raw[name]
    const text = typeof given === 'object' ? given.at(-1) : given
    if (text !== undefined) query[name] = readValue(name, schema, text)
  }
  return query
}

/** Of flags, only `0` and `false` are false: the name alone is true. */
function readValue(name: string, schema: TSchema, text: string): string | number | boolean {
  const { type, enum: words } = schema as { type?: string; enum?: readonly string[] }
  if (type === 'boolean') return !['0', 'false'].includes(text.toLowerCase())
  if (type === 'integer') {
    if (!/^\s*[+-]?\d{1,15}\s*$/.test(text)) throw errors.QUERY_INVALID({ name, expected: 'must be a whole number' })
    return Number(text)
  }
  if (words && !words.includes(text)) {
    throw errors.QUERY_INVALID({ name, expected: `must be one of ${words.join(', ')}` })
  }
  return text
}

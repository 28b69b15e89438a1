/** Templates such as `claim-{user_server}`, filled in as Python's `str.format` does with plain names. */
import { errors } from './errors.ts'

/** What may stand between braces. */
export type Fields = Readonly<Record<string, string>>

const piece = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g

/**
 * Fills in one text; `{{` and `}}` are braces. Hyphens that an empty name leaves at the end are cut off, as KubeSpawner
 * does: `claim-{username}-{servername}` works for the default server. Errors: TEMPLATE_INVALID.
 */
export function filledIn(template: string, fields: Fields): string {
  const filled = template.replace(piece, (part: string, name?: string) => {
    if (part === '{{') return '{'
    if (part === '}}') return '}'
    if (name !== undefined && Object.hasOwn(fields, name)) return fields[name] as string
    throw errors.TEMPLATE_INVALID({ template, part, known: Object.keys(fields) })
  })
  return template.endsWith('-') ? filled : filled.replace(/-+$/, '')
}

/** Fills in every text of a list or map; names of keys stay. */
export function allFilledIn<T>(value: T, fields: Fields): T {
  // Safe: the shape stays, only texts change.
  return filledInside(value, fields) as T
}

function filledInside(value: unknown, fields: Fields): unknown {
  if (typeof value === 'string') return filledIn(value, fields)
  if (Array.isArray(value)) return value.map((item) => filledInside(item, fields))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledInside(item, fields)]))
}

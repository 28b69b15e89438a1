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
  return filled(template, fields, (part) => {
    throw errors.TEMPLATE_INVALID({ template, part, known: Object.keys(fields) })
  })
}

/**
 * The same where braces may be meant as such: variables hold JSON and addresses such as `proxy/{port}/status`, and many
 * were written before braces had a meaning there. What is no field stays as it is.
 */
export function looselyFilledIn(template: string, fields: Fields): string {
  return filled(template, fields, (part) => part)
}

function filled(template: string, fields: Fields, other: (part: string) => string): string {
  const text = template.replace(piece, (part: string, name?: string) => {
    if (part === '{{') return '{'
    if (part === '}}') return '}'
    return name !== undefined && Object.hasOwn(fields, name) ? (fields[name] as string) : other(part)
  })
  return template.endsWith('-') ? text : text.replace(/-+$/, '')
}

/** Fills in every text of a list or map; names of keys stay. */
export function allFilledIn<T>(value: T, fields: Fields, fill = filledIn): T {
  // Safe: the shape stays, only texts change.
  return filledInside(value, (text) => fill(text, fields)) as T
}

function filledInside(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map((item) => filledInside(item, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledInside(item, fill)]))
}

/** Values within what a provider says. */

/** A field by its name, else by names with dots between them: `ocs.data.id`. undefined: there is none. */
export function claimAt(record: unknown, path: string): unknown {
  if (typeof record !== 'object' || record === null) return undefined
  if (Object.hasOwn(record, path)) return (record as Record<string, unknown>)[path]
  const dot = path.indexOf('.')
  if (dot === -1) return undefined
  const head = path.slice(0, dot)
  if (!Object.hasOwn(record, head)) return undefined
  return claimAt((record as Record<string, unknown>)[head], path.slice(dot + 1))
}

/** A text, or a number as one; null for anything else, and for nothing. */
export function textAt(record: unknown, path: string): string | null {
  const value = claimAt(record, path)
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

/** The texts of a list; a text with spaces or commas is one, as some providers write groups and scopes. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(Boolean)
  return Array.isArray(value)
    ? value.filter((one) => typeof one === 'string' || typeof one === 'number').map(String)
    : []
}

/** A list's texts, each as it stands. */
export function listOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value)
    ? value.filter((one) => typeof one === 'string' || typeof one === 'number').map(String)
    : []
}

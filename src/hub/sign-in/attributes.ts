/** What came in with an identity, as an administrator may see it: cut to a size that fits a log, and without tokens. */
const longestValue = 256
const most = 60

const isSecret = (name: string) => /token|secret|password|^code$|^otp$/i.test(name)

export function shownAttributes(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown = Object.entries(attributes)
    .filter(([name]) => !isSecret(name))
    .slice(0, most)
  return Object.fromEntries(shown.map(([name, value]) => [name.slice(0, longestValue), shownValue(value)]))
}

function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return value.length > longestValue ? `${value.slice(0, longestValue)}…` : value
  if (Array.isArray(value)) return value.slice(0, most).map(shownValue)
  if (typeof value === 'object' && value !== null) return shownAttributes(value as Record<string, unknown>)
  return value
}

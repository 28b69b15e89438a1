/** Python's two ways to fill a text, as far as templates use them. */

/** `'{} of {0} {name}'.format(1, name='x')`; a last argument with `__keywords` holds the named ones. */
export function formatPython(form: string, values: readonly unknown[]): string {
  const named = keywords(values)
  let next = 0
  return form.replace(/\{\{|\}\}|\{(\w*)\}/g, (whole, key: string | undefined) => {
    if (key === undefined) return whole[0] ?? ''
    if (key === '') return String(values[next++] ?? '')
    return String(/^\d+$/.test(key) ? (values[Number(key)] ?? '') : (named[key] ?? ''))
  })
}

/** `'%s is %d' | format('x', 3)`. */
export function formatPercent(form: string, values: readonly unknown[]): string {
  const named = keywords(values)
  let next = 0
  return form.replace(/%(?:\((\w+)\))?(?:\.(\d+))?([sdfrx%])/g, (_, key?: string, digits?: string, kind?: string) => {
    if (kind === '%') return '%'
    const value = key === undefined ? values[next++] : named[key]
    if (kind === 'f') return Number(value).toFixed(digits === undefined ? 6 : Number(digits))
    if (kind === 'd') return String(Math.trunc(Number(value)))
    return kind === 'x' ? Number(value).toString(16) : String(value ?? '')
  })
}

function keywords(values: readonly unknown[]): Record<string, unknown> {
  const last = values.at(-1)
  const isKeywords = typeof last === 'object' && last !== null && '__keywords' in last
  return isKeywords ? (last as Record<string, unknown>) : {}
}

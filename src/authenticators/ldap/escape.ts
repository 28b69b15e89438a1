/** Names that people type, made harmless within filters (RFC 4515) and distinguished names (RFC 4514). */

export function escapeFilter(text: string): string {
  return text.replace(/[\\*()\0]/g, (one) => `\\${one.charCodeAt(0).toString(16).padStart(2, '0')}`)
}

export function escapeRdn(text: string): string {
  const special = text.replace(/[\\,+"<>;=]/g, '\\$&').replace(/\0/g, '\\00')
  return special.replace(/^[ #]/, '\\$&').replace(/ $/, '\\ ')
}

/** `{name}` is a hole; a hole that nobody fills is left as it stands. */
export function filled(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (hole, name: string) => (Object.hasOwn(values, name) ? values[name]! : hole))
}

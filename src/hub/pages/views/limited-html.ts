/**
 * Descriptions of profiles may hold simple markup, as in KubeSpawner's forms. Everything is escaped but a few exact
 * tags, so a text can neither run a script nor break out of its card.
 */
const plainTags = new Set(['b', 'strong', 'i', 'em', 'code', 'small', 'sub', 'sup', 'p', 'ul', 'ol', 'li', 'br'])
const tag = /<(\/?)([a-z]+)((?:\s+[a-z-]+="[^"<>]*")*)\s*\/?>/gi
const goodTarget = /^(?:https?:\/\/|mailto:|\/(?!\/)|#)/i

/** HTML that is safe to print as it is; tags left open are closed. */
export function limitedHtml(text: string): string {
  const open: string[] = []
  let html = ''
  let at = 0
  for (const found of text.matchAll(tag)) {
    html += escapeHtml(text.slice(at, found.index)) + rewriteTag(found, open)
    at = found.index + found[0].length
  }
  return (
    html +
    escapeHtml(text.slice(at)) +
    open
      .toReversed()
      .map((name) => `</${name}>`)
      .join('')
  )
}

function rewriteTag([whole, slash, given = '', attributes = '']: RegExpExecArray, open: string[]): string {
  const name = given.toLowerCase()
  if (name !== 'a' && !plainTags.has(name)) return escapeHtml(whole)
  if (name === 'br') return '<br>'
  if (slash === '/') {
    if (open.at(-1) !== name) return ''
    open.pop()
    return `</${name}>`
  }
  if (name !== 'a') {
    open.push(name)
    return `<${name}>`
  }
  const target = /\bhref="([^"]*)"/i.exec(attributes)?.[1]
  if (target === undefined || !goodTarget.test(target)) return ''
  open.push('a')
  return `<a href="${escapeHtml(target.replaceAll('&amp;', '&'))}" target="_blank" rel="noopener noreferrer">`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** The text alone, for a label. */
export function withoutTags(text: string): string {
  return text.replace(/<\/?[a-z][^<>]*>/gi, '').trim()
}

/**
 * Where to go after sign-in, from a `next` that anybody may have written into a link: a path on this site with its
 * query and fragment, percent-encoded, or null. `ownHosts` are the hosts (with port) under which browsers know the
 * hub; absolute URLs to them lose their host.
 */
export function safeNext(raw: string | undefined, ownHosts: readonly string[]): string | null {
  if (raw === undefined || raw.length > maxLength || hasControlCharacter(raw)) return null
  const text = raw.replaceAll('\\', '%5C')
  const isAbsolute = /^https?:\/\/[^/]/i.test(text)
  if (!isAbsolute && !text.startsWith('/')) return null
  // Read with the parser that browsers use, as if found on a page of ours.
  const here = 'http://this.invalid'
  const given = text.replace(/^\/{3,}/, '//')
  if (!URL.canParse(given, here)) return null
  const { origin, host, username, password, pathname, search, hash } = new URL(given, here)
  const isOwn = origin === here ? !isAbsolute && !given.startsWith('//') : ownHosts.includes(host)
  // `/..//evil` is read as `//evil`, which means a host when it is read again.
  if (!isOwn || username !== '' || password !== '' || pathname.startsWith('//')) return null
  return pathname + search + hash
}

const maxLength = 8192

/** Browsers drop some of these without a word, so that `/<tab>/evil` becomes `//evil`. */
function hasControlCharacter(text: string): boolean {
  for (const character of text) if (character < ' ' || (character >= '\x7f' && character <= '\x9f')) return true
  return false
}

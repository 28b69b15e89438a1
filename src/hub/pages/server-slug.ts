import { createHash } from 'node:crypto'

const longest = 30

/**
 * The name of a server made from the one that a person typed, as JupyterHub's home page makes it: lower-case letters,
 * digits and dashes. With a digest of the original behind it when the short form is taken.
 */
export function serverSlug(displayName: string, taken: ReadonlySet<string>): string {
  const plain = displayName
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
  const slug = trimmed(/^[a-z]/.test(plain) ? plain : `x-${plain}`, longest)
  if (!taken.has(slug)) return slug
  const digest = createHash('sha256').update(displayName).digest('hex').slice(0, 8)
  return `${trimmed(slug, longest - 9)}-${digest}`
}

function trimmed(slug: string, length: number): string {
  return slug.slice(0, length).replace(/-$/, '')
}

/** What a server has, for people. */
import { formatBytes, parseBytes } from '#base/bytes.ts'
import type { Edition } from '#spawners'

/** `1 GiB` for `1073741824`; what is no memory stays as it is. */
export function shownValue(what: string, value: string): string {
  const bytes = what === 'memory' ? parseBytes(value) : null
  return bytes === null ? value : formatBytes(bytes)
}

export interface Fact {
  /** `image`, or the name of a resource. */
  readonly what: string
  readonly value: string
}

/** For a card: the image by its last part, the rest whole; folders say nothing before a start. */
export function factsOf({ image, folders: _, ...resources }: Edition): readonly Fact[] {
  const rest = Object.entries(resources).map(([what, value]) => ({ what, value: shownValue(what, value) }))
  return [...rest, ...(image ? [{ what: 'image', value: image.split('/').at(-1) ?? image }] : [])]
}

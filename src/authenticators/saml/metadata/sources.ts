/** Where metadata comes from, as a site configures it. */
import type { KeyObject } from 'node:crypto'
import type { Millis } from '#base/clock.ts'

interface Common {
  /** Names the source in the log. */
  readonly name: string
  /** PEM of the keys or certificates that its signature is checked with; null: it is not checked. */
  readonly certificates: readonly string[] | null
  /** null: no limit. */
  readonly maxValidityMs: Millis | null
  readonly refreshMs: Millis
}

export interface FileSource extends Common {
  readonly kind: 'file'
  readonly path: string
}

export interface ContentSource extends Common {
  readonly kind: 'content'
  readonly text: string
}

export interface UrlSource extends Common {
  readonly kind: 'url'
  readonly url: string
  /** Where the last good copy is kept; null: nowhere. */
  readonly backingFile: string | null
}

/** https://www.ietf.org/archive/id/draft-young-md-query-24.html */
export interface MdqSource extends Common {
  readonly kind: 'mdq'
  readonly base: string
}

/** Those that are read whole. */
export type WholeSource = FileSource | ContentSource | UrlSource
export type MetadataSource = WholeSource | MdqSource

export type Keys = readonly KeyObject[] | null

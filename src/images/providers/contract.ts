import type { BuildLog } from '../log.ts'

/** A way to get a repository's files. A folder here and a line in `registry.ts` make one. */
export interface Provider {
  /** As repo2docker says it: `Picked Git content provider.` */
  readonly name: string
  /** Looks at the address, and at the network only where the address can't tell. Null: not mine. */
  detect(source: string, context: ProviderContext): Promise<Found | null>
}

export interface Found {
  /** What identifies the content without fetching it, such as a commit; null when nothing does. */
  readonly identity: string | null
  /** Fills the empty `folder`; returns what was fetched, such as the first 7 digits of a commit. */
  fetch(folder: string): Promise<{ contentId: string | null }>
}

export interface ProviderContext {
  readonly ref: string | null
  readonly log: BuildLog
  readonly signal: AbortSignal
  readonly http: Http
  /** Largest size of what is fetched, in bytes. */
  readonly mostBytes: number
  readonly lfs: 'fetch' | 'skip'
  /** Lets a git clone take the whole history, for repositories whose build reads it. */
  readonly history: 'shallow' | 'full'
  readonly settings: ProviderSettings
}

export interface ProviderSettings {
  readonly dataverseInstallations?: string
  readonly softwareHeritageToken?: string
}

export interface Http {
  /** JSON of an address, or null at 404. */
  json(url: string, init?: RequestInit): Promise<unknown>
  response(url: string, init?: RequestInit): Promise<Response>
  /** Streams into a file, within the limit of the context. */
  download(url: string, file: string, init?: RequestInit): Promise<void>
}

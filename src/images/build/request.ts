import type { BuildLog } from '../log.ts'
import type { ProviderSettings } from '../providers/contract.ts'

/** Everything that decides a build; the command lines make one each. */
export interface BuildRequest {
  readonly source: string
  readonly ref: string | null
  readonly subdir: string
  /** Null: a name is made of the source. */
  readonly image: string | null
  readonly base: string
  readonly platform: 'linux/amd64' | 'linux/arm64'
  readonly user: { readonly name: string; readonly uid: number }
  readonly repoDir: string | null
  readonly python: string
  readonly node: 'always' | 'when-mentioned'
  readonly hasDefault: boolean
  readonly labels: Readonly<Record<string, string>>
  readonly buildArgs: Readonly<Record<string, string>>
  readonly appendix: string
  readonly keepsGit: boolean
  readonly history: 'shallow' | 'full'
  readonly lfs: 'fetch' | 'skip'
  readonly settings: ProviderSettings
  readonly limits: BuildLimits
  readonly engine: string | null
  readonly engineWords: readonly string[]
  readonly cacheFrom: readonly string[]
  readonly pushes: boolean
  /** Where stages are kept for other builds and machines; null: in the image's own repository. */
  readonly cacheRepository: string | null
  readonly insecureRegistries: readonly string[]
  readonly certificates: string | null
  readonly secrets: Readonly<Record<string, string>>
  /** What counts as there already: repo2docker looks at the name, we at the content. */
  readonly reuse: 'by-name' | 'by-content' | 'never'
  /** Of Himalia; a label of the image. */
  readonly version: string
  readonly log: BuildLog
  readonly signal: AbortSignal
}

export interface BuildLimits {
  readonly repositoryBytes: number
  readonly memoryBytes: number | null
  readonly diskBytes: number | null
  readonly seconds: number | null
}

export interface BuildResult {
  readonly image: string
  readonly outcome: 'built' | 'appended' | 'reused'
  readonly buildpack: string | null
  /** Where the repository's files are in the image. */
  readonly repoDir: string
}

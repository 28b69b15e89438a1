import type { Plan } from '../plan/model.ts'
import type { Repository } from '../repository/tree.ts'

/** A way to make an environment of a repository's files. A folder here and a line in `registry.ts` make one. */
export interface Buildpack {
  /** As repo2docker logs it: `Using PythonBuildPack builder`. */
  readonly name: string
  /** Whether it is the one, asked in the registry's order. Throws for a repository that can't be built at all. */
  detect(repository: Repository): boolean
  plan(request: PlanRequest): Promise<Plan> | Plan
}

export interface PlanRequest {
  readonly repository: Repository
  readonly options: PlanOptions
  readonly facts: Facts
}

export interface PlanOptions {
  readonly base: string
  readonly platform: 'linux/amd64' | 'linux/arm64'
  readonly user: { readonly name: string; readonly uid: number }
  readonly repoDir: string
  /** Where a repository names no Python version. */
  readonly python: string
  /** repo2docker's images always have Node; ours where a script mentions it. */
  readonly node: 'always' | 'when-mentioned'
  readonly labels: Readonly<Record<string, string>>
  readonly buildArgs: Readonly<Record<string, string>>
  readonly appendix: string
}

/** What only the network knows, asked while planning; tests answer from records. */
export interface Facts {
  /** All released versions of Julia. */
  juliaVersions(): Promise<readonly string[]>
  /** The name of CRAN's snapshot at Posit of a day, or of the last day before that has one. */
  cranSnapshot(date: string): Promise<string>
  /** Today, as `2026-08-20`. */
  today(): string
}

/**
 * A build plan is data: what an image is made of, in order, with the inputs of each step. Buildpacks make it from the
 * files of a repository without touching network or engine; engines carry it out; `himalia build --plan` prints it.
 */

/** Goes up when the same repository would give another image. Part of each stage's key. */
export const plannerVersion = 1

export type Plan = StagedPlan | DockerfilePlan

export interface PlanHead {
  readonly planner: number
  /** The name that repo2docker logs, for example `PythonBuildPack`. */
  readonly buildpack: string
  readonly platform: string
  readonly labels: Readonly<Record<string, string>>
  readonly buildArgs: Readonly<Record<string, string>>
  /** What the person should know, such as a file that is ignored. */
  readonly notes: readonly string[]
}

/** Stages stand on each other; each has a key made of its content, and its image is found again by it. */
export interface StagedPlan extends PlanHead {
  readonly kind: 'stages'
  readonly base: string
  readonly user: { readonly name: string; readonly uid: number }
  readonly repoDir: string
  readonly stages: readonly Stage[]
}

/** The repository brings its own Dockerfile: nothing is added but labels and build arguments. */
export interface DockerfilePlan extends PlanHead {
  readonly kind: 'dockerfile'
  /** Relative to the context, which is the (sub)directory. */
  readonly file: string
}

export type StageName = 'base' | 'packages' | 'environment' | 'repository'

export interface Stage {
  readonly name: StageName
  readonly steps: readonly Step[]
}

export type Step =
  | { readonly do: 'env'; readonly values: Readonly<Record<string, string>> }
  | {
      readonly do: 'run'
      readonly title: string
      readonly as: Who
      readonly command: string
      readonly uses?: readonly Use[]
    }
  | { readonly do: 'copy'; readonly title: string; readonly files: readonly CopiedFile[] }
  /** The whole tree, to the repository's folder, owned by the user. */
  | { readonly do: 'repository' }
  | { readonly do: 'folder'; readonly path: string }
  | { readonly do: 'image'; readonly config: ImageConfig }
  /** Lines of a Dockerfile as somebody wrote them (`--appendix`). */
  | { readonly do: 'lines'; readonly text: string }

export type Who = 'root' | 'user'

/** What a command needs besides the image: it leaves no trace there. */
export type Use =
  | { readonly cache: string; readonly at: string; readonly owner: Who }
  | { readonly tool: 'uv'; readonly at: string }

export interface CopiedFile {
  readonly from: { readonly asset: string } | { readonly text: string } | { readonly repository: string }
  /** Of the content: a changed file is another stage. */
  readonly sha256: string
  readonly to: string
  readonly owner: Who
  readonly mode: '644' | '755'
}

export interface ImageConfig {
  readonly user?: string
  readonly workdir?: string
  readonly entrypoint?: readonly string[]
  readonly command?: readonly string[]
  readonly ports?: readonly number[]
}

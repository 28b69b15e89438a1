import type { BuildLog } from '../log.ts'

/** A program that carries plans out. A folder here and a line in `registry.ts` make one. */
export interface Engine {
  readonly name: string
  /** Throws when it can't be used, and says why. */
  check(signal: AbortSignal): Promise<void>
  /** Whether a stage may stand on an image that only this machine has. Else a build is given whole. */
  buildsInStages(signal: AbortSignal): Promise<boolean>
  build(order: BuildOrder): Promise<void>
  /** Null when this machine does not have the image. */
  inspect(image: string, signal: AbortSignal): Promise<LocalImage | null>
  tag(image: string, name: string, signal: AbortSignal): Promise<void>
  push(image: string, order: PushOrder): Promise<void>
  /** Runs a container to its end; the exit code. */
  run(image: string, order: RunOrder): Promise<number>
}

export interface LocalImage {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly workdir: string
  readonly user: string
  readonly entrypoint: readonly string[]
  readonly command: readonly string[]
  readonly platform: string
}

export interface BuildOrder {
  /** The folder that the Dockerfile copies from. */
  readonly context: string
  readonly dockerfile: string
  readonly tag: string
  readonly labels: Readonly<Record<string, string>>
  readonly buildArgs: Readonly<Record<string, string>>
  readonly platform: string
  readonly cacheFrom: readonly string[]
  /** Files that commands may read and that stay in no layer. */
  readonly secrets: Readonly<Record<string, string>>
  readonly memoryBytes: number | null
  /** More words for the engine's build command, as the caller wrote them. */
  readonly words: readonly string[]
  readonly log: BuildLog
  readonly signal: AbortSignal
}

export interface PushOrder {
  readonly log: BuildLog
  readonly signal: AbortSignal
  /** A folder with a `config.json` of credentials, instead of the engine's own. */
  readonly credentials: string | null
  readonly isInsecure: boolean
}

export interface RunOrder {
  readonly command: readonly string[]
  readonly env: readonly string[]
  readonly volumes: readonly { readonly from: string; readonly to: string; readonly mode: 'rw' | 'ro' }[]
  readonly ports: readonly { readonly container: string; readonly host: string }[]
  readonly publishesAll: boolean
  readonly signal: AbortSignal
  readonly onLine: (line: string) => void
}

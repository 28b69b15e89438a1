import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { Settings } from '#config'
import type { Spawner } from './contract.ts'

export interface SpawnerDeps {
  readonly settings: () => Settings
  readonly log: Log
  readonly clock: Clock
  readonly dataDir: string
  /** The folder with `jupyterhub-singleuser`; null: wherever PATH leads. */
  readonly binFolder: string | null
}

/** Every spawner, loaded when it is used. */
export const spawners = {
  kubernetes: async (deps: SpawnerDeps) => (await import('./kubernetes/index.ts')).createKubernetesSpawner(deps),
  process: async (deps: SpawnerDeps) => (await import('./process/index.ts')).createProcessSpawner(deps),
} satisfies Record<string, (deps: SpawnerDeps) => Promise<Spawner>>

export type SpawnerName = keyof typeof spawners

export function createSpawner(name: SpawnerName, deps: SpawnerDeps): Promise<Spawner> {
  return spawners[name](deps)
}

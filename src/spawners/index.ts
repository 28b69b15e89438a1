export type * from './contract.ts'
export { createSpawner, type SpawnerDeps, type SpawnerName } from './registry.ts'

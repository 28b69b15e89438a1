export { type CheckedHooks, checkHooks, type HookProblem } from './check.ts'
export type * from './contract.ts'
export type { HookName } from './hook-names.ts'
export { type HookPerson, type Hooks, noHooks, openHooks, type SpawnerToPrepare } from './hooks.ts'
export { runPython } from './python-thread.ts'
export {
  type CodePlace,
  type HookCode,
  type HookSource,
  type Python,
  placeInStack,
  placeText,
  urlOf,
} from './source.ts'

export { openStore } from './open.ts'
export type * from './store.ts'
export type * from './tables.ts'

export type * from './objects.ts'

export type * from './code.ts'
export { type PythonProgram, pythonProgram } from './program.ts'

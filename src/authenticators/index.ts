export type * from './contract.ts'
export { hashPassword, passwordProblem } from './native/password.ts'
export { authenticatorNames, createAuthenticators } from './registry.ts'

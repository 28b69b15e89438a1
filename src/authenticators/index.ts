export { attemptDenial } from './attempt-denial.ts'
export type * from './contract.ts'
export { hashPassword, passwordProblem } from './native/password.ts'
export { authenticatorNames, createAuthenticators, type Way } from './registry.ts'

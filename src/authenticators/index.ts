export { attemptDenial } from './attempt-denial.ts'
export type * from './contract.ts'
export { hashPassword, isPasswordHash, passwordProblem } from './password.ts'
export { authenticatorNames, createAuthenticators, type Way } from './registry.ts'

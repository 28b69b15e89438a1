/**
 * From the posted answer of an identity provider to what it asserts, or to the reason why nothing of it is believed.
 * The order: read strictly, verify, go on with the signed bytes only, then hold them against what was asked.
 */
import { type Asserted, readAssertion } from './assertion.ts'
import { authenticate, type Protection } from './authentic.ts'
import { checks, type Expectation, statusIsSuccess } from './checks.ts'
import type { Envelope } from './read.ts'
import { isRefusal, type Refusal } from './refusal.ts'

export type { Asserted, NameId } from './assertion.ts'
export type { Protection } from './authentic.ts'
export type { Expectation } from './checks.ts'
export { type Envelope, largestMessage, readResponse } from './read.ts'
export { isRefusal, type Refusal, type RefusalCode, refuse } from './refusal.ts'

/** Replay is for the caller to look at: it needs the database. */
export function judgeResponse(
  { message }: Envelope,
  { protection, expected }: { protection: Protection; expected: Expectation },
): Asserted | Refusal {
  // An answer without success holds no assertion, and is seldom signed.
  const failure = statusIsSuccess({ response: message })
  if (failure) return failure
  const trusted = authenticate(message, protection)
  if (isRefusal(trusted)) return trusted
  for (const check of checks) {
    const refusal = check(trusted, expected)
    if (refusal) return refusal
  }
  return readAssertion(trusted.assertion, expected.idp)
}

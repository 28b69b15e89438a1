import { createHash, timingSafeEqual } from 'node:crypto'
import type { OauthCodeRow } from '#store'

/** Whether the client that brings the code is the one that asked for it (PKCE). The sentence says what is wrong, null nothing. */
export function verifierProblem(
  code: Pick<OauthCodeRow, 'code_challenge' | 'code_challenge_method'>,
  verifier: string | undefined,
): string | null {
  const { code_challenge: challenge, code_challenge_method: method } = code
  // A verifier that nothing was made of: somebody took the challenge out of the request on its way.
  if (challenge === null) return verifier === undefined ? null : 'The code was given without a code_challenge.'
  if (verifier === undefined) return 'The parameter code_verifier is missing.'
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return 'The code_verifier is not well-formed.'
  const computed = method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier
  const [left, right] = [Buffer.from(computed), Buffer.from(challenge)]
  const isRight = left.length === right.length && timingSafeEqual(left, right)
  return isRight ? null : 'The code_verifier does not fit the code_challenge.'
}

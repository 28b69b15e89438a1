import type { Random } from '#base/ids.ts'
import { type Cost, defaultCost, scryptHash } from './scrypt.ts'

/** Longer ones are not looked at. */
export const maxPasswordLength = 512

/** What is stored of a password. */
export function hashPassword(
  password: string,
  random: Pick<Random, 'bytes'>,
  cost: Cost = defaultCost,
): Promise<string> {
  return scryptHash(password, random.bytes(16), cost)
}

/** Why a password can't be chosen, as a sentence; null when it can. */
export function passwordProblem(password: string, minimumLength: number): string | null {
  if (password.includes('\0')) return 'The password holds a character that cannot be typed.'
  const length = [...password].length
  const least = Math.max(minimumLength, 1)
  if (length < least) return `The password must have at least ${least} character${least === 1 ? '' : 's'}.`
  return length > maxPasswordLength ? `The password must have at most ${maxPasswordLength} characters.` : null
}

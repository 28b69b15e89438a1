import type { Random } from '#base/ids.ts'
import { argon2Hash, argon2Matches, type Cost, costOf, defaultCost } from './argon2.ts'
import { bcryptMatches, isBcrypt } from './bcrypt.ts'
import { isScrypt, scryptMatches } from './scrypt.ts'

/** Longer ones are not looked at. */
export const maxPasswordLength = 512

/** What is stored of a password. */
export function hashPassword(
  password: string,
  random: Pick<Random, 'bytes'>,
  cost: Cost = defaultCost,
): Promise<string> {
  return argon2Hash(password, random.bytes(16), cost)
}

/** Whether it is the password that was stored, by this hub, by an older one, or by one of JupyterHub's that it took over. */
export async function passwordMatches(password: string, stored: string): Promise<boolean> {
  if (password.includes('\0')) return false
  if (isBcrypt(stored)) return bcryptMatches(password, stored)
  return isScrypt(stored) ? scryptMatches(password, stored) : argon2Matches(password, stored)
}

/** A name that nobody has costs the same time. */
export const nobodysHash = ({ memoryKiB, passes }: Cost): string =>
  `$argon2id$v=19$m=${memoryKiB},t=${passes},p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`

/** Whether it was made otherwise than passwords are kept today. */
export function isOldHash(stored: string, { memoryKiB, passes }: Cost): boolean {
  const cost = costOf(stored)
  return cost === null || cost.memoryKiB !== memoryKiB || cost.passes !== passes
}

/** Whether this is what is stored of a password: ours, or what other hubs and `htpasswd -B` keep. */
export const isPasswordHash = (text: string): boolean => isBcrypt(text) || isScrypt(text) || costOf(text) !== null

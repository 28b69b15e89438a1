import type { Random } from '#base/ids.ts'
import { bcryptMatches, isBcrypt } from './bcrypt.ts'
import { type Cost, costOf, defaultCost, scryptHash, scryptMatches } from './scrypt.ts'

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

/** Whether it is the password that was stored, by this hub or by one of JupyterHub's that it took over. */
export function passwordMatches(password: string, stored: string): Promise<boolean> {
  return isBcrypt(stored) ? bcryptMatches(password, stored) : scryptMatches(password, stored)
}

/** A name that nobody has costs the same time. */
export const nobodysHash = ({ n, r, p }: Cost): string => `scrypt:${n}:${r}:${p}:${'A'.repeat(22)}:${'A'.repeat(43)}`

/** Whether it was made otherwise than passwords are kept today. */
export function isOldHash(stored: string, { n, r, p }: Cost): boolean {
  const cost = costOf(stored)
  return cost === null || cost.n !== n || cost.r !== r || cost.p !== p
}

/** Whether this is what is stored of a password: ours, or what other hubs and `htpasswd -B` keep. */
export const isPasswordHash = (text: string): boolean => isBcrypt(text) || costOf(text) !== null

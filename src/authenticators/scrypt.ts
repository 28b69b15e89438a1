/** Hashes of older hubs of ours; they are made anew when their owners come. */
import { scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

interface Cost {
  /** A power of two. */
  readonly n: number
  readonly r: number
  readonly p: number
}

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt)
const hashBytes = 32

/** `scrypt:<n>:<r>:<p>:<salt>:<hash>`, the last two in base64url. False for what is no such hash. */
export async function scryptMatches(password: string, stored: string): Promise<boolean> {
  const cost = costOf(stored)
  const [, , , , salt = '', hash = ''] = stored.split(':')
  const expected = Buffer.from(hash, 'base64url')
  // scrypt pads with zeros, so that `secret` and `secret\0` would be the same to it.
  if (!cost || expected.length !== hashBytes || password.includes('\0')) return false
  const computed = await derive(password.normalize('NFC'), Buffer.from(salt, 'base64url'), hashBytes, options(cost))
  return timingSafeEqual(computed, expected)
}

export const isScrypt = (stored: string): boolean => costOf(stored) !== null

function costOf(stored: string): Cost | null {
  const [algorithm, n, r, p] = stored.split(':')
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  const isCost = [cost.n, cost.r, cost.p].every((value) => Number.isSafeInteger(value) && value > 0)
  return algorithm === 'scrypt' && isCost && cost.n * cost.r <= 2 ** 21 && cost.p <= 64 ? cost : null
}

function options({ n, r, p }: Cost): object {
  return { N: n, r, p, maxmem: 128 * n * r * 2 + 128 * r * p }
}

import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Randomness comes in from outside, so tests are exact. */
export interface Random {
  bytes(count: number): Buffer
  /** 32 hex characters, a UUID4 without dashes. */
  hex32(): string
  /** `count` characters of A–Z a–z 0–9. */
  alphanumeric(count: number): string
  /** A float in [0, 1). */
  fraction(): number
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

export const systemRandom: Random = {
  bytes: randomBytes,
  hex32: () => randomUUID().replaceAll('-', ''),
  alphanumeric: (count) => Array.from({ length: count }, () => letters[randomInt(letters.length)]).join(''),
  fraction: () => Math.random(),
}

/** How API tokens and client secrets are kept, the same as in JupyterHub, so that its rows stay valid. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type Random, systemRandom } from '#base/ids.ts'

/** Rounds for secrets that Himalia made itself: they need no slowing down. */
export const generatedRounds = 1
/** Rounds for secrets that a person chose: tokens of the config file. */
export const chosenRounds = 16_384
/** Longer ones are not looked at. */
export const maxSecretLength = 1024

export const prefixLength = 4

/** 32 hex characters. */
export function newTokenSecret(random: Random = systemRandom): string {
  return random.hex32()
}

/** 16 hex characters; the text itself is hashed, not the bytes it stands for. */
export function newSalt(random: Random = systemRandom): string {
  return random.bytes(8).toString('hex')
}

/** `sha512:<rounds>:<salt>:<hex>`: one SHA-512 over the salt's text and `rounds` times the secret. */
export function hashToken(secret: string, rounds: number, salt: string): string {
  const bytes = Buffer.from(secret)
  const digest = createHash('sha512')
    .update(salt)
    .update(Buffer.alloc(bytes.length * rounds, bytes))
    .digest('hex')
  return `sha512:${rounds}:${salt}:${digest}`
}

/** Whether `secret` is what was hashed; takes the same time wherever they differ. False for what is no such hash. */
export function matchesHash(secret: string, hashed: string): boolean {
  const [algorithm, rounds = '', salt = '', digest = ''] = hashed.split(':')
  if (algorithm !== 'sha512' || !/^[1-9]\d{0,5}$/.test(rounds)) return false
  if (secret === '' || secret.length > maxSecretLength || digest.length !== 128) return false
  const computed = hashToken(secret, Number(rounds), salt).slice(-128)
  return timingSafeEqual(Buffer.from(computed), Buffer.from(digest.toLowerCase()))
}

/** For secrets with enough randomness of their own: codes and links. */
export function sha256(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

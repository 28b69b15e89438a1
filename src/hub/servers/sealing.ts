/** Secrets at rest: what stands in the database is useless without the hub's own key. */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '#base/ids.ts'

const algorithm = 'aes-256-gcm'

function keyFrom(secret: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'himalia server token', 32))
}

/** `owner` binds the text to its row: it opens nowhere else. */
export function seal(
  text: string,
  { secret, owner, random }: { secret: Buffer; owner: string; random: Random },
): string {
  const nonce = random.bytes(12)
  const cipher = createCipheriv(algorithm, keyFrom(secret), nonce).setAAD(Buffer.from(owner))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
}

/** Null when it was sealed with another key, for another row, or is damaged. */
export function unseal(sealed: string, { secret, owner }: { secret: Buffer; owner: string }): string | null {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < 28) return null
  const decipher = createDecipheriv(algorithm, keyFrom(secret), bytes.subarray(0, 12))
    .setAAD(Buffer.from(owner))
    .setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString()
  } catch {
    return null
  }
}

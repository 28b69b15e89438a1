import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from './ids.ts'

const version = 'v1.'
const nonceBytes = 12
const tagBytes = 16

/** Encrypts a secret for the database (AES-256-GCM). `key`: 32 bytes; what it also serves for stays independent. */
export function seal(key: Buffer, text: string, random: Pick<Random, 'bytes'>): string {
  const nonce = random.bytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', sealingKey(key), nonce)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return version + Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')
}

/** The text that was sealed with this key; null when it was another key, or the text was changed or is no sealed one. */
export function unseal(key: Buffer, sealed: string): string | null {
  if (!sealed.startsWith(version)) return null
  const bytes = Buffer.from(sealed.slice(version.length), 'base64url')
  if (bytes.length < nonceBytes + tagBytes) return null
  const body = bytes.subarray(nonceBytes + tagBytes)
  try {
    const decipher = createDecipheriv('aes-256-gcm', sealingKey(key), bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
  } catch {
    // The tag does not fit, which is all that can go wrong here.
    return null
  }
}

function sealingKey(key: Buffer): Buffer {
  if (key.length !== 32) throw new RangeError('The key must have 32 bytes')
  return Buffer.from(hkdfSync('sha256', key, '', 'himalia seal', 32))
}

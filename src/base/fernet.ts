/** Fernet (github.com/fernet/spec), the form of JupyterHub's encrypted auth state. No expiry is looked at. */
import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto'
import type { Millis } from './clock.ts'
import type { Random } from './ids.ts'

const version = 0x80
const headerBytes = 9
const ivBytes = 16
const macBytes = 32

/** A key of 32 bytes from 64 hex characters or URL-safe base64; null for anything else. */
export function fernetKey(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64url') : null
}

export function fernetEncrypt(key: Buffer, text: string, deps: { now: Millis; random: Pick<Random, 'bytes'> }): string {
  const { signing, encryption } = halves(key)
  const header = Buffer.alloc(headerBytes)
  header.writeUInt8(version)
  header.writeBigUInt64BE(BigInt(Math.floor(deps.now / 1000)), 1)
  const iv = deps.random.bytes(ivBytes)
  const cipher = createCipheriv('aes-128-cbc', encryption, iv)
  const signed = Buffer.concat([header, iv, cipher.update(text, 'utf8'), cipher.final()])
  const token = Buffer.concat([signed, createHmac('sha256', signing).update(signed).digest()])
  // With padding, as Python's decoder asks for.
  return token.toString('base64').replaceAll('+', '-').replaceAll('/', '_')
}

/** The text, by whichever key made it, and the position of that key; null when none did. */
export function fernetDecrypt(keys: readonly Buffer[], token: string): { text: string; key: number } | null {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(token)) return null
  const bytes = Buffer.from(token, 'base64url')
  if (bytes[0] !== version || bytes.length < headerBytes + ivBytes + 16 + macBytes) return null
  const signed = bytes.subarray(0, -macBytes)
  const key = keys.findIndex((candidate) =>
    timingSafeEqual(createHmac('sha256', halves(candidate).signing).update(signed).digest(), bytes.subarray(-macBytes)),
  )
  if (key === -1) return null
  const iv = signed.subarray(headerBytes, headerBytes + ivBytes)
  const decipher = createDecipheriv('aes-128-cbc', halves(keys[key]!).encryption, iv)
  const text = Buffer.concat([decipher.update(signed.subarray(headerBytes + ivBytes)), decipher.final()])
  return { text: text.toString('utf8'), key }
}

function halves(key: Buffer): { signing: Buffer; encryption: Buffer } {
  if (key.length !== 32) throw new RangeError('A Fernet key must have 32 bytes')
  return { signing: key.subarray(0, 16), encryption: key.subarray(16) }
}

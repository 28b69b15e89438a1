/**
 * Signed cookie values, version 2 of tornado's format, so that logins made by JupyterHub stay valid:
 * `2|<length>:<key version>|<length>:<unix seconds>|<length>:<name>|<length>:<base64 of the value>|<hex HMAC-SHA256>`.
 * The signature covers everything before it. Signed, not encrypted.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Millis } from '#base/clock.ts'

export interface SignedValue {
  readonly value: string
  readonly signedAt: Millis
}

const maxLength = 4096

export function signValue(name: string, value: string, { secret, now }: { secret: Buffer; now: Millis }): string {
  const base64 = Buffer.from(value).toString('base64')
  const fields = ['0', String(Math.floor(now / 1000)), name, base64].map((text) => `${Buffer.byteLength(text)}:${text}`)
  const signed = `2|${fields.join('|')}|`
  return signed + signatureOf(secret, signed)
}

/** Null when it was not signed by `secret` for this name, or longer than `maxAgeMs` ago. */
export function verifyValue(
  name: string,
  text: string,
  { secret, now, maxAgeMs }: { secret: Buffer; now: Millis; maxAgeMs: number },
): SignedValue | null {
  const end = text.lastIndexOf('|') + 1
  if (text.length > maxLength || !text.startsWith('2|')) return null
  if (!isEqual(text.slice(end), signatureOf(secret, text.slice(0, end)))) return null
  const [, seconds, signedName, base64] = fieldsOf(text.slice(2, end)) ?? []
  if (signedName !== name || base64 === undefined || !/^\d{1,12}$/.test(seconds ?? '')) return null
  const signedAt = Number(seconds) * 1000
  return signedAt < now - maxAgeMs ? null : { value: Buffer.from(base64, 'base64').toString(), signedAt }
}

/** The same for places where `|`, `:` and `=` are in the way: URL-safe base64 without padding around it. */
export function signUrlSafe(name: string, value: string, key: { secret: Buffer; now: Millis }): string {
  return Buffer.from(signValue(name, value, key)).toString('base64url')
}

export function verifyUrlSafe(
  name: string,
  text: string,
  key: { secret: Buffer; now: Millis; maxAgeMs: number },
): SignedValue | null {
  if (text.length > maxLength || !/^[\w-]+={0,2}$/.test(text)) return null
  return verifyValue(name, Buffer.from(text, 'base64url').toString(), key)
}

function fieldsOf(text: string): readonly string[] | null {
  const fields: string[] = []
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    const [head, digits = ''] = /^(\d{1,5}):/.exec(rest.toString('latin1')) ?? []
    if (head === undefined) return null
    const end = head.length + Number(digits)
    if (rest[end] !== 0x7c) return null
    fields.push(rest.subarray(head.length, end).toString())
    rest = rest.subarray(end + 1)
  }
  return fields.length === 4 ? fields : null
}

function signatureOf(secret: Buffer, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

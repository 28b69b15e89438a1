/** A self-signed certificate, the form in which SAML metadata carries a key: RFC 5280, as DER. */
import { createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { Millis } from '#base/clock.ts'

export interface CertificateFacts {
  /** RSA; the certificate is for it and signed by it. */
  readonly key: KeyObject
  /** The name of the host, e.g. `hub.example.org`. */
  readonly host: string
  readonly from: Millis
  readonly until: Millis
  /** At most 20 bytes, not all zero. */
  readonly serial: Buffer
}

/** PEM. */
export function selfSigned({ key, host, from, until, serial }: CertificateFacts): string {
  const name = sequence(set(sequence(oid(2, 5, 4, 3), utf8(host.slice(0, 64)))))
  const algorithm = sequence(oid(1, 2, 840, 113549, 1, 1, 11), der(0x05, Buffer.alloc(0)))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const alternative = sequence(oid(2, 5, 29, 17), octets(sequence(der(0x82, Buffer.from(host, 'latin1')))))
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(serial),
    algorithm,
    name,
    sequence(time(from), time(until)),
    name,
    publicKey,
    der(0xa3, sequence(alternative)),
  )
  const certificate = sequence(body, algorithm, bits(sign('sha256', body, key)))
  const lines = certificate.toString('base64').match(/.{1,64}/g)!
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function der(type: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([type]), lengthOf(body.length), body])
}

function lengthOf(length: number): Buffer {
  if (length < 128) return Buffer.from([length])
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex')
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes])
}

const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts)
const set = (...parts: readonly Buffer[]) => der(0x31, ...parts)
const utf8 = (text: string) => der(0x0c, Buffer.from(text))
const octets = (bytes: Buffer) => der(0x04, bytes)
const bits = (bytes: Buffer) => der(0x03, Buffer.from([0]), bytes)

/** Positive: a first byte with its highest bit set would make it negative. */
function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes)
}

function oid(first: number, second: number, ...others: readonly number[]): Buffer {
  const rest = others.flatMap((number) => {
    const digits = [number & 0x7f]
    for (let left = number >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80)
    return digits
  })
  return der(0x06, Buffer.from([first * 40 + second, ...rest]))
}

/** Years to 2049 have two digits, later ones four. */
function time(at: Millis): Buffer {
  const digits = `${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  return digits < '2050' ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits))
}

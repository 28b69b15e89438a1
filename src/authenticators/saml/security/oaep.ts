/**
 * RSA-OAEP with one hash for the label and another for the mask, as XML Encryption has it by default and Node's own
 * decryption does not. What fails is not told apart, and all steps are taken whatever fails.
 */
import { constants, hash as digestOf, type KeyObject, privateDecrypt, timingSafeEqual } from 'node:crypto'

export function decryptOaep(
  key: KeyObject,
  bytes: Buffer,
  { digest, mask }: { digest: string; mask: string },
): Buffer | null {
  if (key.asymmetricKeyType !== 'rsa') return null
  const size = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8
  const label = digestOf(digest, '', 'buffer')
  if (bytes.length !== size || size < 2 * label.length + 2) return null
  const block = rawDecrypt(key, bytes)
  if (block === null) return null
  const seed = xor(block.subarray(1, 1 + label.length), mgf1(block.subarray(1 + label.length), label.length, mask))
  const data = xor(block.subarray(1 + label.length), mgf1(seed, size - label.length - 1, mask))
  const rest = data.subarray(label.length)
  const end = rest.findIndex((byte) => byte !== 0)
  const isGood = [
    block[0] === 0,
    timingSafeEqual(data.subarray(0, label.length), label),
    end !== -1 && rest[end] === 1,
  ].every(Boolean)
  return isGood ? rest.subarray(end + 1) : null
}

function rawDecrypt(key: KeyObject, bytes: Buffer): Buffer | null {
  try {
    return privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, bytes)
  } catch {
    // The number is larger than the key's modulus.
    return null
  }
}

function mgf1(seed: Buffer, length: number, hash: string): Buffer {
  const parts: Buffer[] = []
  for (let counter = 0, have = 0; have < length; counter += 1) {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const part = digestOf(hash, Buffer.concat([seed, count]), 'buffer')
    parts.push(part)
    have += part.length
  }
  return Buffer.concat(parts).subarray(0, length)
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ b[index]!))
}

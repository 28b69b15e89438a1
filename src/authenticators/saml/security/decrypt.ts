/** XML Encryption, as far as assertions use it: https://www.w3.org/TR/xmlenc-core1/ */
import { createDecipheriv, type KeyObject } from 'node:crypto'
import { ds, ns, xenc } from '../names.ts'
import {
  at,
  attribute,
  childOf,
  childrenOf,
  elementsOf,
  isNamed,
  type QName,
  type Scope,
  textOf,
  walk,
  type XmlElement,
} from '../xml/element.ts'
import { messageLimits, parseXml } from '../xml/tree.ts'
import { tag } from '../xml/write.ts'
import { digestAlgorithms } from './algorithms.ts'
import { decryptOaep } from './oaep.ts'
import { base64 } from './signed-info.ts'

interface Cipher {
  readonly name: 'aes-128-gcm' | 'aes-256-gcm' | 'aes-192-gcm' | 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc'
  readonly keyBytes: number
  readonly mode: 'gcm' | 'cbc'
}

const ciphers: ReadonlyMap<string, Cipher> = new Map(
  ([128, 192, 256] as const).flatMap((bits): [string, Cipher][] => [
    [`${ns.encryption11}aes${bits}-gcm`, { name: `aes-${bits}-gcm`, keyBytes: bits / 8, mode: 'gcm' }],
    [`${ns.encryption}aes${bits}-cbc`, { name: `aes-${bits}-cbc`, keyBytes: bits / 8, mode: 'cbc' }],
  ]),
)

export type Decryption =
  | { readonly kind: 'clear'; readonly element: XmlElement }
  /** Always in the same words: what failed, and when, would help who guesses. */
  | { readonly kind: 'bad'; readonly code: 'DECRYPTION_FAILED' | 'ALGORITHM_REFUSED'; readonly why: string }

export interface DecryptionRules {
  /** Every key that people may have encrypted for: the present one and those before and after it. */
  readonly keys: readonly KeyObject[]
  /** CBC lets a cipher text be changed unnoticed; only a signature around it makes it safe. */
  readonly isSigned: boolean
  readonly blocked: readonly string[]
  /** What must come out. */
  readonly holds: QName
}

/** The element within an EncryptedAssertion or EncryptedID. */
export function decryptElement(encrypted: XmlElement, rules: DecryptionRules): Decryption {
  const data = childrenOf(encrypted, xenc('EncryptedData'))
  if (data.length !== 1) return bad('DECRYPTION_FAILED', 'it does not hold one EncryptedData')
  const uri = attribute(at(data[0]!, xenc('EncryptionMethod')) ?? data[0]!, 'Algorithm') ?? ''
  const cipher = ciphers.get(uri)
  if (!cipher || rules.blocked.includes(uri)) return bad('ALGORITHM_REFUSED', `the encryption ${uri} is not taken`)
  if (cipher.mode === 'cbc' && !rules.isSigned)
    return bad('ALGORITHM_REFUSED', `the encryption ${uri} needs a signed response around it`)
  const text = decryptData(data[0]!, cipher, keysFor(encrypted, rules))
  const element = text === null ? null : inContext(text, encrypted.scope)
  return element && isNamed(element, rules.holds)
    ? { kind: 'clear', element }
    : bad('DECRYPTION_FAILED', 'none of our keys opens it')
}

/** EncryptedKey stands within the data's KeyInfo or beside it, once for each recipient; each of our keys is tried on each. */
function keysFor(encrypted: XmlElement, { keys, blocked }: DecryptionRules): readonly Buffer[] {
  const wrapped = [...walk(encrypted)].filter((one) => isNamed(one, xenc('EncryptedKey'))).slice(0, 8)
  return wrapped.flatMap((one) => {
    const method = childOf(one, xenc('EncryptionMethod'))
    const uri = (method && attribute(method, 'Algorithm')) ?? ''
    const bytes = base64(textOf(at(one, xenc('CipherData'), xenc('CipherValue')) ?? one))
    const hashes = method && !blocked.includes(uri) ? oaepHashes(uri, method) : null
    if (!bytes || !hashes) return []
    return keys.map((key) => decryptOaep(key, bytes, hashes)).filter((opened): opened is Buffer => opened !== null)
  })
}

/** RSA 1.5 is none of them: who may ask often enough can decrypt it. */
function oaepHashes(uri: string, method: XmlElement): { digest: string; mask: string } | null {
  const named = childOf(method, ds('DigestMethod'))
  const digest = named ? digestAlgorithms.get(attribute(named, 'Algorithm') ?? '') : 'sha1'
  if (uri === `${ns.encryption}rsa-oaep-mgf1p`) return digest ? { digest, mask: 'sha1' } : null
  if (uri !== `${ns.encryption11}rsa-oaep`) return null
  const mgf = childOf(method, { namespace: ns.encryption11, name: 'MGF' })
  const mask = mgf ? /#mgf1(sha(?:1|256|384|512))$/.exec(attribute(mgf, 'Algorithm') ?? '')?.[1] : 'sha1'
  return digest && mask ? { digest, mask } : null
}

function decryptData(data: XmlElement, cipher: Cipher, keys: readonly Buffer[]): string | null {
  const bytes = base64(textOf(at(data, xenc('CipherData'), xenc('CipherValue')) ?? data))
  if (!bytes) return null
  for (const key of keys) {
    const opened = key.length === cipher.keyBytes ? decryptBytes(bytes, cipher, key) : null
    if (opened !== null) return opened
  }
  return null
}

function decryptBytes(bytes: Buffer, { name, mode }: Cipher, key: Buffer): string | null {
  try {
    const clear = mode === 'gcm' ? openGcm(bytes, name, key) : openCbc(bytes, name, key)
    return new TextDecoder('utf-8', { fatal: true }).decode(clear)
  } catch {
    return null
  }
}

const ivBytes = { gcm: 12, cbc: 16 }
const tagBytes = 16

function openGcm(bytes: Buffer, name: string, key: Buffer): Buffer {
  if (bytes.length < ivBytes.gcm + tagBytes) throw new RangeError('too short')
  const decipher = createDecipheriv(name as 'aes-256-gcm', key, bytes.subarray(0, ivBytes.gcm), {
    authTagLength: tagBytes,
  })
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  return Buffer.concat([decipher.update(bytes.subarray(ivBytes.gcm, -tagBytes)), decipher.final()])
}

/** The padding of XML Encryption is no PKCS#7: only its last byte means something. */
function openCbc(bytes: Buffer, name: string, key: Buffer): Buffer {
  const decipher = createDecipheriv(name, key, bytes.subarray(0, ivBytes.cbc)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(bytes.subarray(ivBytes.cbc)), decipher.final()])
  const padding = padded.at(-1) ?? 0
  if (padding < 1 || padding > 16) throw new RangeError('bad padding')
  return padded.subarray(0, -padding)
}

/** The clear text is a piece of the document it stood in, whose namespaces it may use. */
function inContext(text: string, scope: Scope): XmlElement | null {
  const declarations: Record<string, string> = {}
  for (const prefix in scope) declarations[prefix === '' ? 'xmlns' : `xmlns:${prefix}`] = scope[prefix]!
  const open = tag('context', declarations, ' ').text.replace(/ <\/context>$/, '')
  try {
    const context = parseXml(`${open}${text.replace(/^<\?xml[^>]*\?>/, '')}</context>`, messageLimits)
    const [element, ...others] = elementsOf(context)
    return element && others.length === 0 ? element : null
  } catch {
    return null
  }
}

const bad = (code: 'DECRYPTION_FAILED' | 'ALGORITHM_REFUSED', why: string): Decryption => ({ kind: 'bad', code, why })

/** Encrypts assertions as identity providers do, and wrongly where told. */
import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto'
import { ns } from '../../src/authenticators/saml/names.ts'
import { spKey, type TestKey } from './idp.ts'

export interface Encrypting {
  readonly forKey?: TestKey
  readonly cipher?: 'aes128-gcm' | 'aes256-gcm' | 'aes128-cbc' | 'aes256-cbc'
  readonly transport?: 'rsa-oaep-mgf1p' | 'rsa-oaep' | 'rsa-1_5'
  /** Of the OAEP label and mask. */
  readonly hash?: 'sha1' | 'sha256'
  readonly keyPlace?: 'within' | 'beside'
  /** Changes the bytes that are sent. */
  readonly spoil?: (bytes: Buffer) => Buffer
  /** What is said of the cipher, where it is another one. */
  readonly claims?: string
}

export function encrypted(xml: string, given: Encrypting = {}): string {
  const {
    forKey = spKey,
    cipher = 'aes256-gcm',
    transport = 'rsa-oaep-mgf1p',
    hash = 'sha1',
    keyPlace = 'within',
  } = given
  const isGcm = cipher.endsWith('gcm')
  const key = randomBytes(cipher.startsWith('aes128') ? 16 : 32)
  const iv = randomBytes(isGcm ? 12 : 16)
  const name = cipher.replace('aes', 'aes-')
  const engine = createCipheriv(name as 'aes-256-gcm', key, iv)
  const clear = Buffer.from(xml)
  const padding = 16 - (clear.length % 16)
  if (!isGcm) (engine as unknown as { setAutoPadding(on: boolean): void }).setAutoPadding(false)
  const padded = isGcm ? clear : Buffer.concat([clear, Buffer.alloc(padding - 1), Buffer.from([padding])])
  const body = Buffer.concat([iv, engine.update(padded), engine.final(), ...(isGcm ? [engine.getAuthTag()] : [])])
  const publicKey = createPublicKey(forKey.certificate)
  const wrapped = publicEncrypt(
    transport === 'rsa-1_5'
      ? { key: publicKey, padding: constants.RSA_PKCS1_PADDING }
      : { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash },
    key,
  )
  const space = transport === 'rsa-oaep' ? ns.encryption11 : ns.encryption
  const digest = `<ds:DigestMethod Algorithm="${hash === 'sha256' ? `${ns.encryption}sha256` : `${ns.signature}sha1`}"/>`
  const mask =
    transport === 'rsa-oaep'
      ? `<xenc11:MGF xmlns:xenc11="${ns.encryption11}" Algorithm="${ns.encryption11}mgf1${hash}"/>`
      : ''
  const encryptedKey =
    `<xenc:EncryptedKey xmlns:xenc="${ns.encryption}"><xenc:EncryptionMethod Algorithm="${space}${transport}">${digest}${mask}</xenc:EncryptionMethod>` +
    `<xenc:CipherData><xenc:CipherValue>${wrapped.toString('base64')}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>`
  const sent = (given.spoil ?? ((bytes: Buffer) => bytes))(body).toString('base64')
  const algorithm = given.claims ?? `${isGcm ? ns.encryption11 : ns.encryption}${cipher}`
  return (
    `<saml:EncryptedAssertion xmlns:saml="${ns.assertion}" xmlns:ds="${ns.signature}"><xenc:EncryptedData xmlns:xenc="${ns.encryption}" Type="${ns.encryption}Element">` +
    `<xenc:EncryptionMethod Algorithm="${algorithm}"/>${keyPlace === 'within' ? `<ds:KeyInfo>${encryptedKey}</ds:KeyInfo>` : ''}` +
    `<xenc:CipherData><xenc:CipherValue>${sent}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>` +
    `${keyPlace === 'beside' ? encryptedKey : ''}</saml:EncryptedAssertion>`
  )
}

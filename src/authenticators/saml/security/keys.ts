import { constants, createPublicKey, type KeyObject, sign, verify, X509Certificate } from 'node:crypto'
import { leastRsaBits, type SignatureAlgorithm } from './algorithms.ts'

/** The public key of a certificate as metadata has it: base64 of DER, with or without PEM's lines. null: it is none. */
export function keyOfCertificate(text: string): KeyObject | null {
  try {
    return certificateOf(text).publicKey
  } catch {
    return null
  }
}

/** Only its key counts in SAML; dates and names are for warnings. Throws when it is no certificate. */
export function certificateOf(text: string): X509Certificate {
  const base64 = text.replace(/-----[A-Z ]+-----/g, '').replace(/\s+/g, '')
  return new X509Certificate(Buffer.from(base64, 'base64'))
}

/** A verification key given by a site: a certificate or a public key, PEM. Throws when it is neither. */
export function verificationKey(pem: string): KeyObject {
  return /BEGIN (RSA )?PUBLIC KEY/.test(pem) ? createPublicKey(pem) : certificateOf(pem).publicKey
}

export function isStrongEnough(key: KeyObject): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {}
  if (key.asymmetricKeyType === 'rsa') return (modulusLength ?? 0) >= leastRsaBits
  return key.asymmetricKeyType === 'ec' && ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve ?? '')
}

interface Signed {
  readonly bytes: Buffer
  readonly signature: Buffer
  readonly algorithm: SignatureAlgorithm
}

/** Whether one of the keys made this signature. Keys of another kind than the algorithm's, and weak ones, never did. */
export function isSignedByOneOf(keys: readonly KeyObject[], { bytes, signature, algorithm }: Signed): boolean {
  return keys.some(
    (key) =>
      key.type === 'public' &&
      key.asymmetricKeyType === algorithm.keyType &&
      isStrongEnough(key) &&
      verifies(key, { bytes, signature, algorithm }),
  )
}

function verifies(key: KeyObject, { bytes, signature, algorithm }: Signed): boolean {
  try {
    return verify(algorithm.hash, bytes, keyOptions(key, algorithm), signature)
  } catch {
    // OpenSSL throws for some malformed signatures instead of saying no.
    return false
  }
}

export function signBytes(key: KeyObject, bytes: Buffer, algorithm: SignatureAlgorithm): Buffer {
  return sign(algorithm.hash, bytes, keyOptions(key, algorithm))
}

/** XML Signature writes an ECDSA signature as r and s, one after the other. */
function keyOptions(key: KeyObject, { padding }: SignatureAlgorithm) {
  if (padding === 'pss')
    return { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  return { key, dsaEncoding: 'ieee-p1363' as const }
}

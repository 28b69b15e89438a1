/** What signatures and digests are made with. HMAC is not among them: a public key must never serve as a secret. */

export interface SignatureAlgorithm {
  readonly hash: 'sha1' | 'sha256' | 'sha384' | 'sha512'
  readonly keyType: 'rsa' | 'ec'
  readonly padding: 'pkcs1' | 'pss' | null
}

const dsig = 'http://www.w3.org/2000/09/xmldsig#'
const more = 'http://www.w3.org/2001/04/xmldsig-more#'
const more2007 = 'http://www.w3.org/2007/05/xmldsig-more#'
const enc = 'http://www.w3.org/2001/04/xmlenc#'

const rsa = (hash: SignatureAlgorithm['hash'], padding: 'pkcs1' | 'pss' = 'pkcs1'): SignatureAlgorithm => ({
  hash,
  keyType: 'rsa',
  padding,
})
const ec = (hash: SignatureAlgorithm['hash']): SignatureAlgorithm => ({ hash, keyType: 'ec', padding: null })

export const signatureAlgorithms: ReadonlyMap<string, SignatureAlgorithm> = new Map([
  [`${more}rsa-sha256`, rsa('sha256')],
  [`${more}rsa-sha384`, rsa('sha384')],
  [`${more}rsa-sha512`, rsa('sha512')],
  [`${more2007}sha256-rsa-MGF1`, rsa('sha256', 'pss')],
  [`${more2007}sha384-rsa-MGF1`, rsa('sha384', 'pss')],
  [`${more2007}sha512-rsa-MGF1`, rsa('sha512', 'pss')],
  [`${more}ecdsa-sha256`, ec('sha256')],
  [`${more}ecdsa-sha384`, ec('sha384')],
  [`${more}ecdsa-sha512`, ec('sha512')],
  [`${dsig}rsa-sha1`, rsa('sha1')],
  [`${more}ecdsa-sha1`, ec('sha1')],
])

export const digestAlgorithms: ReadonlyMap<string, SignatureAlgorithm['hash']> = new Map([
  [`${enc}sha256`, 'sha256'],
  [`${more}sha384`, 'sha384'],
  [`${enc}sha512`, 'sha512'],
  [`${dsig}sha1`, 'sha1'],
] as const)

/** Refused unless a site says otherwise: signatures over SHA-1 can be forged, CBC alone and RSA 1.5 be decrypted. */
export const blockedByDefault: readonly string[] = [`${dsig}sha1`, `${dsig}rsa-sha1`, `${more}ecdsa-sha1`]

export const signWith = `${more}rsa-sha256`
export const signWithEc = `${more}ecdsa-sha256`
export const digestWith = `${enc}sha256`
export const envelopedTransform = `${dsig}enveloped-signature`

/** Weaker keys than that prove nothing. */
export const leastRsaBits = 2048

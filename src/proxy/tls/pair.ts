/** A private key and the certificate that belongs to it, from two files; what does not fit is refused in a sentence. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'

export interface PairFiles {
  readonly key: string
  readonly cert: string
  readonly passphrase: string | null
}

export interface Pair {
  /** PEM, as read: the certificate is followed by those of its issuers. */
  readonly key: string
  readonly cert: string
  readonly passphrase: string | null
  /** The names that it is for. */
  readonly names: readonly string[]
  readonly expiresAt: Millis
}

/** Errors: PROXY_CERTIFICATE_UNREADABLE, _MISMATCH, _EXPIRED. */
export async function readPair(files: PairFiles, now: Millis): Promise<Pair> {
  const [key, cert] = await Promise.all([readText(files.key), readText(files.cert)])
  return checkedPair({ key, cert, passphrase: files.passphrase }, { now, keyName: files.key, certName: files.cert })
}

export function checkedPair(
  given: Pick<Pair, 'key' | 'cert' | 'passphrase'>,
  { now, keyName, certName }: { now: Millis; keyName: string; certName: string },
): Pair {
  const certificate = readCertificate(given.cert, certName)
  if (!certificate.checkPrivateKey(readKey(given, keyName)))
    throw errors.PROXY_CERTIFICATE_MISMATCH({ key: keyName, cert: certName })
  const expiresAt = Date.parse(certificate.validTo)
  if (expiresAt <= now)
    throw errors.PROXY_CERTIFICATE_EXPIRED({ cert: certName, at: new Date(expiresAt).toISOString() })
  return { ...given, names: namesOf(certificate), expiresAt }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw errors.PROXY_CERTIFICATE_UNREADABLE({ file, why: messageOf(error) }, error)
  }
}

function readCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text)
  } catch (error) {
    throw errors.PROXY_CERTIFICATE_UNREADABLE({ file, why: 'it holds no certificate in PEM form' }, error)
  }
}

function readKey({ key, passphrase }: Pick<Pair, 'key' | 'passphrase'>, file: string): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase === null ? {} : { passphrase }) })
  } catch (error) {
    const why = /^-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED/m.test(key)
      ? 'it is encrypted, and CONFIGPROXY_SSL_KEY_PASSPHRASE does not open it'
      : 'it holds no private key in PEM form'
    throw errors.PROXY_CERTIFICATE_UNREADABLE({ file, why }, error)
  }
}

/** `DNS:hub.example.org, IP Address:10.0.0.1` */
function namesOf({ subjectAltName = '' }: X509Certificate): readonly string[] {
  return subjectAltName.split(', ').flatMap((name) => (name.startsWith('DNS:') ? [name.slice(4)] : []))
}

/** Keys and certificates that sign themselves and are good for 30 days, by OpenSSL. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface CertificateFiles {
  readonly key: string
  readonly cert: string
}

export interface CertificateWishes {
  readonly name?: string
  readonly passphrase?: string
}

/** Writes `<label>.key` and `<label>.crt` into the folder. */
export async function makeCertificate(
  folder: string,
  label: string,
  { name = 'localhost', passphrase }: CertificateWishes = {},
): Promise<CertificateFiles> {
  const [key, cert] = [join(folder, `${label}.key`), join(folder, `${label}.crt`)]
  const lock = passphrase === undefined ? ['-noenc'] : ['-passout', `pass:${passphrase}`]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...lock, '-keyout', key, '-out', cert]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`]
  await run('openssl', ['req', '-x509', ...made, '-days', '30', ...subject])
  return { key, cert }
}

/** Keys and certificates that sign themselves, by OpenSSL. */
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
  /** How long it is good for, by default 30; less than 0: it has expired. */
  readonly days?: number
}

/** Writes `<label>.key` and `<label>.crt` into the folder. */
export async function makeCertificate(
  folder: string,
  label: string,
  { name = 'localhost', passphrase, days = 30 }: CertificateWishes = {},
): Promise<CertificateFiles> {
  const [key, cert] = [join(folder, `${label}.key`), join(folder, `${label}.crt`)]
  const lock = passphrase === undefined ? ['-noenc'] : ['-passout', `pass:${passphrase}`]
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', ...lock, '-keyout', key, '-out', cert]
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`]
  await run('openssl', ['req', '-x509', ...made, '-days', `${Math.max(days, 1)}`, ...subject])
  // A request takes no days that are over; signing once more does.
  if (days < 1) await run('openssl', ['x509', '-in', cert, '-signkey', key, '-days', `${days}`, '-out', cert])
  return { key, cert }
}

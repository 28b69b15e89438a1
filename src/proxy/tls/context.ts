/** What is spoken with browsers: TLS 1.2 with forward secrecy, and 1.3. */
import type { SecureContextOptions } from 'node:tls'
import type { Pair } from './pair.ts'

/** TLS 1.3 has its own; these are for 1.2, as Mozilla's list for current browsers has them. */
const modernCiphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
]
const tls13Ciphers = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256']

export function contextOptions({ key, cert, passphrase }: Pair, ciphers: string | null): SecureContextOptions {
  return {
    key,
    cert,
    ...(passphrase === null ? {} : { passphrase }),
    minVersion: 'TLSv1.2',
    ciphers: ciphers ?? [...tls13Ciphers, ...modernCiphers].join(':'),
    // Phones without AES in hardware may have the cipher that is quick for them.
    honorCipherOrder: false,
  }
}

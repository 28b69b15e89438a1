import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { certificateOf, isStrongEnough } from '../security/keys.ts'
import { configErrors as errors } from './errors.ts'
import type { KeyOption } from './options.ts'

export interface OwnKey {
  readonly key: KeyObject
  /** PEM. */
  readonly certificate: string
  readonly endsAt: Millis
}

/** Errors: SAML_KEY_UNREADABLE, SAML_KEY_WEAK, SAML_KEY_OTHER. */
export function readKeys(keys: readonly KeyOption[]): readonly OwnKey[] {
  return keys.map((option, index) => {
    const what = `Key ${index + 1} of SAMLAuthenticator.keys`
    const certificate = readPem(option.certificate, `The certificate of key ${index + 1}`)
    const read = <T>(of: () => T): T => {
      try {
        return of()
      } catch (cause) {
        // The sentence of the decoder may show bytes of the key.
        throw errors.SAML_KEY_UNREADABLE({ what, why: 'it is no key or certificate in PEM' }, cause)
      }
    }
    const key = read(() => createPrivateKey(readPem(option.key, what)))
    const parsed = read(() => certificateOf(certificate))
    if (!isStrongEnough(createPublicKey(key))) throw errors.SAML_KEY_WEAK({ what })
    if (!parsed.checkPrivateKey(key)) throw errors.SAML_KEY_OTHER({ number: index + 1 })
    return { key, certificate, endsAt: Date.parse(parsed.validTo) }
  })
}

/** PEM text, or the content of the file at this path. Errors: SAML_KEY_UNREADABLE. */
export function readPem(textOrPath: string, what: string): string {
  if (textOrPath.includes('-----BEGIN')) return textOrPath
  try {
    return readFileSync(textOrPath.trim(), 'utf8')
  } catch (cause) {
    throw errors.SAML_KEY_UNREADABLE({ what, why: messageOf(cause) }, cause)
  }
}

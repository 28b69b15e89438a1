/** From a message to the one assertion whose every byte its issuer has signed. */
import type { KeyObject } from 'node:crypto'
import { saml } from '../names.ts'
import { decryptElement } from '../security/decrypt.ts'
import { type Verification, verifyEnveloped } from '../security/verify.ts'
import { childrenOf, type XmlElement } from '../xml/element.ts'
import { isRefusal, type Refusal, type RefusalCode, refuse } from './refusal.ts'

export interface Trusted {
  /** As signed, if it was signed; else as it came, good for refusing only. */
  readonly response: XmlElement
  readonly isResponseSigned: boolean
  readonly assertion: XmlElement
}

export interface Protection {
  /** The issuer's. */
  readonly signingKeys: readonly KeyObject[]
  /** Ours. */
  readonly decryptionKeys: readonly KeyObject[]
  readonly blocked: readonly string[]
  /** What must be signed for sure; one of the two always must. */
  readonly mustSign: readonly ('response' | 'assertion')[]
}

export function authenticate(message: XmlElement, protection: Protection): Trusted | Refusal {
  const { signingKeys: keys, blocked, mustSign } = protection
  const outer = verifyEnveloped(message, { keys, blocked })
  if (outer.kind === 'bad') return refusalOf(outer)
  const isResponseSigned = outer.kind === 'signed'
  if (!isResponseSigned && mustSign.includes('response'))
    return refuse('SAML_UNSIGNED', 'the response is not signed, and response_must_be_signed is set')
  const response = isResponseSigned ? outer.element : message
  const found = oneAssertion(response, { ...protection, isSigned: isResponseSigned })
  if (isRefusal(found)) return found
  const inner = verifyEnveloped(found, { keys, blocked })
  if (inner.kind === 'bad') return refusalOf(inner)
  if (inner.kind === 'signed') return { response, isResponseSigned, assertion: inner.element }
  if (mustSign.includes('assertion'))
    return refuse('SAML_UNSIGNED', 'the assertion is not signed, and assertion_must_be_signed is set')
  if (!isResponseSigned) return refuse('SAML_UNSIGNED', 'neither the response nor the assertion is signed')
  return { response, isResponseSigned, assertion: found }
}

/** Refused: none, several, one beside an encrypted one. */
function oneAssertion(
  response: XmlElement,
  { decryptionKeys, blocked, isSigned }: Protection & { isSigned: boolean },
): XmlElement | Refusal {
  const clear = childrenOf(response, saml('Assertion'))
  const encrypted = childrenOf(response, saml('EncryptedAssertion'))
  if (clear.length + encrypted.length !== 1)
    return refuse('SAML_ASSERTION_COUNT', `there are ${clear.length + encrypted.length} assertions`)
  if (clear[0]) return clear[0]
  const opened = decryptElement(encrypted[0]!, { keys: decryptionKeys, blocked, isSigned, holds: saml('Assertion') })
  return opened.kind === 'clear' ? opened.element : refuse(codes[opened.code], opened.why)
}

const codes = {
  SIGNATURE_MALFORMED: 'SAML_SIGNATURE_MALFORMED',
  SIGNATURE_WRONG: 'SAML_SIGNATURE_WRONG',
  ALGORITHM_REFUSED: 'SAML_ALGORITHM_REFUSED',
  DECRYPTION_FAILED: 'SAML_DECRYPTION_FAILED',
} as const satisfies Record<string, RefusalCode>

function refusalOf({ code, why }: Extract<Verification, { kind: 'bad' }>): Refusal {
  return refuse(codes[code], why)
}

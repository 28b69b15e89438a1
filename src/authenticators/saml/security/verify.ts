import { hash as digestOf, type KeyObject, timingSafeEqual } from 'node:crypto'
import { ds, saml } from '../names.ts'
import { canonicalText } from '../xml/canonical.ts'
import { attribute, childrenOf, elementsOf, isNamed, type XmlElement } from '../xml/element.ts'
import { parseXml } from '../xml/tree.ts'
import { isSignedByOneOf } from './keys.ts'
import { readSignature } from './signed-info.ts'

export type Verification =
  /** The element made anew from the signed bytes: nothing else of the document may be read. Its signature is gone. */
  | { readonly kind: 'signed'; readonly element: XmlElement }
  | { readonly kind: 'unsigned' }
  | {
      readonly kind: 'bad'
      readonly code: 'SIGNATURE_MALFORMED' | 'ALGORITHM_REFUSED' | 'SIGNATURE_WRONG'
      readonly why: string
    }

export interface Trust {
  /** From metadata. What a signature's KeyInfo brings along is never looked at. */
  readonly keys: readonly KeyObject[]
  readonly blocked: readonly string[]
}

/** Checks the signature that stands in this element, right below it, about it. */
export function verifyEnveloped(element: XmlElement, { keys, blocked }: Trust): Verification {
  const signatures = childrenOf(element, ds('Signature'))
  if (signatures.length === 0) return { kind: 'unsigned' }
  if (signatures.length > 1) return bad('SIGNATURE_MALFORMED', 'there are two signatures')
  const signature = signatures[0]!
  const place = elementsOf(element).indexOf(signature)
  if (place > 1 || (place === 1 && !isNamed(elementsOf(element)[0]!, saml('Issuer'))))
    return bad('SIGNATURE_MALFORMED', 'the signature is not where it belongs')
  const id = attribute(element, 'ID')
  if (id === null || id === '') return bad('SIGNATURE_MALFORMED', 'the signed element has no ID')
  const parts = readSignature({ signature, id, blocked })
  if ('kind' in parts) return bad(parts.isWeak ? 'ALGORITHM_REFUSED' : 'SIGNATURE_MALFORMED', parts.why)
  const text = canonicalText(element, parts.inclusive, signature)
  const isSame = equal(digestOf(parts.digest.hash, text, 'buffer'), parts.digest.value)
  if (!isSame) return bad('SIGNATURE_WRONG', 'the signed element was changed')
  if (!isSignedByOneOf(keys, parts)) return bad('SIGNATURE_WRONG', 'no key of the issuer made it')
  return { kind: 'signed', element: parseXml(text) }
}

function equal(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b)
}

function bad(code: Extract<Verification, { kind: 'bad' }>['code'], why: string): Verification {
  return { kind: 'bad', code, why }
}

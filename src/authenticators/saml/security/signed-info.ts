/**
 * What an XML signature says, read from the very bytes that the signature value covers. Of all that XML Signature
 * allows, just the one form that SAML uses is taken: one reference to the element around the signature, the
 * transforms enveloped-signature and exclusive canonicalization, nothing else.
 */

import { ds, ns } from '../names.ts'
import { canonicalText } from '../xml/canonical.ts'
import { attribute, childrenOf, elementsOf, isNamed, textOf, type XmlElement } from '../xml/element.ts'
import { parseXml } from '../xml/tree.ts'
import { digestAlgorithms, envelopedTransform, type SignatureAlgorithm, signatureAlgorithms } from './algorithms.ts'

export interface SignatureParts {
  /** The canonical bytes of SignedInfo. */
  readonly bytes: Buffer
  readonly signature: Buffer
  readonly algorithm: SignatureAlgorithm
  /** Namespaces that the canonical form of the signed element declares early. */
  readonly inclusive: readonly string[]
  readonly digest: { readonly hash: string; readonly value: Buffer }
}

export type Unfit = { readonly kind: 'unfit'; readonly why: string; readonly isWeak?: boolean }

export interface SignatureQuestion {
  readonly signature: XmlElement
  /** The ID of the element that the signature stands in. */
  readonly id: string
  /** Algorithms that a site refuses, by URI. */
  readonly blocked: readonly string[]
}

export function readSignature({ signature, id, blocked }: SignatureQuestion): SignatureParts | Unfit {
  const [signedInfo, signatureValue, ...others] = elementsOf(signature)
  if (!signedInfo || !isNamed(signedInfo, ds('SignedInfo'))) return unfit('it does not begin with SignedInfo')
  if (!signatureValue || !isNamed(signatureValue, ds('SignatureValue'))) return unfit('SignatureValue is missing')
  if (others.some((one) => !isNamed(one, ds('KeyInfo'))) || others.length > 1)
    return unfit('it holds more than SignedInfo, SignatureValue and KeyInfo')
  const value = base64(textOf(signatureValue))
  if (value === null) return unfit('SignatureValue is no base64')
  const method = childrenOf(signedInfo, ds('CanonicalizationMethod'))[0]
  const text = canonicalText(signedInfo, method ? inclusivePrefixes(method) : [])
  const read = readSignedInfo(parseXml(text), { id, blocked })
  return 'kind' in read ? read : { ...read, bytes: Buffer.from(text), signature: value }
}

type Read = Pick<SignatureParts, 'algorithm' | 'inclusive' | 'digest'>

function readSignedInfo(
  signedInfo: XmlElement,
  { id, blocked }: { id: string; blocked: readonly string[] },
): Read | Unfit {
  const parts = elementsOf(signedInfo)
  const [canonicalization, method, reference] = parts
  const names = ['CanonicalizationMethod', 'SignatureMethod', 'Reference']
  if (!isExactly(parts, names)) return unfit('SignedInfo must hold one reference')
  if (attribute(canonicalization!, 'Algorithm') !== ns.canonical) return unfit('the canonicalization is another one')
  const uri = attribute(method!, 'Algorithm') ?? ''
  const algorithm = signatureAlgorithms.get(uri)
  if (!algorithm || elementsOf(method!).length > 0) return unfit(`the algorithm ${uri} is not known`, true)
  if (blocked.includes(uri)) return unfit(`the algorithm ${uri} is too weak`, true)
  if (attribute(reference!, 'URI') !== `#${id}`) return unfit('the reference is to another element')
  const read = readReference(reference!, blocked)
  return 'kind' in read ? read : { ...read, algorithm }
}

function readReference(reference: XmlElement, blocked: readonly string[]): Omit<Read, 'algorithm'> | Unfit {
  const parts = elementsOf(reference)
  if (!isExactly(parts, ['Transforms', 'DigestMethod', 'DigestValue'])) return unfit('the reference is malformed')
  const [transforms, digestMethod, digestValue] = parts
  const steps = elementsOf(transforms!)
  const [enveloped, canonical] = steps
  const algorithms = steps.map((step) => attribute(step, 'Algorithm'))
  const isUsual =
    steps.length === 2 &&
    steps.every((step) => isNamed(step, ds('Transform'))) &&
    algorithms[0] === envelopedTransform &&
    algorithms[1] === ns.canonical &&
    elementsOf(enveloped!).length === 0
  if (!isUsual) return unfit('the transforms are others than enveloped-signature and exclusive canonicalization')
  const uri = attribute(digestMethod!, 'Algorithm') ?? ''
  const hash = digestAlgorithms.get(uri)
  if (!hash) return unfit(`the digest ${uri} is not known`, true)
  if (blocked.includes(uri)) return unfit(`the digest ${uri} is too weak`, true)
  const value = base64(textOf(digestValue!))
  if (value === null) return unfit('DigestValue is no base64')
  return { inclusive: inclusivePrefixes(canonical!), digest: { hash, value } }
}

function isExactly(elements: readonly XmlElement[], names: readonly string[]): boolean {
  return elements.length === names.length && elements.every((one, index) => isNamed(one, ds(names[index]!)))
}

function inclusivePrefixes(method: XmlElement): readonly string[] {
  const list = childrenOf(method, { namespace: ns.canonical, name: 'InclusiveNamespaces' })[0]
  return list ? (attribute(list, 'PrefixList') ?? '').split(/\s+/).filter((prefix) => prefix !== '') : []
}

/** Node's own decoder skips what it does not know, and so would read two texts as one. */
export function base64(text: string | null): Buffer | null {
  const packed = text?.replace(/[\t\n\r ]+/g, '') ?? ''
  if (packed === '' || packed.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(packed)) return null
  return Buffer.from(packed, 'base64')
}

const unfit = (why: string, isWeak = false): Unfit => ({ kind: 'unfit', why, ...(isWeak && { isWeak }) })

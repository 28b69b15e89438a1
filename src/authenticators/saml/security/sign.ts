import { createHash, type KeyObject } from 'node:crypto'
import { ns } from '../names.ts'
import { canonicalText } from '../xml/canonical.ts'
import { attribute } from '../xml/element.ts'
import { parseXml } from '../xml/tree.ts'
import { tag } from '../xml/write.ts'
import { digestWith, envelopedTransform, signatureAlgorithms, signWith, signWithEc } from './algorithms.ts'
import { signBytes } from './keys.ts'

/** The URI of the algorithm that we sign with, by the kind of the key. */
export function algorithmFor(key: KeyObject): string {
  return key.asymmetricKeyType === 'ec' ? signWithEc : signWith
}

export interface Signer {
  readonly key: KeyObject
  /** PEM; goes along as KeyInfo. */
  readonly certificate: string
}

/**
 * The document with an enveloped signature about its root, which must have an ID. It is put after the first child
 * where that is an Issuer (messages), else before it (metadata), as the schemas want.
 */
export function signDocument(text: string, { key, certificate }: Signer): string {
  const root = parseXml(text, { depth: 64, nodes: 100_000, comments: 'refused' })
  const digest = createHash('sha256').update(canonicalText(root)).digest('base64')
  const uri = algorithmFor(key)
  const signedInfo = tag(
    'ds:SignedInfo',
    {},
    tag('ds:CanonicalizationMethod', { Algorithm: ns.canonical }),
    tag('ds:SignatureMethod', { Algorithm: uri }),
    tag(
      'ds:Reference',
      { URI: `#${attribute(root, 'ID')}` },
      tag(
        'ds:Transforms',
        {},
        tag('ds:Transform', { Algorithm: envelopedTransform }),
        tag('ds:Transform', { Algorithm: ns.canonical }),
      ),
      tag('ds:DigestMethod', { Algorithm: digestWith }),
      tag('ds:DigestValue', {}, digest),
    ),
  )
  const declared = signedInfo.text.replace('<ds:SignedInfo>', `<ds:SignedInfo xmlns:ds="${ns.signature}">`)
  const bytes = Buffer.from(canonicalText(parseXml(declared)))
  const value = signBytes(key, bytes, signatureAlgorithms.get(uri)!).toString('base64')
  const body = certificate.replace(/-----[A-Z ]+-----|\s+/g, '')
  const signature = tag(
    'ds:Signature',
    { 'xmlns:ds': ns.signature },
    signedInfo,
    tag('ds:SignatureValue', {}, value),
    tag('ds:KeyInfo', {}, tag('ds:X509Data', {}, tag('ds:X509Certificate', {}, body))),
  )
  const place = /^(?:<\?xml[^>]*\?>\s*)?<[^>]+>(?:<(\w+:)?Issuer\b[^>]*>[^<]*<\/\1?Issuer>)?/.exec(text)![0].length
  return text.slice(0, place) + signature.text + text.slice(place)
}

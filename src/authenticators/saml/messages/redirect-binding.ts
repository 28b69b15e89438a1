/** HTTP-Redirect: a message as parameters of an address, and a signature over those parameters as they are written. */
import type { KeyObject } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { isRefusal, largestMessage, type Refusal, refuse } from '../response/index.ts'
import { readBytes } from '../response/read.ts'
import { signatureAlgorithms } from '../security/algorithms.ts'
import { isSignedByOneOf, signBytes } from '../security/keys.ts'
import { algorithmFor } from '../security/sign.ts'
import { base64 } from '../security/signed-info.ts'
import type { XmlElement } from '../xml/element.ts'

export type MessageField = 'SAMLRequest' | 'SAMLResponse'

export interface OutgoingMessage {
  readonly to: string
  readonly field: MessageField
  readonly xml: string
  readonly relayState: string | null
  /** null: unsigned. */
  readonly key: KeyObject | null
}

/** The address that carries the message. */
export function redirectUrl({ to, field, xml, relayState, key }: OutgoingMessage): string {
  const parts = [`${field}=${encodeURIComponent(deflateRawSync(xml).toString('base64'))}`]
  if (relayState !== null) parts.push(`RelayState=${encodeURIComponent(relayState)}`)
  if (key !== null) {
    const algorithm = algorithmFor(key)
    parts.push(`SigAlg=${encodeURIComponent(algorithm)}`)
    const bytes = Buffer.from(parts.join('&'))
    const signature = signBytes(key, bytes, signatureAlgorithms.get(algorithm)!)
    parts.push(`Signature=${encodeURIComponent(signature.toString('base64'))}`)
  }
  return `${to}${to.includes('?') ? '&' : '?'}${parts.join('&')}`
}

export interface ReceivedMessage {
  readonly field: MessageField
  readonly message: XmlElement
  readonly relayState: string | null
  isSignedBy(keys: readonly KeyObject[], blocked: readonly string[]): Refusal | null
}

/**
 * The message of a query as it came (`a=b&c=d`, not decoded). Of each parameter there may be one: two readers could
 * take different ones.
 */
export function readRedirect(query: string): ReceivedMessage | Refusal {
  const raw = rawParameters(query)
  if (raw === null) return refuse('SAML_FORBIDDEN', 'a parameter came twice')
  const field = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse'
  if (raw.has('SAMLRequest') && raw.has('SAMLResponse'))
    return refuse('SAML_FORBIDDEN', 'it is a request and a response')
  const message = inflated(decode(raw.get(field)))
  if (isRefusal(message)) return message
  return {
    field,
    message,
    relayState: decode(raw.get('RelayState')),
    isSignedBy: (keys, blocked) => checkSignature(raw, field, { keys, blocked }),
  }
}

function rawParameters(query: string): ReadonlyMap<string, string> | null {
  const known = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature', 'SAMLEncoding']
  const raw = new Map<string, string>()
  for (const part of query.replace(/^\?/, '').split('&')) {
    const equals = part.indexOf('=')
    const name = decode(equals === -1 ? part : part.slice(0, equals)) ?? ''
    if (!known.includes(name)) continue
    if (raw.has(name)) return null
    raw.set(name, equals === -1 ? '' : part.slice(equals + 1))
  }
  return raw
}

/** Deflate may turn a few bytes into gigabytes. */
function inflated(field: string | null): XmlElement | Refusal {
  const bytes = base64(field)
  if (bytes === null) return refuse('SAML_MALFORMED', 'the message is missing or no base64')
  try {
    return readBytes(inflateRawSync(bytes, { maxOutputLength: largestMessage }))
  } catch (error) {
    const isBomb = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return isBomb ? refuse('SAML_TOO_LARGE', 'it unfolds to too much') : refuse('SAML_MALFORMED', 'it is not deflated')
  }
}

function checkSignature(
  raw: ReadonlyMap<string, string>,
  field: MessageField,
  { keys, blocked }: { keys: readonly KeyObject[]; blocked: readonly string[] },
): Refusal | null {
  const signature = base64(decode(raw.get('Signature')))
  const uri = decode(raw.get('SigAlg'))
  if (signature === null || uri === null) return refuse('SAML_UNSIGNED', 'the message is not signed')
  const algorithm = signatureAlgorithms.get(uri)
  if (!algorithm || blocked.includes(uri)) return refuse('SAML_ALGORITHM_REFUSED', `the algorithm ${uri} is not taken`)
  const parts = [field, 'RelayState', 'SigAlg']
    .filter((name) => raw.has(name))
    .map((name) => `${name}=${raw.get(name)}`)
  const isSigned = isSignedByOneOf(keys, { bytes: Buffer.from(parts.join('&')), signature, algorithm })
  return isSigned ? null : refuse('SAML_SIGNATURE_WRONG', 'no key of the issuer made the signature')
}

function decode(raw: string | undefined): string | null {
  if (raw === undefined) return null
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '))
  } catch {
    return null
  }
}

import { HimaliaError } from '#base/errors.ts'
import { saml, samlp } from '../names.ts'
import { base64 } from '../security/signed-info.ts'
import { attribute, childrenOf, elementsOf, isNamed, textOf, type XmlElement } from '../xml/element.ts'
import { parseXml } from '../xml/tree.ts'
import { isRefusal, type Refusal, refuse } from './refusal.ts'

/** Of base64, as it is posted. Assertions with pictures of people do not come near it. */
export const largestMessage = 512 * 1024

/** The message of a posted field as XML. */
export function readPosted(field: string | undefined): XmlElement | Refusal {
  if (field === undefined || field === '') return refuse('SAML_MALFORMED', 'the field is missing')
  if (field.length > largestMessage) return refuse('SAML_TOO_LARGE', `the message has ${field.length} characters`)
  const bytes = base64(field)
  return bytes ? readBytes(bytes) : refuse('SAML_MALFORMED', 'the field is no base64')
}

export function readBytes(bytes: Buffer): XmlElement | Refusal {
  try {
    return parseXml(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    if (!(error instanceof HimaliaError)) return refuse('SAML_MALFORMED', 'the message is not UTF-8')
    if (error.code === 'XML_MALFORMED') return refuse('SAML_MALFORMED', error.message)
    return refuse(error.code === 'XML_TOO_LARGE' ? 'SAML_TOO_LARGE' : 'SAML_FORBIDDEN', error.message)
  }
}

/** What can be said of a message before any of it is believed: who it claims to be from, and which request it answers. */
export interface Envelope {
  readonly message: XmlElement
  readonly issuer: string | null
  readonly inResponseTo: string | null
}

export function readResponse(field: string | undefined): Envelope | Refusal {
  const message = readPosted(field)
  if (isRefusal(message)) return message
  const { name } = message
  if (!isNamed(message, samlp('Response'))) return refuse('SAML_MALFORMED', `the message is a ${name}`)
  if (attribute(message, 'Version') !== '2.0')
    return refuse('SAML_VERSION', `the version is ${attribute(message, 'Version')}`)
  return { message, issuer: claimedIssuer(message), inResponseTo: attribute(message, 'InResponseTo') }
}

/** The response need not name its issuer; a clear assertion within it must. */
function claimedIssuer(message: XmlElement): string | null {
  const places = [message, ...childrenOf(message, saml('Assertion'))]
  return places.map(issuerOf).find((issuer) => issuer !== null) ?? null
}

export function issuerOf(element: XmlElement): string | null {
  const first = elementsOf(element)[0]
  return first && isNamed(first, saml('Issuer')) ? textOf(first) : null
}

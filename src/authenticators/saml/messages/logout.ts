/** Single logout: what is sent, and what is read of what came. */
import type { KeyObject } from 'node:crypto'
import type { Millis } from '#base/clock.ts'
import { ns, saml, samlp, statuses } from '../names.ts'
import { type NameId, readNameId } from '../response/assertion.ts'
import { issuerOf } from '../response/read.ts'
import { type Refusal, refuse } from '../response/refusal.ts'
import { decryptElement } from '../security/decrypt.ts'
import { instantOf, writtenInstant } from '../time.ts'
import { at, attribute, childOf, childrenOf, isNamed, textOf, type XmlElement } from '../xml/element.ts'
import { tag } from '../xml/write.ts'

interface Frame {
  readonly id: string
  readonly now: Millis
  readonly entityId: string
  readonly destination: string
}

const lifetimeMs = 300_000

export function logoutRequest(frame: Frame & { nameId: NameId; sessionIndex: string | null }): string {
  const { nameId, sessionIndex } = frame
  return tag(
    'samlp:LogoutRequest',
    { ...frameOf(frame), NotOnOrAfter: writtenInstant(frame.now + lifetimeMs) },
    tag('saml:Issuer', {}, frame.entityId),
    tag(
      'saml:NameID',
      { Format: nameId.format, NameQualifier: nameId.nameQualifier, SPNameQualifier: nameId.spNameQualifier },
      nameId.value,
    ),
    sessionIndex === null ? null : tag('samlp:SessionIndex', {}, sessionIndex),
  ).text
}

export function logoutResponse(frame: Frame & { inResponseTo: string; status: string; second: string | null }): string {
  return tag(
    'samlp:LogoutResponse',
    { ...frameOf(frame), InResponseTo: frame.inResponseTo },
    tag('saml:Issuer', {}, frame.entityId),
    tag(
      'samlp:Status',
      {},
      tag(
        'samlp:StatusCode',
        { Value: frame.status },
        frame.second === null ? null : tag('samlp:StatusCode', { Value: frame.second }),
      ),
    ),
  ).text
}

function frameOf({ id, now, destination }: Frame) {
  const declared = { 'xmlns:samlp': ns.protocol, 'xmlns:saml': ns.assertion }
  return { ...declared, ID: id, Version: '2.0', IssueInstant: writtenInstant(now), Destination: destination }
}

export interface LogoutAsked {
  readonly id: string
  readonly nameId: NameId
  /** Empty: all sessions of the person. */
  readonly sessionIndexes: readonly string[]
  readonly until: Millis
}

export interface LogoutExpectation {
  readonly now: Millis
  readonly skewMs: Millis
  readonly idp: string
  /** Our address that it came to. */
  readonly url: string
  readonly decryptionKeys: readonly KeyObject[]
  readonly blocked: readonly string[]
}

/** Reads a request whose signature has been verified. */
export function readLogoutRequest(request: XmlElement, expected: LogoutExpectation): LogoutAsked | Refusal {
  const { now, skewMs } = expected
  if (!isNamed(request, samlp('LogoutRequest'))) return refuse('SAML_MALFORMED', 'it is no LogoutRequest')
  const fault = frameFault(request, expected)
  if (fault) return fault
  const end = instantOf(attribute(request, 'NotOnOrAfter'))
  if (end !== null && end + skewMs <= now) return refuse('SAML_EXPIRED', 'the request is old')
  const nameId = nameIdOf(request, expected)
  if (nameId === null) return refuse('SAML_MALFORMED', 'the request names nobody')
  return {
    id: attribute(request, 'ID')!,
    nameId,
    sessionIndexes: childrenOf(request, samlp('SessionIndex')).map((one) => textOf(one) ?? ''),
    until: (end ?? now + lifetimeMs) + skewMs,
  }
}

export interface LogoutAnswered {
  readonly inResponseTo: string | null
  readonly isWhole: boolean
  readonly status: readonly string[]
}

/** Reads a response whose signature has been verified. */
export function readLogoutResponse(response: XmlElement, expected: LogoutExpectation): LogoutAnswered | Refusal {
  if (!isNamed(response, samlp('LogoutResponse'))) return refuse('SAML_MALFORMED', 'it is no LogoutResponse')
  const fault = frameFault(response, expected)
  if (fault) return fault
  const code = at(response, samlp('Status'), samlp('StatusCode'))
  const second = code && childOf(code, samlp('StatusCode'))
  const status = [code, second].flatMap((one) => (one ? [attribute(one, 'Value') ?? ''] : []))
  return {
    inResponseTo: attribute(response, 'InResponseTo'),
    isWhole: status[0] === statuses.success && status[1] !== statuses.partialLogout,
    status,
  }
}

const longestWayMs = 300_000

function frameFault(message: XmlElement, { now, skewMs, idp, url }: LogoutExpectation): Refusal | null {
  if (attribute(message, 'Version') !== '2.0') return refuse('SAML_VERSION', 'it is no SAML 2.0')
  if ((attribute(message, 'ID') ?? '') === '') return refuse('SAML_MALFORMED', 'it has no ID')
  if (issuerOf(message) !== idp) return refuse('SAML_ISSUER_OTHER', `it is from ${issuerOf(message)}`)
  const destination = attribute(message, 'Destination')
  if (destination !== url) return refuse('SAML_DESTINATION_WRONG', `it was sent to ${destination}, and came to ${url}`)
  const issued = instantOf(attribute(message, 'IssueInstant'))
  if (issued === null) return refuse('SAML_MALFORMED', 'it has no IssueInstant')
  if (issued - skewMs > now) return refuse('SAML_NOT_YET_VALID', 'it is from the future')
  return issued + longestWayMs + skewMs < now ? refuse('SAML_EXPIRED', 'it is old') : null
}

function nameIdOf(request: XmlElement, { decryptionKeys, blocked }: LogoutExpectation): NameId | null {
  const clear = childOf(request, saml('NameID'))
  if (clear) return readNameId(clear)
  const encrypted = childOf(request, saml('EncryptedID'))
  if (!encrypted) return null
  const opened = decryptElement(encrypted, { keys: decryptionKeys, blocked, isSigned: true, holds: saml('NameID') })
  return opened.kind === 'clear' ? readNameId(opened.element) : null
}

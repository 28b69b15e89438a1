/**
 * An identity provider for tests that does what it is told, right or wrong. Its signatures are made by xml-crypto, so
 * that ours are held against another implementation.
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { ns } from '../../src/authenticators/saml/names.ts'
import { selfSigned } from '../../src/authenticators/saml/security/certificate.ts'

export const now = Date.parse('2026-11-25T12:00:00Z')
export const idpId = 'https://idp.example.edu/idp'
export const entityId = 'https://hub.example.org/saml'
export const acsUrl = 'https://hub.example.org/hub/saml/acs'
export const requestId = `_${'a1'.repeat(16)}`

export interface TestKey {
  readonly key: KeyObject
  readonly pem: string
  readonly certificate: string
}

export function makeKey(host = 'idp.example.edu', modulusLength = 2048): TestKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const serial = randomBytes(8)
  const certificate = selfSigned({ key: privateKey, host, from: now - 86_400_000, until: now + 9e10, serial })
  return { key: createPrivateKey(pem), pem, certificate }
}

export const idpKey = makeKey()
export const spKey = makeKey('hub.example.org')
export const strangerKey = makeKey('evil.example.net')

const time = (offsetSeconds: number) => `${new Date(now + offsetSeconds * 1000).toISOString().slice(0, 19)}Z`

export interface Said {
  readonly responseId?: string
  readonly assertionId?: string
  readonly issuer?: string
  readonly responseIssuer?: string | null
  readonly destination?: string | null
  readonly recipient?: string
  readonly audience?: string | null
  readonly inResponseTo?: string | null
  readonly confirmationInResponseTo?: string | null
  readonly version?: string
  /** Seconds from now. */
  readonly issued?: number
  readonly notBefore?: number
  readonly notOnOrAfter?: number
  readonly confirmedUntil?: number | null
  readonly confirmationNotBefore?: number | null
  readonly signedInAt?: number
  readonly sessionUntil?: number | null
  readonly method?: string
  readonly status?: readonly string[]
  readonly context?: string
  readonly nameId?: string
  readonly attributes?: Readonly<Record<string, readonly string[]>>
  /** Raw XML at places of interest. */
  readonly inConditions?: string
  readonly inAssertion?: string
  readonly inResponse?: string
  readonly conditions?: string
}

export const mailName = 'urn:oid:0.9.2342.19200300.100.1.3'
export const eppnName = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.6'

export function assertionXml(said: Said = {}): string {
  const {
    assertionId = '_assertion1',
    issuer = idpId,
    recipient = acsUrl,
    audience = entityId,
    inResponseTo = requestId,
    issued = 0,
    notBefore = -60,
    notOnOrAfter = 300,
    confirmedUntil = 300,
    confirmationNotBefore = null,
    signedInAt = -10,
    sessionUntil = 3600,
    method = 'urn:oasis:names:tc:SAML:2.0:cm:bearer',
    context = 'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
    nameId = 'transient-1',
    attributes = { [eppnName]: ['ada@example.edu'], [mailName]: ['Ada@example.edu'] },
  } = said
  const answered = said.confirmationInResponseTo === undefined ? inResponseTo : said.confirmationInResponseTo
  const restriction =
    audience === null
      ? ''
      : `<saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction>`
  const conditions =
    said.conditions ??
    `<saml:Conditions NotBefore="${time(notBefore)}" NotOnOrAfter="${time(notOnOrAfter)}">${restriction}${said.inConditions ?? ''}</saml:Conditions>`
  const values = Object.entries(attributes).map(
    ([name, all]) =>
      `<saml:Attribute Name="${name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:uri">${all
        .map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`)
        .join('')}</saml:Attribute>`,
  )
  return (
    `<saml:Assertion xmlns:saml="${ns.assertion}" ID="${assertionId}" Version="2.0" IssueInstant="${time(issued)}">` +
    `<saml:Issuer>${issuer}</saml:Issuer>` +
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:transient">${nameId}</saml:NameID>` +
    `<saml:SubjectConfirmation Method="${method}"><saml:SubjectConfirmationData Recipient="${recipient}"${
      confirmedUntil === null ? '' : ` NotOnOrAfter="${time(confirmedUntil)}"`
    }${confirmationNotBefore === null ? '' : ` NotBefore="${time(confirmationNotBefore)}"`}${
      answered === null ? '' : ` InResponseTo="${answered}"`
    }/></saml:SubjectConfirmation></saml:Subject>` +
    conditions +
    `<saml:AuthnStatement AuthnInstant="${time(signedInAt)}" SessionIndex="_session1"${
      sessionUntil === null ? '' : ` SessionNotOnOrAfter="${time(sessionUntil)}"`
    }><saml:AuthnContext><saml:AuthnContextClassRef>${context}</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>` +
    `<saml:AttributeStatement>${values.join('')}</saml:AttributeStatement>${said.inAssertion ?? ''}` +
    '</saml:Assertion>'
  )
}

/** `content` is the assertion, or whatever stands in its place. */
export function responseXml(content: string, said: Said = {}): string {
  const {
    responseId = '_response1',
    inResponseTo = requestId,
    destination = acsUrl,
    issued = 0,
    version = '2.0',
  } = said
  const issuer = said.responseIssuer === undefined ? (said.issuer ?? idpId) : said.responseIssuer
  const [first = 'urn:oasis:names:tc:SAML:2.0:status:Success', second] = said.status ?? []
  return (
    `<samlp:Response xmlns:samlp="${ns.protocol}" xmlns:saml="${ns.assertion}" ID="${responseId}" Version="${version}" IssueInstant="${time(issued)}"` +
    `${destination === null ? '' : ` Destination="${destination}"`}${inResponseTo === null ? '' : ` InResponseTo="${inResponseTo}"`}>` +
    (issuer === null ? '' : `<saml:Issuer>${issuer}</saml:Issuer>`) +
    `${said.inResponse ?? ''}<samlp:Status><samlp:StatusCode Value="${first}">${
      second ? `<samlp:StatusCode Value="${second}"/>` : ''
    }</samlp:StatusCode></samlp:Status>${content}</samlp:Response>`
  )
}

export interface Signing {
  readonly by?: TestKey
  readonly algorithm?: string
  readonly digest?: string
  readonly transforms?: readonly string[]
  readonly canonicalization?: string
}

/** Signs the element of this name (prefix `saml` or `samlp`), the signature after its Issuer. */
export function signed(xml: string, name: 'Assertion' | 'Response', signing: Signing = {}): string {
  const { by = idpKey } = signing
  const path = `//*[local-name(.)='${name}']`
  const signer = new SignedXml({
    privateKey: by.pem,
    publicCert: by.certificate,
    signatureAlgorithm: signing.algorithm ?? 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: signing.canonicalization ?? ns.canonical,
  } as ConstructorParameters<typeof SignedXml>[0])
  signer.addReference({
    xpath: path,
    transforms: [...(signing.transforms ?? [`${ns.signature}enveloped-signature`, ns.canonical])],
    digestAlgorithm: signing.digest ?? `${ns.encryption}sha256`,
  })
  signer.computeSignature(xml, {
    prefix: 'ds',
    location: { reference: `${path}/*[local-name(.)='Issuer']`, action: 'after' },
    existingPrefixes: {},
  })
  return signer.getSignedXml()
}

export const signedAssertion = (said: Said = {}, signing: Signing = {}) =>
  responseXml(signed(assertionXml(said), 'Assertion', signing), said)

export const signedResponse = (said: Said = {}, signing: Signing = {}) =>
  signed(responseXml(assertionXml(said), said), 'Response', signing)

export const posted = (xml: string) => Buffer.from(xml).toString('base64')

/** Our own metadata, as saml2int and federations want it. */
import { createHash } from 'node:crypto'
import type { Millis } from '#base/clock.ts'
import { nameOfAttribute } from '../attributes/names.ts'
import type { OwnKey } from '../config/keys.ts'
import type { ByLanguage, SamlOptions } from '../config/options.ts'
import { bindings, nameFormatUri, nameIdFormats, ns } from '../names.ts'
import { signDocument } from '../security/sign.ts'
import { writtenInstant } from '../time.ts'
import { tag, type Xml } from '../xml/write.ts'

export interface OwnMetadata {
  readonly entityId: string
  readonly keys: readonly OwnKey[]
  readonly options: SamlOptions
  readonly now: Millis
  readonly urls: {
    /** The first is the one in requests. */
    readonly acs: readonly string[]
    readonly logout: readonly string[]
    readonly login: string
  }
}

/** Fetched again and again, so it need not be valid for long. */
const validityMs = 14 * 86_400_000

export function ownMetadata(own: OwnMetadata): string {
  const { entityId, keys, options, now } = own
  const id = `_${createHash('sha256').update(entityId).digest('hex').slice(0, 32)}`
  const text = tag(
    'md:EntityDescriptor',
    { ...declarations, ID: id, entityID: entityId, validUntil: writtenInstant(now + validityMs) },
    tag('md:Extensions', {}, subjectIdRequirement(options), algorithms()),
    serviceProvider(own),
    organization(options),
    options.contacts.map(contact),
  ).text
  const [signer] = keys
  return options.signMetadata && signer ? signDocument(text, signer) : text
}

const declarations = {
  'xmlns:md': ns.metadata,
  'xmlns:ds': ns.signature,
  'xmlns:saml': ns.assertion,
  'xmlns:mdui': ns.ui,
  'xmlns:mdattr': ns.entityAttributes,
  'xmlns:alg': ns.algorithms,
  'xmlns:idpdisc': ns.discovery,
  'xmlns:init': ns.requestInitiator,
  'xmlns:remd': ns.refeds,
}

function serviceProvider({ keys, options, urls }: OwnMetadata): Xml {
  return tag(
    'md:SPSSODescriptor',
    {
      protocolSupportEnumeration: ns.protocol,
      AuthnRequestsSigned: options.signRequests,
      WantAssertionsSigned: options.assertionMustBeSigned,
    },
    tag(
      'md:Extensions',
      {},
      tag('init:RequestInitiator', { Binding: ns.requestInitiator, Location: urls.login }),
      tag('idpdisc:DiscoveryResponse', { Binding: ns.discovery, Location: urls.login, index: 1 }),
      userInterface(options),
    ),
    // The key that signs, and the one that will or did: both go on being published until the change is over.
    keys.map((key) => keyDescriptor(key, 'signing')),
    keys.map((key) => keyDescriptor(key, 'encryption')),
    keys.length === 0
      ? null
      : urls.logout.flatMap((Location) => [
          tag('md:SingleLogoutService', { Binding: bindings.redirect, Location }),
          tag('md:SingleLogoutService', { Binding: bindings.post, Location }),
        ]),
    [nameIdFormats.transient, nameIdFormats.persistent].map((format) => tag('md:NameIDFormat', {}, format)),
    urls.acs.map((Location, index) =>
      tag('md:AssertionConsumerService', {
        Binding: bindings.post,
        Location,
        index: index + 1,
        isDefault: index === 0 || null,
      }),
    ),
    requestedAttributes(options),
  )
}

function keyDescriptor({ certificate }: OwnKey, use: 'signing' | 'encryption'): Xml {
  const body = certificate.replace(/-----[A-Z ]+-----|\s+/g, '')
  return tag(
    'md:KeyDescriptor',
    { use },
    tag('ds:KeyInfo', {}, tag('ds:X509Data', {}, tag('ds:X509Certificate', {}, body))),
    use === 'encryption'
      ? [`${ns.encryption11}aes256-gcm`, `${ns.encryption11}aes128-gcm`, `${ns.encryption}rsa-oaep-mgf1p`].map(
          (Algorithm) => tag('md:EncryptionMethod', { Algorithm }),
        )
      : null,
  )
}

function algorithms(): readonly Xml[] {
  return [
    tag('alg:DigestMethod', { Algorithm: `${ns.encryption}sha256` }),
    tag('alg:SigningMethod', { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256' }),
    tag('alg:SigningMethod', { Algorithm: 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256' }),
  ]
}

function subjectIdRequirement({ subjectIdRequired }: SamlOptions): Xml {
  const name = 'urn:oasis:names:tc:SAML:profiles:subject-id:req'
  return tag(
    'mdattr:EntityAttributes',
    {},
    tag('saml:Attribute', { Name: name, NameFormat: nameFormatUri }, tag('saml:AttributeValue', {}, subjectIdRequired)),
  )
}

function userInterface({
  displayName,
  description,
  informationUrl,
  privacyStatementUrl,
  logoUrl,
}: SamlOptions): Xml | null {
  const parts = [
    ...inLanguages('mdui:DisplayName', displayName),
    ...inLanguages('mdui:Description', description),
    ...inLanguages('mdui:InformationURL', informationUrl),
    ...inLanguages('mdui:PrivacyStatementURL', privacyStatementUrl),
    ...(logoUrl === null ? [] : [tag('mdui:Logo', { width: 64, height: 64 }, logoUrl)]),
  ]
  return parts.length === 0 ? null : tag('mdui:UIInfo', {}, parts)
}

/** The schema wants a name in each service that asks for attributes. */
function requestedAttributes({ requestedAttributes, displayName }: SamlOptions): Xml | null {
  if (requestedAttributes.length === 0) return null
  return tag(
    'md:AttributeConsumingService',
    { index: 1, isDefault: true },
    inLanguages('md:ServiceName', displayName ?? 'Jupyter'),
    requestedAttributes.map((id) =>
      tag('md:RequestedAttribute', { FriendlyName: id, Name: nameOfAttribute(id), NameFormat: nameFormatUri }),
    ),
  )
}

function organization({ organizationName, organizationDisplayName, organizationUrl }: SamlOptions): Xml | null {
  if (organizationName === null || organizationUrl === null) return null
  return tag(
    'md:Organization',
    {},
    inLanguages('md:OrganizationName', organizationName),
    inLanguages('md:OrganizationDisplayName', organizationDisplayName ?? organizationName),
    inLanguages('md:OrganizationURL', organizationUrl),
  )
}

/** Contacts for security are `other` to the schema: https://refeds.org/metadata/contactType/security */
function contact({ type, name, email }: SamlOptions['contacts'][number]): Xml {
  const isSecurity = type === 'security'
  return tag(
    'md:ContactPerson',
    {
      contactType: isSecurity ? 'other' : type,
      'remd:contactType': isSecurity ? 'http://refeds.org/metadata/contactType/security' : null,
    },
    name === undefined ? null : tag('md:GivenName', {}, name),
    tag('md:EmailAddress', {}, email.startsWith('mailto:') ? email : `mailto:${email}`),
  )
}

function inLanguages(name: string, texts: ByLanguage | null): readonly Xml[] {
  if (texts === null) return []
  const all = typeof texts === 'string' ? { en: texts } : texts
  return Object.entries(all).map(([language, text]) => tag(name, { 'xml:lang': language }, text))
}

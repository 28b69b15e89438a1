import type { Millis } from '#base/clock.ts'
import { ds, md, mdattr, mdrpi, mdui, ns, saml, shibmd } from '../names.ts'
import { keyOfCertificate } from '../security/keys.ts'
import { instantOf } from '../time.ts'
import { at, attribute, attributeNs, childrenOf, textOf, type XmlElement } from '../xml/element.ts'
import type { Endpoint, IdentityProvider, Localized, Logo } from './entity.ts'

/** An EntityDescriptor as an identity provider; null when it is none that speaks SAML 2.0. */
export function readIdentityProvider(entity: XmlElement, validUntil: Millis): IdentityProvider | null {
  const entityId = attribute(entity, 'entityID') ?? ''
  const role = childrenOf(entity, md('IDPSSODescriptor')).find((one) =>
    (attribute(one, 'protocolSupportEnumeration') ?? '').split(/\s+/).includes(ns.protocol),
  )
  if (!role || entityId === '' || entityId.length > 1024) return null
  const info = at(role, md('Extensions'), mdui('UIInfo'))
  const own = instantOf(attribute(entity, 'validUntil'))
  const registration = at(entity, md('Extensions'), mdrpi('RegistrationInfo'))
  return {
    entityId,
    validUntil: Math.min(validUntil, own ?? validUntil, instantOf(attribute(role, 'validUntil')) ?? validUntil),
    displayNames: displayNamesOf(entity, info),
    keywords: info ? localizedTexts(childrenOf(info, mdui('Keywords'))) : {},
    logos: info
      ? childrenOf(info, mdui('Logo'))
          .map(logoOf)
          .filter((logo) => logo !== null)
      : [],
    errorUrl: webAddress(attribute(role, 'errorURL')),
    scopes: scopesOf(entity, role),
    entityCategories: entityAttribute(entity, 'http://macedir.org/entity-category'),
    assurance: entityAttribute(entity, 'urn:oasis:names:tc:SAML:attribute:assurance-certification'),
    registrationAuthority: registration && attribute(registration, 'registrationAuthority'),
    signingCertificates: signingCertificatesOf(role),
    wantsSignedRequests: ['true', '1'].includes(attribute(role, 'WantAuthnRequestsSigned') ?? ''),
    singleSignOn: endpointsOf(role, 'SingleSignOnService'),
    singleLogout: endpointsOf(role, 'SingleLogoutService'),
    nameIdFormats: childrenOf(role, md('NameIDFormat')).map((one) => textOf(one) ?? ''),
  }
}

/** A key without a use serves for both. Certificates whose key can't be read are of no use; their dates mean nothing. */
function signingCertificatesOf(role: XmlElement): readonly string[] {
  return childrenOf(role, md('KeyDescriptor'))
    .filter((key) => (attribute(key, 'use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenOf(key, ds('KeyInfo')))
    .flatMap((info) => childrenOf(info, ds('X509Data')))
    .flatMap((data) => childrenOf(data, ds('X509Certificate')))
    .map((one) => (textOf(one) ?? '').replace(/\s+/g, ''))
    .filter((text) => text !== '' && keyOfCertificate(text) !== null)
}

function endpointsOf(role: XmlElement, name: string): readonly Endpoint[] {
  return childrenOf(role, md(name)).flatMap((one) => {
    const location = webAddress(attribute(one, 'Location'))
    const responseLocation = webAddress(attribute(one, 'ResponseLocation'))
    return location === null ? [] : [{ binding: attribute(one, 'Binding') ?? '', location, responseLocation }]
  })
}

/** Regular expressions are left out: they have let institutions speak for others. */
function scopesOf(entity: XmlElement, role: XmlElement): readonly string[] {
  const scopes = [entity, role]
    .flatMap((one) => childrenOf(one, md('Extensions')))
    .flatMap((extensions) => childrenOf(extensions, shibmd('Scope')))
    .filter((scope) => !['true', '1'].includes(attribute(scope, 'regexp') ?? 'false'))
    .map((scope) => (textOf(scope) ?? '').toLowerCase())
  return [...new Set(scopes)].filter((scope) => scope !== '')
}

function entityAttribute(entity: XmlElement, name: string): readonly string[] {
  return childrenOf(entity, md('Extensions'))
    .flatMap((extensions) => childrenOf(extensions, mdattr('EntityAttributes')))
    .flatMap((attributes) => childrenOf(attributes, saml('Attribute')))
    .filter((one) => attribute(one, 'Name') === name)
    .flatMap((one) => childrenOf(one, saml('AttributeValue')))
    .map((value) => textOf(value) ?? '')
}

/** What the institution calls itself for people, else the name of the organisation. */
function displayNamesOf(entity: XmlElement, info: XmlElement | null): Localized {
  const shown = info ? localizedTexts(childrenOf(info, mdui('DisplayName'))) : {}
  if (Object.keys(shown).length > 0) return shown
  const organisation = at(entity, md('Organization'))
  return organisation ? localizedTexts(childrenOf(organisation, md('OrganizationDisplayName'))) : {}
}

function localizedTexts(elements: readonly XmlElement[]): Localized {
  return Object.fromEntries(
    elements
      .map((one) => [attributeNs(one, ns.xml, 'lang')?.toLowerCase().slice(0, 2) ?? 'en', textOf(one) ?? ''] as const)
      .filter(([language, text]) => /^[a-z]{2}$/.test(language) && text !== ''),
  )
}

function logoOf(one: XmlElement): Logo | null {
  const url = textOf(one) ?? ''
  if (!/^https:|^data:image\//.test(url) || url.length > 40_000) return null
  const [width, height] = ['width', 'height'].map((name) => Number(attribute(one, name) ?? 0) || 0)
  return { url, width: width!, height: height!, lang: attributeNs(one, ns.xml, 'lang') }
}

/** Metadata comes from many hands: an address that is no web address would be a script in our page. */
function webAddress(text: string | null): string | null {
  const trimmed = text?.trim() ?? ''
  return /^https?:\/\//i.test(trimmed) && URL.canParse(trimmed) ? trimmed : null
}

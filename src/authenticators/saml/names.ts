/** The words that SAML messages are made of. */
import type { QName } from './xml/element.ts'

export const ns = {
  protocol: 'urn:oasis:names:tc:SAML:2.0:protocol',
  assertion: 'urn:oasis:names:tc:SAML:2.0:assertion',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  encryption11: 'http://www.w3.org/2009/xmlenc11#',
  ui: 'urn:oasis:names:tc:SAML:metadata:ui',
  entityAttributes: 'urn:oasis:names:tc:SAML:metadata:attribute',
  algorithms: 'urn:oasis:names:tc:SAML:metadata:algsupport',
  discovery: 'urn:oasis:names:tc:SAML:profiles:SSO:idp-discovery-protocol',
  requestInitiator: 'urn:oasis:names:tc:SAML:profiles:SSO:request-init',
  shibboleth: 'urn:mace:shibboleth:metadata:1.0',
  registration: 'urn:oasis:names:tc:SAML:metadata:rpi',
  refeds: 'http://refeds.org/metadata',
  xml: 'http://www.w3.org/XML/1998/namespace',
  canonical: 'http://www.w3.org/2001/10/xml-exc-c14n#',
} as const

const naming =
  (namespace: string) =>
  (name: string): QName => ({ namespace, name })
export const samlp = naming(ns.protocol)
export const saml = naming(ns.assertion)
export const md = naming(ns.metadata)
export const ds = naming(ns.signature)
export const xenc = naming(ns.encryption)
export const mdui = naming(ns.ui)
export const mdattr = naming(ns.entityAttributes)
export const shibmd = naming(ns.shibboleth)
export const mdrpi = naming(ns.registration)

export const bindings = {
  redirect: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect',
  post: 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST',
} as const

export const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer'
export const nameFormatUri = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

const status = (name: string) => `urn:oasis:names:tc:SAML:2.0:status:${name}`
export const statuses = {
  success: status('Success'),
  requester: status('Requester'),
  responder: status('Responder'),
  partialLogout: status('PartialLogout'),
  unknownPrincipal: status('UnknownPrincipal'),
} as const

export const nameIdFormats = {
  transient: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient',
  persistent: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
} as const

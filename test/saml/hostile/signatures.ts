/** Signatures that say less than they seem to, or are by others. */
import { createHmac, createPublicKey } from 'node:crypto'
import { SignedXml } from 'xml-crypto'
import { ns } from '../../../src/authenticators/saml/names.ts'
import * as idp from '../idp.ts'
import type { Hostile } from './hostile.ts'

type Make = (request: string, other: string) => string
const row = (name: string, code: string, make: Make): Hostile => ({
  name,
  code,
  make: (request, other) => idp.posted(make(request, other)),
})
const good = (inResponseTo: string, signing: idp.Signing = {}) => idp.signedAssertion({ inResponseTo }, signing)
const change = (name: string, code: string, alter: (xml: string) => string) =>
  row(name, code, (request) => {
    const before = good(request)
    const after = alter(before)
    if (after === before) throw new Error(`${name}: nothing was changed`)
    return after
  })

/** As if an RSA key were the secret of an HMAC. */
function hmac(request: string, secret: string): string {
  const xml = good(request).replace('xmldsig-more#rsa-sha256', 'xmldsig-more#hmac-sha256')
  const info = /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(xml)![0]
  const bytes = info.replace('<ds:SignedInfo>', `<ds:SignedInfo xmlns:ds="${ns.signature}">`)
  const value = createHmac('sha256', secret).update(bytes).digest('base64')
  return xml.replace(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${value}`)
}

const weak = (name: string, signing: idp.Signing) =>
  row(name, 'SAML_ALGORITHM_REFUSED', (request) => good(request, signing))

/** Signed over several references, or over the whole document. */
function referring(request: string, uris: readonly string[]): string {
  const xml = idp.responseXml(idp.assertionXml({ inResponseTo: request }), { inResponseTo: request })
  const signer = new SignedXml({
    privateKey: idp.idpKey.pem,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: ns.canonical,
  } as ConstructorParameters<typeof SignedXml>[0])
  for (const uri of uris) {
    signer.addReference({
      xpath: "//*[local-name(.)='Assertion']",
      transforms: [`${ns.signature}enveloped-signature`, ns.canonical],
      digestAlgorithm: `${ns.encryption}sha256`,
      ...(uri === '' && { uri: '', isEmptyUri: true }),
    })
  }
  const issuer = "//*[local-name(.)='Assertion']/*[local-name(.)='Issuer']"
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: issuer, action: 'after' } })
  return signer.getSignedXml()
}

const insertInSignature = (part: string) => (xml: string) =>
  xml.replace('<ds:SignatureValue>', `${part}<ds:SignatureValue>`)
const signedInfoOf = (xml: string) => /<ds:SignedInfo>.*?<\/ds:SignedInfo>/s.exec(xml)![0]
const own = (to: string) => (xml: string) => xml.replace(/<ds:X509Certificate>[^<]*/, `<ds:X509Certificate>${to}`)

export const signatures: readonly Hostile[] = [
  row('nothing is signed', 'SAML_UNSIGNED', (request) =>
    idp.responseXml(idp.assertionXml({ inResponseTo: request }), { inResponseTo: request }),
  ),
  change('the signature is taken out', 'SAML_UNSIGNED', (xml) =>
    xml.replace(/<ds:Signature\b.*?<\/ds:Signature>/s, ''),
  ),
  change('the signature is empty', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/(<ds:Signature\b[^>]*>).*?(<\/ds:Signature>)/s, '$1$2'),
  ),
  change('SignatureValue is empty', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>'),
  ),
  change('SignatureValue is no base64', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>%%%%'),
  ),
  change('SignatureValue is of another length', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>AAAA'),
  ),
  change('SignatureValue is zero', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${Buffer.alloc(256).toString('base64')}`),
  ),
  row('a stranger signed, with a certificate of their own', 'SAML_SIGNATURE_WRONG', (request) =>
    good(request, { by: idp.strangerKey }),
  ),
  row('a stranger signed, and names the certificate of the issuer', 'SAML_SIGNATURE_WRONG', (request) =>
    own(idp.idpKey.certificate.replace(/-----[A-Z ]+-----|\s/g, ''))(good(request, { by: idp.strangerKey })),
  ),
  row('a stranger signed the response around the signed assertion', 'SAML_SIGNATURE_WRONG', (request) =>
    idp.signed(good(request), 'Response', { by: idp.strangerKey }),
  ),
  row('our own key signed', 'SAML_SIGNATURE_WRONG', (request) => good(request, { by: idp.spKey })),
  row('an HMAC with the certificate as secret', 'SAML_ALGORITHM_REFUSED', (request) =>
    hmac(request, idp.idpKey.certificate),
  ),
  row('an HMAC with the public key as secret', 'SAML_ALGORITHM_REFUSED', (request) =>
    hmac(request, createPublicKey(idp.idpKey.certificate).export({ type: 'spki', format: 'pem' }) as string),
  ),
  weak('a signature with SHA-1', { algorithm: `${ns.signature}rsa-sha1` }),
  weak('a digest with SHA-1', { digest: `${ns.signature}sha1` }),
  change('an algorithm that nobody knows', 'SAML_ALGORITHM_REFUSED', (xml) =>
    xml.replace('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-none'),
  ),
  change('no algorithm', 'SAML_ALGORITHM_REFUSED', (xml) =>
    xml.replace(/(<ds:SignatureMethod) [^>]*/, '$1 /').replace('//>', '/>'),
  ),
  change('an algorithm of elliptic curves for an RSA key', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace('xmldsig-more#rsa-sha256', 'xmldsig-more#ecdsa-sha256'),
  ),
  change('MD5', 'SAML_ALGORITHM_REFUSED', (xml) => xml.replace('xmldsig-more#rsa-sha256', 'xmldsig-more#rsa-md5')),
  change('DSA', 'SAML_ALGORITHM_REFUSED', (xml) => xml.replace(/xmldsig-more#rsa-sha256/, 'xmldsig-more#dsa-sha256')),
  row('inclusive canonicalization of SignedInfo', 'SAML_SIGNATURE_MALFORMED', (request) =>
    good(request, { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' }),
  ),
  row('a transform with comments', 'SAML_SIGNATURE_MALFORMED', (request) =>
    good(request, { transforms: [`${ns.signature}enveloped-signature`, `${ns.canonical}WithComments`] }),
  ),
  row('only the transform enveloped-signature', 'SAML_SIGNATURE_MALFORMED', (request) =>
    good(request, { transforms: [`${ns.signature}enveloped-signature`] }),
  ),
  row('no transform enveloped-signature', 'SAML_SIGNATURE_MALFORMED', (request) =>
    good(request, { transforms: [ns.canonical] }),
  ),
  row('a transform more', 'SAML_SIGNATURE_MALFORMED', (request) =>
    good(request, { transforms: [`${ns.signature}enveloped-signature`, ns.canonical, ns.canonical] }),
  ),
  change('an XPath transform', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(
      `<ds:Transform Algorithm="${ns.canonical}"/>`,
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xpath-19991116"><ds:XPath>false()</ds:XPath></ds:Transform>',
    ),
  ),
  change('an XSLT transform', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(
      `<ds:Transform Algorithm="${ns.canonical}"/>`,
      '<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"><xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/></ds:Transform>',
    ),
  ),
  row('two references', 'SAML_SIGNATURE_MALFORMED', (request) => referring(request, ['#', '#'])),
  row('a reference to the whole document', 'SAML_SIGNATURE_MALFORMED', (request) => referring(request, [''])),
  change('no reference', 'SAML_SIGNATURE_MALFORMED', (xml) => xml.replace(/<ds:Reference\b.*?<\/ds:Reference>/s, '')),
  change('a reference to the response', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('URI="#_assertion1"', 'URI="#_response1"'),
  ),
  change('a reference to nothing', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('URI="#_assertion1"', 'URI="#_none"'),
  ),
  change('a reference to another host', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('URI="#_assertion1"', 'URI="http://127.0.0.1:1/assertion"'),
  ),
  change('a reference to a file', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('URI="#_assertion1"', 'URI="file:///etc/hostname"'),
  ),
  change('a reference by XPointer', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('URI="#_assertion1"', `URI="#xpointer(id('_assertion1'))"`),
  ),
  change('two SignedInfo', 'SAML_SIGNATURE_MALFORMED', (xml) => insertInSignature(signedInfoOf(xml))(xml)),
  change('a forged SignedInfo before the real one', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(
      '<ds:SignedInfo>',
      `${signedInfoOf(xml).replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>AAAA')}<ds:SignedInfo>`,
    ),
  ),
  change('two SignatureValue', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:SignatureValue>[^<]*<\/ds:SignatureValue>/, (value) => value + value),
  ),
  change('a second DigestValue', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:DigestValue>[^<]*<\/ds:DigestValue>/, (value) => `<ds:DigestValue>AAAA</ds:DigestValue>${value}`),
  ),
  change('an element within DigestValue', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:DigestValue>/, '<ds:DigestValue><x/>'),
  ),
  change('a comment within DigestValue', 'SAML_FORBIDDEN', (xml) =>
    xml.replace('<ds:DigestValue>', '<ds:DigestValue><!--x-->'),
  ),
  change('DigestValue changed', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace(/<ds:DigestValue>./, (text) => (text.endsWith('A') ? '<ds:DigestValue>B' : '<ds:DigestValue>A')),
  ),
  change('an attribute value changed', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace('ada@example.edu', 'admin@example.edu'),
  ),
  change('an attribute value added', 'SAML_SIGNATURE_WRONG', (xml) =>
    xml.replace(
      '<saml:AttributeValue>',
      '<saml:AttributeValue>admin@example.edu</saml:AttributeValue><saml:AttributeValue>',
    ),
  ),
  change('a space added', 'SAML_SIGNATURE_WRONG', (xml) => xml.replace('</saml:Assertion>', ' </saml:Assertion>')),
  change('a namespace that the assertion uses is another one', 'SAML_ASSERTION_COUNT', (xml) =>
    xml.replaceAll(`xmlns:saml="${ns.assertion}"`, 'xmlns:saml="urn:other"'),
  ),
  row('a digest of the empty text, for readers whose canonicalization fails', 'SAML_SIGNATURE_WRONG', (request) =>
    good(request).replace(/<ds:DigestValue>[^<]*/, '<ds:DigestValue>47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
  ),
  change('the SignedInfo in a CDATA section', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(signedInfoOf(xml), `<![CDATA[${signedInfoOf(xml)}]]>`),
  ),
  change('KeyInfo twice', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace(/<ds:KeyInfo>.*?<\/ds:KeyInfo>/s, (info) => info + info),
  ),
  change('an Object beside it', 'SAML_SIGNATURE_MALFORMED', (xml) =>
    xml.replace('</ds:Signature>', '<ds:Object>x</ds:Object></ds:Signature>'),
  ),
  row('the signature of another answer', 'SAML_SIGNATURE_WRONG', (request, other) => {
    const signature = /<ds:Signature\b.*?<\/ds:Signature>/s.exec(good(other))![0]
    return good(request).replace(/<ds:Signature\b.*?<\/ds:Signature>/s, signature)
  }),
]

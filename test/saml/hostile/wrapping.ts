/** Signature wrapping: the signed element is kept somewhere, and another one is to be read. */

import { ns } from '../../../src/authenticators/saml/names.ts'
import * as idp from '../idp.ts'
import type { Hostile } from './hostile.ts'

const evilAttributes = { [idp.eppnName]: ['admin@example.edu'] }
const evil = (said: idp.Said) => idp.assertionXml({ ...said, attributes: evilAttributes, assertionId: '_evil' })

const signatureIn = (xml: string) => /<ds:Signature\b.*?<\/ds:Signature>/s.exec(xml)![0]
const without = (xml: string, part: string) => xml.replace(part, '')
const into = (xml: string, element: string, content: string) =>
  xml.replace(new RegExp(`(<${element}\\b[^>]*>)`), `$1${content}`)
const extensions = (content: string) => `<samlp:Extensions>${content}</samlp:Extensions>`
const object = (content: string) => `<ds:Object>${content}</ds:Object>`
const rename = (xml: string, from: string, to: string) => xml.replace(`ID="${from}"`, `ID="${to}"`)

type Make = (request: string) => string
const row = (name: string, code: string, make: Make): Hostile => ({
  name,
  code,
  make: (request) => idp.posted(make(request)),
})

const response = (inResponseTo: string) => idp.signedResponse({ inResponseTo })
const assertion = (inResponseTo: string) => idp.signed(idp.assertionXml({ inResponseTo }), 'Assertion')
const around = (content: string, inResponseTo: string, inResponse = '') =>
  idp.responseXml(content, { inResponseTo, inResponse })

/** An answer of the attacker's, around a signature that is about the original. */
function evilResponse(request: string, signature: string, id = '_evilresponse'): string {
  return rename(around(evil({ inResponseTo: request }), request, signature), '_response1', id)
}

export const wrapping: readonly Hostile[] = [
  row('XSW1: the original response within the signature of a forged one', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = response(request)
    const signature = signatureIn(original)
    const kept = object(without(original, signature))
    return evilResponse(request, signature.replace('</ds:Signature>', `${kept}</ds:Signature>`))
  }),
  row(
    'XSW2: the original response beside a detached signature of a forged one',
    'SAML_SIGNATURE_MALFORMED',
    (request) => {
      const original = response(request)
      const signature = signatureIn(original)
      return evilResponse(request, `${signature}${without(original, signature)}`)
    },
  ),
  row('XSW3: a forged assertion before the original', 'SAML_ASSERTION_COUNT', (request) =>
    around(`${evil({ inResponseTo: request })}${assertion(request)}`, request),
  ),
  row('XSW3, the other way round', 'SAML_ASSERTION_COUNT', (request) =>
    around(`${assertion(request)}${evil({ inResponseTo: request })}`, request),
  ),
  row('XSW4: the original assertion within a forged one', 'SAML_UNSIGNED', (request) =>
    around(evil({ inResponseTo: request, inAssertion: assertion(request) }), request),
  ),
  row('XSW5: a forged assertion with the signature, the original at the end', 'SAML_ASSERTION_COUNT', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    const forged = into(evil({ inResponseTo: request }), 'saml:Assertion', signature)
    return around(`${forged}${without(original, signature)}`, request)
  }),
  row('XSW6: a forged assertion, the original within its signature', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    const holding = signature.replace('</ds:Signature>', `${object(without(original, signature))}</ds:Signature>`)
    return around(evil({ inResponseTo: request }).replace('</saml:Issuer>', `</saml:Issuer>${holding}`), request)
  }),
  row('XSW7: a forged assertion of the same ID in Extensions', 'SAML_FORBIDDEN', (request) =>
    around(assertion(request), request, extensions(rename(evil({ inResponseTo: request }), '_evil', '_assertion1'))),
  ),
  row('XSW7, read first: the original in Extensions, the forged one in its place', 'SAML_UNSIGNED', (request) =>
    around(evil({ inResponseTo: request }), request, extensions(assertion(request))),
  ),
  row('XSW8: a forged assertion, the original in an Object of its signature', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    const holding = signature.replace('</ds:Signature>', `${object(without(original, signature))}</ds:Signature>`)
    return around(
      rename(evil({ inResponseTo: request }), '_evil', '_evil2').replace('</saml:Issuer>', `</saml:Issuer>${holding}`),
      request,
    )
  }),
  row('a forged assertion that carries the signature of the original', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const signature = signatureIn(assertion(request))
    return around(evil({ inResponseTo: request }).replace('</saml:Issuer>', `</saml:Issuer>${signature}`), request)
  }),
  row('a forged assertion with the ID and the signature of the original', 'SAML_SIGNATURE_WRONG', (request) => {
    const signature = signatureIn(assertion(request))
    const forged = rename(evil({ inResponseTo: request }), '_evil', '_assertion1')
    return around(forged.replace('</saml:Issuer>', `</saml:Issuer>${signature}`), request)
  }),
  row('the signature of the assertion put into the response', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    return around(without(original, signature), request, signature)
  }),
  row('the signature of the response put into the assertion', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = response(request)
    const signature = signatureIn(original)
    const bare = without(original, signature)
    return bare.replace(/(<saml:Assertion\b[^>]*><saml:Issuer>[^<]*<\/saml:Issuer>)/, `$1${signature}`)
  }),
  row('a signed assertion beside an encrypted one', 'SAML_ASSERTION_COUNT', (request) =>
    around(`${assertion(request)}<saml:EncryptedAssertion/>`, request),
  ),
  row('a forged assertion in another namespace beside the original', 'SAML_UNSIGNED', (request) =>
    around(`<x:Wrapper xmlns:x="urn:x">${assertion(request)}</x:Wrapper>${evil({ inResponseTo: request })}`, request),
  ),
  row('the assertion in a wrapper', 'SAML_ASSERTION_COUNT', (request) =>
    around(`<x:Wrapper xmlns:x="urn:x">${assertion(request)}</x:Wrapper>`, request),
  ),
  row('the assertion under another prefix with the namespace of protocols', 'SAML_ASSERTION_COUNT', (request) =>
    around(evil({ inResponseTo: request }).replaceAll('saml:Assertion', 'samlp:Assertion'), request),
  ),
  row('an assertion of SAML 1.1', 'SAML_ASSERTION_COUNT', (request) =>
    around('<Assertion xmlns="urn:oasis:names:tc:SAML:1.0:assertion" AssertionID="_1"/>', request),
  ),
  row('the whole original response within a forged Status', 'SAML_FORBIDDEN', (request) =>
    around(evil({ inResponseTo: request }), request).replace('<samlp:Status>', `<samlp:Status>${response(request)}`),
  ),
  row('two signatures in the response, the good one second', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = response(request)
    const signature = signatureIn(original)
    return original.replace(signature, signature + signature)
  }),
  row('two signatures in the assertion', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    return around(original.replace(signature, signature + signature), request)
  }),
  row('a signature at the end of the assertion', 'SAML_SIGNATURE_MALFORMED', (request) => {
    const original = assertion(request)
    const signature = signatureIn(original)
    return around(without(original, signature).replace('</saml:Assertion>', `${signature}</saml:Assertion>`), request)
  }),
  row('a signature in the namespace of nobody', 'SAML_UNSIGNED', (request) =>
    around(assertion(request).replaceAll(ns.signature, 'urn:signature'), request),
  ),
  row('the ID once in lower case, for readers who look it up', 'SAML_FORBIDDEN', (request) => {
    const forged = evil({ inResponseTo: request }).replace('ID="_evil"', 'ID="_evil" id="_assertion1"')
    return around(forged, request, extensions(assertion(request)))
  }),
  row('the ID once with a prefix', 'SAML_FORBIDDEN', (request) => {
    const forged = evil({ inResponseTo: request }).replace('ID="_evil"', 'ID="_evil" saml:Id="_assertion1"')
    return around(forged, request, extensions(assertion(request)))
  }),
  row('a second Subject in the unsigned response', 'SAML_UNSIGNED', (request) =>
    around(evil({ inResponseTo: request }), request, '<saml:Subject><saml:NameID>admin</saml:NameID></saml:Subject>'),
  ),
  row('the original response as the text of an attribute of a forged one', 'SAML_UNSIGNED', (request) =>
    around(evil({ inResponseTo: request }), request).replace(
      'Version="2.0"',
      `Version="2.0" Consent="${response(request).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}"`,
    ),
  ),
]

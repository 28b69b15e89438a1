/** Properly signed answers that are not for us, not now, or not about this sign-in. */

import { ns } from '../../../src/authenticators/saml/names.ts'
import { encrypted } from '../encrypt.ts'
import * as idp from '../idp.ts'
import type { Hostile } from './hostile.ts'

const said = (name: string, code: string, wrong: idp.Said): Hostile => ({
  name,
  code,
  make: (request) => idp.posted(idp.signedAssertion({ inResponseTo: request, ...wrong })),
})
const whole = (name: string, code: string, wrong: idp.Said): Hostile => ({
  name: `${name}, the response signed`,
  code,
  make: (request) => idp.posted(idp.signedResponse({ inResponseTo: request, ...wrong })),
})
const status = (name: string) => `urn:oasis:names:tc:SAML:2.0:status:${name}`
const minutes = (count: number) => count * 60

type Seal = Parameters<typeof encrypted>[1]
const sealed = (name: string, code: string, how: Seal): Hostile => ({
  name,
  code,
  make: (request) => {
    const assertion = idp.signed(idp.assertionXml({ inResponseTo: request }), 'Assertion')
    return idp.posted(idp.responseXml(encrypted(assertion, how), { inResponseTo: request }))
  },
})
const flip = (place: number) => (bytes: Buffer) => {
  const changed = Buffer.from(bytes)
  const at = place < 0 ? bytes.length + place : place
  changed[at] = changed[at]! ^ 1
  return changed
}

export const claims: readonly Hostile[] = [
  said('another audience', 'SAML_AUDIENCE_WRONG', { audience: 'https://other.example.org/saml' }),
  whole('another audience', 'SAML_AUDIENCE_WRONG', { audience: 'https://other.example.org/saml' }),
  said('no audience', 'SAML_AUDIENCE_WRONG', { audience: null }),
  said('an audience that begins like ours', 'SAML_AUDIENCE_WRONG', { audience: `${idp.entityId}.evil.example` }),
  said('an audience in other letters', 'SAML_AUDIENCE_WRONG', { audience: idp.entityId.toUpperCase() }),
  said('ours and another restriction', 'SAML_AUDIENCE_WRONG', {
    inConditions:
      '<saml:AudienceRestriction><saml:Audience>https://other.example.org</saml:Audience></saml:AudienceRestriction>',
  }),
  said('an empty restriction', 'SAML_AUDIENCE_WRONG', { inConditions: '<saml:AudienceRestriction/>' }),
  said('another recipient', 'SAML_RECIPIENT_WRONG', { recipient: 'https://other.example.org/acs' }),
  whole('another recipient', 'SAML_RECIPIENT_WRONG', { recipient: 'https://other.example.org/acs' }),
  said('a recipient with a slash more', 'SAML_RECIPIENT_WRONG', { recipient: `${idp.acsUrl}/` }),
  said('a recipient by http', 'SAML_RECIPIENT_WRONG', { recipient: idp.acsUrl.replace('https:', 'http:') }),
  said('an empty recipient', 'SAML_RECIPIENT_WRONG', { recipient: '' }),
  said('another destination', 'SAML_DESTINATION_WRONG', { destination: 'https://other.example.org/acs' }),
  whole('another destination', 'SAML_DESTINATION_WRONG', { destination: 'https://other.example.org/acs' }),
  whole('no destination', 'SAML_DESTINATION_WRONG', { destination: null }),
  said('an empty destination', 'SAML_DESTINATION_WRONG', { destination: '' }),
  said('ended four minutes ago', 'SAML_EXPIRED', { notOnOrAfter: -minutes(4) }),
  said('good in four minutes', 'SAML_NOT_YET_VALID', { notBefore: minutes(4), notOnOrAfter: minutes(9) }),
  said('confirmed until four minutes ago', 'SAML_EXPIRED', { confirmedUntil: -minutes(4) }),
  said('confirmed without an end', 'SAML_SUBJECT_UNCONFIRMED', { confirmedUntil: null }),
  said('confirmed from a moment on', 'SAML_SUBJECT_UNCONFIRMED', { confirmationNotBefore: -60 }),
  said('issued in an hour', 'SAML_NOT_YET_VALID', { issued: minutes(60) }),
  said('issued an hour ago', 'SAML_EXPIRED', { issued: -minutes(60) }),
  said('signed in in the future', 'SAML_NOT_YET_VALID', { signedInAt: minutes(10) }),
  said('the session there has ended', 'SAML_EXPIRED', { sessionUntil: -minutes(10) }),
  said('ended in 1970', 'SAML_EXPIRED', { notOnOrAfter: -idp.now / 1000 }),
  said('no conditions', 'SAML_CONDITIONS', { conditions: '' }),
  said('conditions twice', 'SAML_CONDITIONS', {
    inAssertion: `<saml:Conditions><saml:AudienceRestriction><saml:Audience>${idp.entityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
  }),
  said('a condition that nobody knows', 'SAML_CONDITIONS', { inConditions: '<x:Moon xmlns:x="urn:x" phase="full"/>' }),
  said('a time that is none', 'SAML_MALFORMED', {
    conditions: `<saml:Conditions NotOnOrAfter="tomorrow"><saml:AudienceRestriction><saml:Audience>${idp.entityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
  }),
  said('a confirmation for holders of a key', 'SAML_SUBJECT_UNCONFIRMED', {
    method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key',
  }),
  said('a confirmation by the sender', 'SAML_SUBJECT_UNCONFIRMED', {
    method: 'urn:oasis:names:tc:SAML:2.0:cm:sender-vouches',
  }),
  said('two subjects', 'SAML_SUBJECT_UNCONFIRMED', {
    inAssertion: '<saml:Subject><saml:NameID>admin</saml:NameID></saml:Subject>',
  }),
  said('two statements', 'SAML_STATEMENT', {
    inAssertion: '<saml:AuthnStatement AuthnInstant="2026-11-25T12:00:00Z"/>',
  }),
  said('another issuer', 'SAML_ISSUER_OTHER', { issuer: 'https://other.example.edu/idp' }),
  said('another issuer of the assertion', 'SAML_ISSUER_OTHER', {
    issuer: 'https://other.example.edu/idp',
    responseIssuer: idp.idpId,
  }),
  said('another issuer of the response', 'SAML_ISSUER_OTHER', { responseIssuer: 'https://other.example.edu/idp' }),
  said('an issuer in other letters', 'SAML_ISSUER_OTHER', { issuer: idp.idpId.toUpperCase() }),
  said('no issuer of the response, another of the assertion', 'SAML_ISSUER_OTHER', {
    issuer: 'https://other.example.edu/idp',
    responseIssuer: null,
  }),
  said('unasked', 'SAML_NOT_REQUESTED', { inResponseTo: null }),
  said('an answer to a request that was never sent', 'SAML_NOT_REQUESTED', { inResponseTo: `_${'b2'.repeat(16)}` }),
  said('an answer to a request of another form', 'SAML_NOT_REQUESTED', { inResponseTo: '_1' }),
  said('the confirmation answers another request', 'SAML_REQUEST_OTHER', {
    confirmationInResponseTo: `_${'b2'.repeat(16)}`,
  }),
  said('the confirmation answers no request', 'SAML_REQUEST_OTHER', { confirmationInResponseTo: null }),
  {
    name: 'an assertion for another request in an answer to ours',
    code: 'SAML_REQUEST_OTHER',
    make: (request, other) =>
      idp.posted(
        idp.responseXml(idp.signed(idp.assertionXml({ inResponseTo: other }), 'Assertion'), { inResponseTo: request }),
      ),
  },
  said('version 1.1', 'SAML_VERSION', { version: '1.1' }),
  said('a failure', 'SAML_STATUS', { status: [status('Responder'), status('AuthnFailed')] }),
  said('a failure of the request', 'SAML_STATUS', { status: [status('Requester'), status('RequestDenied')] }),
  said('no passive sign-in', 'SAML_STATUS', { status: [status('Responder'), status('NoPassive')] }),
  said('success on the second level only', 'SAML_STATUS', { status: [status('Responder'), status('Success')] }),
  said('a status that is nearly success', 'SAML_STATUS', { status: [`${status('Success')} `] }),
  whole('a failure', 'SAML_STATUS', { status: [status('Responder')] }),
  {
    name: 'no assertion',
    code: 'SAML_ASSERTION_COUNT',
    make: (request) => idp.posted(idp.responseXml('', { inResponseTo: request })),
  },
  {
    name: 'a signed response without an assertion',
    code: 'SAML_ASSERTION_COUNT',
    make: (request) => idp.posted(idp.signed(idp.responseXml('', { inResponseTo: request }), 'Response')),
  },
  sealed('encrypted for somebody else', 'SAML_DECRYPTION_FAILED', { forKey: idp.strangerKey }),
  sealed('a bit of the cipher text flipped', 'SAML_DECRYPTION_FAILED', { spoil: flip(100) }),
  sealed('a bit of the tag flipped', 'SAML_DECRYPTION_FAILED', { spoil: flip(-1) }),
  sealed('a bit of the nonce flipped', 'SAML_DECRYPTION_FAILED', { spoil: flip(0) }),
  sealed('a tag of four bytes', 'SAML_DECRYPTION_FAILED', { spoil: (bytes) => bytes.subarray(0, -12) }),
  sealed('no cipher text', 'SAML_DECRYPTION_FAILED', { spoil: () => Buffer.alloc(0) }),
  sealed('a cipher text shorter than its tag', 'SAML_DECRYPTION_FAILED', { spoil: (bytes) => bytes.subarray(0, 20) }),
  sealed('CBC without a signature around it', 'SAML_ALGORITHM_REFUSED', { cipher: 'aes256-cbc' }),
  sealed('GCM passed off as CBC', 'SAML_ALGORITHM_REFUSED', { claims: `${ns.encryption}aes256-cbc` }),
  sealed('3DES', 'SAML_ALGORITHM_REFUSED', { claims: `${ns.encryption}tripledes-cbc` }),
  sealed('a cipher that nobody knows', 'SAML_ALGORITHM_REFUSED', { claims: 'urn:none' }),
  sealed('a key wrapped with RSA 1.5', 'SAML_DECRYPTION_FAILED', { transport: 'rsa-1_5' }),
  {
    name: 'an encrypted assertion that is not signed',
    code: 'SAML_UNSIGNED',
    make: (request) =>
      idp.posted(idp.responseXml(encrypted(idp.assertionXml({ inResponseTo: request })), { inResponseTo: request })),
  },
  {
    name: 'two elements in one cipher text',
    code: 'SAML_DECRYPTION_FAILED',
    make: (request) => {
      const assertion = idp.signed(idp.assertionXml({ inResponseTo: request }), 'Assertion')
      const forged = idp.assertionXml({ inResponseTo: request, assertionId: '_evil' })
      return idp.posted(idp.responseXml(encrypted(assertion + forged), { inResponseTo: request }))
    },
  },
  {
    name: 'a document type in the cipher text',
    code: 'SAML_DECRYPTION_FAILED',
    make: (request) =>
      idp.posted(idp.responseXml(encrypted('<!DOCTYPE x [<!ENTITY y "z">]><x/>'), { inResponseTo: request })),
  },
  {
    name: 'a response in the cipher text',
    code: 'SAML_DECRYPTION_FAILED',
    make: (request) =>
      idp.posted(idp.responseXml(encrypted(idp.signedAssertion({ inResponseTo: request })), { inResponseTo: request })),
  },
]

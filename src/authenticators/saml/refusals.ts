/** What the person reads when an answer is refused, and what the log says. */
import type { Denial } from '../contract.ts'
import { type IdentityProvider, localized } from './metadata/entity.ts'
import type { Refusal, RefusalCode } from './response/index.ts'

interface Sentence {
  readonly message: string
  readonly hint: string
}

const again = 'Sign in again here.'
const tell = 'Sign in again; if it happens again, tell the administrator of this hub. The log has the reason.'

const unverified: Sentence = {
  message: 'The answer of your institution could not be verified.',
  hint: tell,
}
const misdirected: Sentence = {
  message: 'The answer of your institution was meant for another service.',
  hint: tell,
}

const sentences: Partial<Record<RefusalCode, Sentence>> = {
  SAML_EXPIRED: { message: 'The answer of your institution came too late.', hint: again },
  SAML_NOT_REQUESTED: {
    message: 'This hub did not ask your institution to sign you in, or it has been too long ago.',
    hint: again,
  },
  SAML_REPLAYED: { message: 'This answer of your institution was used before.', hint: again },
  SAML_DESTINATION_WRONG: misdirected,
  SAML_RECIPIENT_WRONG: misdirected,
  SAML_AUDIENCE_WRONG: misdirected,
  SAML_ISSUER_UNKNOWN: {
    message: 'This hub does not know your institution.',
    hint: 'Choose another one, or ask the administrator of this hub to add it.',
  },
  SAML_STATUS: {
    message: 'Your institution did not sign you in.',
    hint: 'Sign in again; if it happens again, ask the people who run the sign-in of your institution.',
  },
  SAML_AUTHN_CONTEXT: {
    message: 'This hub needs a stronger sign-in than the one that you used, such as a second factor.',
    hint: 'Sign in again with it; if your institution does not ask for it, tell the administrator of this hub.',
  },
  SAML_AUTHN_STALE: { message: 'This hub needs you to sign in anew at your institution.', hint: again },
  SAML_IDENTIFIER_MISSING: {
    message: 'Your institution did not tell what this hub needs to know of you.',
    hint: 'Ask the people who run the sign-in of your institution to release it to this service.',
  },
  SAML_NOT_YET_VALID: {
    message: 'The answer of your institution is from the future: the clocks differ.',
    hint: 'Tell the administrator of this hub. The log has by how much.',
  },
}

export interface RefusalFacts {
  readonly idp?: IdentityProvider | null
  readonly entityId?: string | null
  readonly wanted?: string
}

export function denialOf(refusal: Refusal, { idp = null, entityId = null, wanted = '' }: RefusalFacts = {}): Denial {
  const { message, hint } = sentences[refusal.code] ?? unverified
  const name = (idp && localized(idp.displayNames, 'en')) ?? idp?.entityId ?? entityId ?? ''
  const help = idp?.errorUrl ? ` ${errorPage(idp.errorUrl, refusal)}` : ''
  return {
    kind: 'denied',
    code: refusal.code,
    message,
    hint: `${hint}${help}`,
    facts: { institution: name, help, wanted },
    log: `${refusal.why} [${idp?.entityId ?? entityId ?? 'unknown identity provider'}]`,
  }
}

/** https://refeds.org/specifications/errorurl */
const errorCodes: Partial<Record<RefusalCode, string>> = {
  SAML_IDENTIFIER_MISSING: 'IDENTIFICATION_FAILURE',
  SAML_STATUS: 'AUTHENTICATION_FAILURE',
  SAML_AUTHN_CONTEXT: 'AUTHENTICATION_FAILURE',
}

function errorPage(template: string, { code, why }: Refusal): string {
  return template
    .replaceAll('ERRORURL_CODE', errorCodes[code] ?? 'OTHER_ERROR')
    .replaceAll('ERRORURL_CTX', encodeURIComponent(why.slice(0, 200)))
    .replace(/ERRORURL_(?:TS|RP|TID)/g, '')
}

/** Why an answer of an identity provider lets nobody in. */

/** Permanent; they stand in the log and choose the sentence that the person reads. */
export type RefusalCode =
  | 'SAML_TOO_LARGE'
  | 'SAML_MALFORMED'
  | 'SAML_FORBIDDEN'
  | 'SAML_VERSION'
  | 'SAML_ISSUER_UNKNOWN'
  | 'SAML_ISSUER_OTHER'
  | 'SAML_UNSIGNED'
  | 'SAML_SIGNATURE_MALFORMED'
  | 'SAML_SIGNATURE_WRONG'
  | 'SAML_ALGORITHM_REFUSED'
  | 'SAML_DECRYPTION_FAILED'
  | 'SAML_ASSERTION_COUNT'
  | 'SAML_STATUS'
  | 'SAML_DESTINATION_WRONG'
  | 'SAML_NOT_REQUESTED'
  | 'SAML_REQUEST_OTHER'
  | 'SAML_EXPIRED'
  | 'SAML_NOT_YET_VALID'
  | 'SAML_CONDITIONS'
  | 'SAML_AUDIENCE_WRONG'
  | 'SAML_SUBJECT_UNCONFIRMED'
  | 'SAML_RECIPIENT_WRONG'
  | 'SAML_STATEMENT'
  | 'SAML_AUTHN_CONTEXT'
  | 'SAML_AUTHN_STALE'
  | 'SAML_REPLAYED'
  | 'SAML_IDENTIFIER_MISSING'

export interface Refusal {
  readonly kind: 'refused'
  readonly code: RefusalCode
  /** For the administrator. */
  readonly why: string
  /** What the identity provider said about itself. */
  readonly status?: readonly string[]
}

export function refuse(code: RefusalCode, why: string, status?: readonly string[]): Refusal {
  return { kind: 'refused', code, why, ...(status && { status }) }
}

export function isRefusal(value: unknown): value is Refusal {
  return (value as Refusal | null)?.kind === 'refused'
}

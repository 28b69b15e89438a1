/** What must hold of an authentic answer, one rule a function: https://docs.oasis-open.org/security/saml/v2.0/ */
import type { Millis } from '#base/clock.ts'
import { bearer, saml, samlp, statuses } from '../names.ts'
import { instantOf } from '../time.ts'
import { at, attribute, childrenOf, elementsOf, isNamed, textOf, type XmlElement } from '../xml/element.ts'
import type { Trusted } from './authentic.ts'
import { issuerOf } from './read.ts'
import { type Refusal, refuse } from './refusal.ts'

export interface Expectation {
  readonly now: Millis
  readonly skewMs: Millis
  /** Who was asked. */
  readonly idp: string
  /** Who we are: the audience. */
  readonly entityId: string
  /** Where the answer came in, as our metadata has it. */
  readonly acsUrl: string
  /** The ID of the request; null: none was sent, and the answer must not claim one. */
  readonly requestId: string | null
  /** When it was sent, where a fresh sign-in was asked for. */
  readonly freshSince: Millis | null
  /** AuthnContextClassRefs of which one is required. */
  readonly contexts: readonly string[]
}

type Check = (trusted: Trusted, expected: Expectation) => Refusal | null

/** The order decides which of several faults is told. */
export const checks: readonly Check[] = [
  statusIsSuccess,
  destinationIsOurs,
  responseIsFresh,
  answersOurRequest,
  issuerIsTheOneAsked,
  conditionsHold,
  audienceIsUs,
  subjectIsConfirmed,
  statementIsThere,
  contextIsEnough,
  signInIsFresh,
]

/** A failure is told by whoever can: the status need not be signed to be believed. */
export function statusIsSuccess({ response }: Pick<Trusted, 'response'>): Refusal | null {
  const codes: string[] = []
  for (let code = at(response, samlp('Status'), samlp('StatusCode')); code; code = at(code, samlp('StatusCode')))
    codes.push(attribute(code, 'Value') ?? '')
  if (codes[0] === statuses.success) return null
  const message = at(response, samlp('Status'), samlp('StatusMessage'))
  return refuse('SAML_STATUS', `${codes.join(', ')} ${(message && textOf(message)) ?? ''}`.trim().slice(0, 500), codes)
}

function destinationIsOurs({ response, isResponseSigned }: Trusted, { acsUrl }: Expectation): Refusal | null {
  const destination = attribute(response, 'Destination')
  if (destination === null && !isResponseSigned) return null
  return destination === acsUrl
    ? null
    : refuse('SAML_DESTINATION_WRONG', `it was sent to ${destination ?? 'nobody'}, and came to ${acsUrl}`)
}

/** A response is made when it is sent. */
const longestWayMs = 300_000

function responseIsFresh({ response, assertion }: Trusted, { now, skewMs }: Expectation): Refusal | null {
  for (const element of [response, assertion]) {
    const issued = instantOf(attribute(element, 'IssueInstant'))
    if (issued === null) return refuse('SAML_MALFORMED', `the ${element.name} has no IssueInstant`)
    if (attribute(element, 'Version') !== '2.0') return refuse('SAML_VERSION', `the ${element.name} is no SAML 2.0`)
    if ((attribute(element, 'ID') ?? '') === '') return refuse('SAML_MALFORMED', `the ${element.name} has no ID`)
    if (issued - skewMs > now)
      return refuse('SAML_NOT_YET_VALID', `the ${element.name} is from the future${clock(issued, now)}`)
  }
  const sent = instantOf(attribute(response, 'IssueInstant'))!
  return sent + longestWayMs + skewMs < now ? refuse('SAML_EXPIRED', `the response is old${clock(sent, now)}`) : null
}

function answersOurRequest({ response }: Trusted, { requestId }: Expectation): Refusal | null {
  const answered = attribute(response, 'InResponseTo')
  if (answered === requestId) return null
  return requestId === null
    ? refuse('SAML_NOT_REQUESTED', 'it claims to answer a request, and none is known')
    : refuse('SAML_REQUEST_OTHER', `it answers ${answered ?? 'no request'}`)
}

function issuerIsTheOneAsked({ response, assertion }: Trusted, { idp }: Expectation): Refusal | null {
  const outer = issuerOf(response)
  const inner = issuerOf(assertion)
  if (inner !== idp) return refuse('SAML_ISSUER_OTHER', `${idp} was asked, and ${inner ?? 'nobody'} asserts`)
  if (outer !== null && outer !== idp) return refuse('SAML_ISSUER_OTHER', `${idp} was asked, and ${outer} answers`)
  return null
}

const knownConditions = ['AudienceRestriction', 'OneTimeUse', 'ProxyRestriction']

function conditionsHold({ assertion }: Trusted, { now, skewMs }: Expectation): Refusal | null {
  const all = childrenOf(assertion, saml('Conditions'))
  if (all.length !== 1) return refuse('SAML_CONDITIONS', `there are ${all.length} Conditions`)
  const [conditions] = all
  const unknown = elementsOf(conditions!).find((one) => !knownConditions.some((name) => isNamed(one, saml(name))))
  if (unknown) return refuse('SAML_CONDITIONS', `the condition ${unknown.name} is not known`)
  return withinTime(conditions!, { now, skewMs, what: 'the assertion' })
}

function withinTime(
  element: XmlElement,
  { now, skewMs, what }: { now: Millis; skewMs: Millis; what: string },
): Refusal | null {
  const [from, until] = ['NotBefore', 'NotOnOrAfter'].map((name) => {
    const text = attribute(element, name)
    return { text, at: instantOf(text) }
  }) as [{ text: string | null; at: Millis | null }, { text: string | null; at: Millis | null }]
  for (const { text, at } of [from, until])
    if (text !== null && at === null) return refuse('SAML_MALFORMED', `${what} has the time ${text}`)
  if (from.at !== null && from.at - skewMs > now)
    return refuse('SAML_NOT_YET_VALID', `${what} is good from ${from.text} on${clock(from.at, now)}`)
  if (until.at !== null && until.at + skewMs <= now)
    return refuse('SAML_EXPIRED', `${what} was good until ${until.text}${clock(until.at, now)}`)
  return null
}

function audienceIsUs({ assertion }: Trusted, { entityId }: Expectation): Refusal | null {
  const conditions = at(assertion, saml('Conditions'))!
  const restrictions = childrenOf(conditions, saml('AudienceRestriction')).map((one) =>
    childrenOf(one, saml('Audience')).map((audience) => textOf(audience)),
  )
  if (restrictions.length === 0) return refuse('SAML_AUDIENCE_WRONG', 'it names no audience')
  const foreign = restrictions.find((audiences) => !audiences.includes(entityId))
  return foreign ? refuse('SAML_AUDIENCE_WRONG', `it is for ${foreign.join(', ')}, and we are ${entityId}`) : null
}

function subjectIsConfirmed({ assertion }: Trusted, expected: Expectation): Refusal | null {
  const subjects = childrenOf(assertion, saml('Subject'))
  if (subjects.length !== 1) return refuse('SAML_SUBJECT_UNCONFIRMED', `there are ${subjects.length} subjects`)
  const confirmations = childrenOf(subjects[0]!, saml('SubjectConfirmation')).filter(
    (one) => attribute(one, 'Method') === bearer,
  )
  const outcomes = confirmations.map((one) => confirmation(one, expected))
  if (outcomes.includes(null)) return null
  return outcomes[0] ?? refuse('SAML_SUBJECT_UNCONFIRMED', 'there is no confirmation by the bearer')
}

function confirmation(one: XmlElement, { acsUrl, requestId, now, skewMs }: Expectation): Refusal | null {
  const data = childrenOf(one, saml('SubjectConfirmationData'))
  if (data.length !== 1) return refuse('SAML_SUBJECT_UNCONFIRMED', 'the confirmation has no data')
  const element = data[0]!
  const recipient = attribute(element, 'Recipient')
  if (recipient !== acsUrl)
    return refuse('SAML_RECIPIENT_WRONG', `it is for ${recipient ?? 'nobody'}, and we are ${acsUrl}`)
  if (attribute(element, 'NotBefore') !== null)
    return refuse('SAML_SUBJECT_UNCONFIRMED', 'the confirmation has a NotBefore, which a bearer must not have')
  if (attribute(element, 'NotOnOrAfter') === null)
    return refuse('SAML_SUBJECT_UNCONFIRMED', 'the confirmation has no end')
  const answered = attribute(element, 'InResponseTo')
  if (answered !== requestId)
    return requestId === null
      ? refuse('SAML_NOT_REQUESTED', 'the confirmation claims to answer a request, and none is known')
      : refuse('SAML_REQUEST_OTHER', `the confirmation answers ${answered ?? 'no request'}`)
  return withinTime(element, { now, skewMs, what: 'the confirmation' })
}

function statementIsThere({ assertion }: Trusted, { now, skewMs }: Expectation): Refusal | null {
  const statements = childrenOf(assertion, saml('AuthnStatement'))
  if (statements.length !== 1) return refuse('SAML_STATEMENT', `there are ${statements.length} AuthnStatements`)
  const [statement] = statements
  const when = instantOf(attribute(statement!, 'AuthnInstant'))
  if (when === null) return refuse('SAML_STATEMENT', 'it does not say when they signed in')
  if (when - skewMs > now) return refuse('SAML_NOT_YET_VALID', `they signed in in the future${clock(when, now)}`)
  const end = attribute(statement!, 'SessionNotOnOrAfter')
  if (end === null) return null
  const endAt = instantOf(end)
  if (endAt === null) return refuse('SAML_MALFORMED', `the session ends at ${end}`)
  return endAt + skewMs <= now ? refuse('SAML_EXPIRED', `the session there ended${clock(endAt, now)}`) : null
}

function contextIsEnough({ assertion }: Trusted, { contexts }: Expectation): Refusal | null {
  if (contexts.length === 0) return null
  const context = at(assertion, saml('AuthnStatement'), saml('AuthnContext'), saml('AuthnContextClassRef'))
  const written = context ? textOf(context) : null
  return written !== null && contexts.includes(written)
    ? null
    : refuse(
        'SAML_AUTHN_CONTEXT',
        `they signed in by ${written ?? 'an unknown way'}, and one of ${contexts.join(', ')} is required`,
      )
}

function signInIsFresh({ assertion }: Trusted, { freshSince, skewMs }: Expectation): Refusal | null {
  if (freshSince === null) return null
  const when = instantOf(attribute(at(assertion, saml('AuthnStatement'))!, 'AuthnInstant'))!
  return when + skewMs < freshSince ? refuse('SAML_AUTHN_STALE', 'they signed in before they were asked to') : null
}

/** Clocks that differ are the usual cause, and hard to see. */
function clock(then: Millis, now: Millis): string {
  return `, ${Math.abs(Math.round((then - now) / 1000))} s ${then > now ? 'ahead of' : 'behind'} our clock`
}

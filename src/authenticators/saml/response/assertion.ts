import type { Millis } from '#base/clock.ts'
import { saml } from '../names.ts'
import { instantOf } from '../time.ts'
import { at, attribute, childrenOf, elementsOf, isNamed, textOf, type XmlElement } from '../xml/element.ts'

/** Kept as it came: a logout must name it to the letter. */
export interface NameId {
  readonly value: string
  readonly format: string | null
  readonly nameQualifier: string | null
  readonly spNameQualifier: string | null
}

/** What a valid assertion says. */
export interface Asserted {
  readonly id: string
  readonly idp: string
  readonly nameId: NameId | null
  readonly sessionIndex: string | null
  readonly sessionEndsAt: Millis | null
  readonly authnContext: string | null
  readonly authnInstant: Millis
  /** By `Name`; FriendlyName means nothing. */
  readonly attributes: ReadonlyMap<string, readonly string[]>
  /** An assertion of the same ID must not come again before then. */
  readonly replayableUntil: Millis
}

export function readAssertion(assertion: XmlElement, idp: string): Asserted {
  const statement = at(assertion, saml('AuthnStatement'))!
  const nameId = at(assertion, saml('Subject'), saml('NameID'))
  const context = at(statement, saml('AuthnContext'), saml('AuthnContextClassRef'))
  return {
    id: attribute(assertion, 'ID')!,
    idp,
    nameId: nameId && readNameId(nameId),
    sessionIndex: attribute(statement, 'SessionIndex'),
    sessionEndsAt: instantOf(attribute(statement, 'SessionNotOnOrAfter')),
    authnContext: context && textOf(context),
    authnInstant: instantOf(attribute(statement, 'AuthnInstant'))!,
    attributes: readAttributes(assertion),
    replayableUntil: Math.max(...endsOf(assertion)),
  }
}

export function readNameId(element: XmlElement): NameId {
  return {
    value: textOf(element) ?? '',
    format: attribute(element, 'Format'),
    nameQualifier: attribute(element, 'NameQualifier'),
    spNameQualifier: attribute(element, 'SPNameQualifier'),
  }
}

/** All statements together; an attribute that comes twice has the values of both. */
function readAttributes(assertion: XmlElement): ReadonlyMap<string, readonly string[]> {
  const attributes = new Map<string, string[]>()
  for (const statement of childrenOf(assertion, saml('AttributeStatement'))) {
    for (const one of childrenOf(statement, saml('Attribute'))) {
      const name = attribute(one, 'Name') ?? ''
      const values = childrenOf(one, saml('AttributeValue'))
        .map(textOfValue)
        .filter((value) => value !== null && value !== '')
      attributes.set(name, [...(attributes.get(name) ?? []), ...(values as string[])])
    }
  }
  return attributes
}

/** eduPersonTargetedID holds a NameID, written as Shibboleth writes it: `idp!sp!value`. */
function textOfValue(element: XmlElement): string | null {
  const [inner] = elementsOf(element)
  if (!inner) return textOf(element)
  if (!isNamed(inner, saml('NameID'))) return null
  const { value, nameQualifier, spNameQualifier } = readNameId(inner)
  return [nameQualifier ?? '', spNameQualifier ?? '', value].join('!')
}

function endsOf(assertion: XmlElement): readonly Millis[] {
  const conditions = at(assertion, saml('Conditions'))
  const confirmations = childrenOf(at(assertion, saml('Subject'))!, saml('SubjectConfirmation')).map((one) =>
    at(one, saml('SubjectConfirmationData')),
  )
  return [conditions, ...confirmations].flatMap((one) => {
    const end = one && instantOf(attribute(one, 'NotOnOrAfter'))
    return end === null ? [] : [end]
  })
}

/** From what an institution asserts to who somebody is here. */
import type { Denial, Identity } from '../contract.ts'
import { type Attributes, filterAttributes } from './attributes/filter.ts'
import { idOfAttribute } from './attributes/names.ts'
import type { ServiceProvider } from './config/service-provider.ts'
import { nameIdAttribute } from './config/xpath.ts'
import { type IdentityProvider, localized } from './metadata/entity.ts'
import { nameIdFormats } from './names.ts'
import { denialOf } from './refusals.ts'
import { type Asserted, refuse } from './response/index.ts'

export interface Person {
  readonly idp: IdentityProvider
  readonly asserted: Asserted
  readonly entityId: string
}

export function identityOf(person: Person, sp: ServiceProvider): { kind: 'identity'; identity: Identity } | Denial {
  const { idp, asserted, entityId } = person
  const extraScopes = sp.options.scopes[idp.entityId] ?? []
  const all = byId(asserted, sp)
  const rules = { idp, entityId, extraScopes: extraScopes.filter((scope) => scope !== '*') }
  // `*`: it may speak for anybody.
  const { attributes, dropped } = extraScopes.includes('*')
    ? { attributes: all, dropped: [] }
    : filterAttributes(all, rules)
  const unmet = unmetRequirement(attributes, sp.requiredAttributes)
  const found = userNameOf({ attributes, asserted, idp }, sp)
  if (unmet !== null || found === null) {
    const wanted = unmet ?? sp.userName.join(', ')
    return missing({ wanted, attributes, dropped, idp })
  }
  return { kind: 'identity', identity: identity({ ...person, attributes, userName: found }, sp) }
}

function byId(asserted: Asserted, { attributeMap }: ServiceProvider): Attributes {
  const found: Record<string, readonly string[]> = {}
  for (const [name, values] of asserted.attributes) {
    const id = idOfAttribute(name, attributeMap)
    found[id] = [...new Set([...(found[id] ?? []), ...values])]
  }
  const { nameId } = asserted
  if (nameId?.format === nameIdFormats.persistent && !found['persistent-id'])
    found['persistent-id'] = [[nameId.nameQualifier ?? '', nameId.spNameQualifier ?? '', nameId.value].join('!')]
  return found
}

/** A transient NameID is another one each time: nobody's name. */
function userNameOf(
  { attributes, asserted: { nameId }, idp }: { attributes: Attributes; asserted: Asserted; idp: IdentityProvider },
  sp: ServiceProvider,
): string | null {
  for (const id of sp.userName) {
    const isLasting = nameId && nameId.format !== nameIdFormats.transient
    const value = id === nameIdAttribute ? (isLasting ? nameId.value : null) : (attributes[id]?.[0] ?? null)
    if (value === null || value === '') continue
    if (isAddress(id, value) && !mayVouchFor(value, idp, sp)) continue
    return stripScope(value, sp.options.stripScopes)
  }
  return null
}

/** Addresses carry a domain without being scoped attributes; any institution could assert any. */
function isAddress(id: string, value: string): boolean {
  return (id === 'mail' || id === nameIdAttribute) && value.includes('@')
}

function mayVouchFor(address: string, idp: IdentityProvider, { options }: ServiceProvider): boolean {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase()
  const scopes = [...idp.scopes, ...(options.scopes[idp.entityId] ?? [])].map((scope) => scope.toLowerCase())
  return scopes.some((scope) => scope === '*' || scope === domain || domain.endsWith(`.${scope}`))
}

function stripScope(name: string, domains: readonly string[]): string {
  const at = name.lastIndexOf('@')
  const isOurs = at > 0 && domains.some((domain) => domain.toLowerCase() === name.slice(at + 1).toLowerCase())
  return isOurs ? name.slice(0, at) : name
}

/** The first attribute that is missing, or has none of the values. */
function unmetRequirement(attributes: Attributes, required: ServiceProvider['requiredAttributes']): string | null {
  const unmet = Object.entries(required).find(([id, values]) => {
    const have = attributes[id] ?? []
    return values.length === 0 ? have.length === 0 : !have.some((value) => values.includes(value))
  })
  return unmet ? (unmet[1].length === 0 ? unmet[0] : `${unmet[0]} (${unmet[1].join(', ')})`) : null
}

function identity(
  { idp, asserted, attributes, userName }: Person & { attributes: Attributes; userName: string },
  sp: ServiceProvider,
): Identity {
  const mail = attributes.mail?.[0]
  const { groupsFrom } = sp.options
  const displayName = attributes.displayName?.[0] ?? attributes.cn?.[0]
  return {
    issuer: idp.entityId,
    subject: subjectOf(attributes),
    userName,
    isAdmin: null,
    groups: groupsFrom.length === 0 ? null : [...new Set(groupsFrom.flatMap((id) => attributes[id] ?? []))],
    attributes,
    mail: mail === undefined ? null : { address: mail, isVerified: mayVouchFor(mail, idp, sp) },
    affiliations: attributes.affiliation ?? [],
    entitlements: attributes.entitlement ?? [],
    rules: rulesOf(sp),
    authState: authStateOf({ idp, asserted, attributes }),
    session: {
      id: asserted.sessionIndex,
      endsAt: asserted.sessionEndsAt,
      data: { idp: idp.entityId, nameId: asserted.nameId },
    },
    userInfo: displayName === undefined ? null : { name: displayName, display_name: displayName },
  }
}

/** Whoever came this far has one of the roles. */
function rulesOf({ allowedRoles }: ServiceProvider): Identity['rules'] & object {
  if (allowedRoles.length === 0) return []
  return [{ name: 'SAMLAuthenticator.allowed_roles', wants: allowedRoles.join(', '), isMet: true }]
}

/** What is never given to another person; case does not count in the scoped ones. */
function subjectOf(attributes: Attributes): string | null {
  for (const id of ['subject-id', 'pairwise-id', 'unique-id', 'eppn']) {
    const value = attributes[id]?.[0]
    if (value !== undefined) return `${id}:${value.toLowerCase()}`
  }
  const persistent = attributes['persistent-id']?.[0]
  return persistent === undefined ? null : `persistent-id:${persistent}`
}

function authStateOf({
  idp,
  asserted,
  attributes,
}: {
  idp: IdentityProvider
  asserted: Asserted
  attributes: Attributes
}) {
  const { nameId, sessionIndex, authnContext } = asserted
  return {
    idp: { entity_id: idp.entityId, name: localized(idp.displayNames, 'en') },
    attributes,
    name_id: nameId,
    session_index: sessionIndex,
    authn_context: authnContext,
  }
}

function missing({
  wanted,
  attributes,
  dropped,
  idp,
}: {
  wanted: string
  attributes: Attributes
  dropped: readonly string[]
  idp: IdentityProvider
}): Denial {
  const came = Object.keys(attributes).join(', ') || 'none'
  const leftOut = dropped.length === 0 ? '' : `; left out: ${dropped.join('; ')}`
  const refusal = refuse('SAML_IDENTIFIER_MISSING', `${wanted} is missing; ${idp.entityId} sent: ${came}${leftOut}`)
  return { ...denialOf(refusal, { idp, wanted }), attributes }
}

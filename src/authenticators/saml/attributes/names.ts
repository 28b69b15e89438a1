/** What attributes are called here, by their `Name` in assertions: the ids of Shibboleth's attribute map. */

const eduPerson = (number: string) => `urn:oid:1.3.6.1.4.1.5923.1.${number}`
const schac = (number: string) => `urn:oid:1.3.6.1.4.1.25178.1.2.${number}`
const x500 = (number: string) => `urn:oid:2.5.4.${number}`
const mace = (name: string) => `urn:mace:dir:attribute-def:${name}`

interface Row {
  readonly id: string
  readonly names: readonly string[]
  /** `value@scope`, where the scope must be the provider's. */
  readonly isScoped?: boolean
}

const rows: readonly Row[] = [
  { id: 'subject-id', names: ['urn:oasis:names:tc:SAML:attribute:subject-id'], isScoped: true },
  { id: 'pairwise-id', names: ['urn:oasis:names:tc:SAML:attribute:pairwise-id'], isScoped: true },
  { id: 'eppn', names: [eduPerson('1.1.6'), mace('eduPersonPrincipalName')], isScoped: true },
  { id: 'affiliation', names: [eduPerson('1.1.9'), mace('eduPersonScopedAffiliation')], isScoped: true },
  { id: 'unscoped-affiliation', names: [eduPerson('1.1.1'), mace('eduPersonAffiliation')] },
  { id: 'primary-affiliation', names: [eduPerson('1.1.5'), mace('eduPersonPrimaryAffiliation')] },
  { id: 'entitlement', names: [eduPerson('1.1.7'), mace('eduPersonEntitlement')] },
  { id: 'persistent-id', names: [eduPerson('1.1.10'), mace('eduPersonTargetedID')] },
  { id: 'assurance', names: [eduPerson('1.1.11'), mace('eduPersonAssurance')] },
  { id: 'unique-id', names: [eduPerson('1.1.13'), mace('eduPersonUniqueId')], isScoped: true },
  { id: 'orcid', names: [eduPerson('1.1.16'), mace('eduPersonOrcid')] },
  { id: 'member', names: [eduPerson('5.1.1'), mace('isMemberOf')] },
  { id: 'cn', names: [x500('3'), mace('cn')] },
  { id: 'sn', names: [x500('4'), mace('sn')] },
  { id: 'givenName', names: [x500('42'), mace('givenName')] },
  { id: 'displayName', names: ['urn:oid:2.16.840.1.113730.3.1.241', mace('displayName')] },
  { id: 'uid', names: ['urn:oid:0.9.2342.19200300.100.1.1', mace('uid')] },
  { id: 'mail', names: ['urn:oid:0.9.2342.19200300.100.1.3', mace('mail')] },
  { id: 'o', names: [x500('10'), mace('o')] },
  { id: 'ou', names: [x500('11'), mace('ou')] },
  { id: 'preferredLanguage', names: ['urn:oid:2.16.840.1.113730.3.1.39', mace('preferredLanguage')] },
  { id: 'schacHomeOrganization', names: [schac('9')] },
  { id: 'schacPersonalUniqueCode', names: [schac('14')] },
  { id: 'schacUserStatus', names: [schac('19')] },
]

const ids = new Map(rows.flatMap(({ id, names }) => names.map((name) => [name, id] as const)))

export const scopedIds: ReadonlySet<string> = new Set(rows.filter(({ isScoped }) => isScoped).map(({ id }) => id))

/** A name that no map has stays as it is, e.g. `http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn`. */
export function idOfAttribute(name: string, extra: Readonly<Record<string, string>> = {}): string {
  return extra[name] ?? ids.get(name) ?? name
}

/** The `Name` under which an attribute is asked for in metadata. */
export function nameOfAttribute(id: string): string {
  return rows.find((row) => row.id === id)?.names[0] ?? id
}

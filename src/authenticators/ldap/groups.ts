/** Which groups of the directory somebody is in. */
import type { Client } from 'ldapts'
import type { RuleSettings } from '#config'
import { escapeFilter, filled } from './escape.ts'
import type { Options } from './options.ts'
import { type Person, textsOf } from './person.ts'

/** The rule of Active Directory that follows groups within groups. */
const inChain = '1.2.840.113556.1.4.1941'

export interface Groups {
  /** DNs of those that a rule names. */
  readonly named: readonly string[]
  /** All that were found, by name. */
  readonly found: readonly string[]
}

export async function groupsOf(
  client: Client,
  { options, rules }: { options: Options; rules: RuleSettings },
  { person, login }: { person: Person; login: string },
): Promise<Groups> {
  const values = { userdn: escapeFilter(person.dn), uid: escapeFilter(login) }
  const isDn = (name: string) => name.includes('=')
  const named: string[] = []
  for (const dn of new Set([...rules.allowedGroups, ...rules.adminGroups].filter(isDn))) {
    const filter = filled(options.groupSearchFilter, { ...values, group: escapeFilter(dn) })
    if (await isIn(client, dn, nestedOr(options, filter, values.userdn))) named.push(dn)
  }
  return {
    named,
    found: await searchAll(
      client,
      options,
      nestedOr(options, filled(options.groupSearchFilter, values), values.userdn),
    ),
  }
}

function nestedOr({ nestedGroups }: Options, filter: string, userdn: string): string {
  return nestedGroups ? `(|(member:${inChain}:=${userdn})${filter})` : filter
}

async function isIn(client: Client, dn: string, filter: string): Promise<boolean> {
  const { searchEntries } = await client
    .search(dn, { scope: 'base', filter, attributes: ['1.1'] })
    .catch(() => ({ searchEntries: [] }))
  return searchEntries.length === 1
}

async function searchAll(client: Client, options: Options, filter: string): Promise<readonly string[]> {
  const { groupSearchBase: base, groupNameAttribute: attribute } = options
  if (!base) return []
  const { searchEntries } = await client.search(base, { scope: 'sub', filter, attributes: [attribute] })
  return searchEntries.flatMap((entry) => textsOf(entry[attribute])).sort()
}

/** Who a typed name is in the directory, and what the directory says of them. */
import type { Client, Entry } from 'ldapts'
import { binds } from './connect.ts'
import { escapeFilter, escapeRdn, filled } from './escape.ts'
import type { Options } from './options.ts'

export interface Found {
  readonly dn: string
  /** What stands in the templates for the name. */
  readonly name: string
}

/** Looks the name up as the service account, or as nobody. null: there is none, or more than one. */
export async function lookUp(client: Client, options: Options, login: string): Promise<Found | null | 'service'> {
  const { lookupDnSearchUser: user, lookupDnSearchPassword: password } = options
  if (user && !(await binds(client, user, password ?? ''))) return 'service'
  const filter = filled(options.lookupDnSearchFilter, {
    login_attr: options.userAttribute ?? '',
    login: escapeFilter(login),
  })
  const wanted = options.lookupDnUserDnAttribute
  const entries = await find(client, options.userSearchBase ?? '', filter, wanted ? [wanted] : ['1.1'])
  const [only] = entries
  if (!only || entries.length > 1) return null
  if (!wanted) return { dn: only.dn, name: login }
  const values = textsOf(only[wanted])
  return values.length === 1 ? { dn: only.dn, name: values[0]! } : null
}

/** The DNs to try, for the first that binds. */
export function candidates(options: Options, found: Found | null, login: string): readonly string[] {
  const templates = options.bindDnTemplate
  const name = escapeRdn(found?.name ?? login)
  if (templates.length === 0) return found ? [found.dn] : []
  return templates.map((template) => filled(template, { username: name }))
}

/** Exactly one entry must match `search_filter`, asked for as the person. */
export async function passesFilter(client: Client, options: Options, login: string): Promise<boolean> {
  if (options.searchFilter === '') return true
  const filter = filled(options.searchFilter, { userattr: options.userAttribute ?? '', username: escapeFilter(login) })
  const attributes = options.attributes.length > 0 ? options.attributes : ['1.1']
  return (await find(client, options.userSearchBase ?? '', filter, attributes)).length === 1
}

export interface Person {
  readonly dn: string
  /** Stays when the entry is moved or renamed. */
  readonly id: string
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

const ids = ['entryUUID', 'objectGUID', 'nsUniqueId'] as const

/** The entry, as the person may read it. A DN of Active Directory may be a principal name; then it is searched for. */
export async function personOf(
  client: Client,
  options: Options,
  { dn, login }: { dn: string; login: string },
): Promise<Person> {
  const wanted = [...options.authStateAttributes, ...options.userInfoAttributes, 'mail', ...ids]
  const entry = (await readEntry(client, dn, wanted)) ?? (await searched(client, options, login, wanted))
  if (!entry) return { dn, id: dn.toLowerCase(), attributes: {} }
  const id = ids.map((name) => idText(entry[name])).find((text) => text !== null) ?? entry.dn.toLowerCase()
  const kept = wanted.filter((name) => !(ids as readonly string[]).includes(name) && entry[name] !== undefined)
  return { dn: entry.dn, id, attributes: Object.fromEntries(kept.map((name) => [name, textsOf(entry[name])])) }
}

async function readEntry(client: Client, dn: string, attributes: readonly string[]): Promise<Entry | null> {
  if (!/=/.test(dn)) return null
  const { searchEntries } = await client
    .search(dn, { scope: 'base', attributes: [...attributes], explicitBufferAttributes: ['objectGUID'] })
    .catch(none)
  return searchEntries[0] ?? null
}

async function searched(
  client: Client,
  options: Options,
  login: string,
  attributes: readonly string[],
): Promise<Entry | null> {
  if (!options.userSearchBase || !options.userAttribute) return null
  const filter = `(${options.userAttribute}=${escapeFilter(login)})`
  const entries = await find(client, options.userSearchBase, filter, attributes)
  return entries.length === 1 ? entries[0]! : null
}

async function find(
  client: Client,
  base: string,
  filter: string,
  attributes: readonly string[],
): Promise<readonly Entry[]> {
  const { searchEntries } = await client
    .search(base, {
      scope: 'sub',
      filter,
      attributes: [...attributes],
      sizeLimit: 2,
      explicitBufferAttributes: ['objectGUID'],
    })
    .catch(none)
  return searchEntries
}

/** What may not be seen is not there. */
function none(error: unknown): { searchEntries: Entry[] } {
  const code = (error as { code?: unknown }).code
  // No such object, inappropriate matching, insufficient rights; more entries than were asked for.
  if (code === 32 || code === 18 || code === 50) return { searchEntries: [] }
  if (code === 4) return { searchEntries: [{ dn: '' }, { dn: '' }] as Entry[] }
  throw error
}

export function textsOf(value: Entry[string] | undefined): readonly string[] {
  if (value === undefined) return []
  return [value].flat().map((one) => (Buffer.isBuffer(one) ? one.toString('hex') : String(one)))
}

function idText(value: Entry[string] | undefined): string | null {
  return textsOf(value)[0] ?? null
}

/**
 * Every scope: what it lets its holder do, and which scopes are contained in it. The names and what contains what are
 * JupyterHub's (RBAC of versions 5 and 6).
 *
 * Words: a *base* is a scope without its filter; a *filter* (`!user=ada`) limits it to one entity; a *metascope*
 * stands for scopes that depend on who holds it.
 */
export interface ScopeEntry {
  /** One sentence for the page where a person consents. */
  readonly description: string
  readonly contains?: readonly string[]
}

export const scopeTable = {
  '(no_scope)': { description: 'Know who you are.' },
  self: { description: 'Everything you may do with your own user, servers and tokens.' },
  inherit: { description: 'Everything that the owner of the token may do.' },
  'admin-ui': { description: 'Open the administration page.' },
  'admin:users': {
    description: 'Create, change and delete users, their sign-in data and their roles.',
    contains: ['admin:auth_state', 'users', 'read:roles:users', 'delete:users'],
  },
  'admin:auth_state': { description: 'Read and set what the sign-in service told about a user.' },
  users: {
    description: 'Read users, and change them except for their administrator rights.',
    contains: ['read:users', 'list:users', 'users:activity'],
  },
  'delete:users': { description: 'Delete users.' },
  'list:users': { description: 'List users, at least their names.', contains: ['read:users:name'] },
  'read:users': {
    description: 'Read users: names, groups, activity.',
    contains: ['read:users:name', 'read:users:groups', 'read:users:activity'],
  },
  'read:users:name': { description: 'Read the names of users.' },
  'read:users:groups': { description: 'Read which groups users are in.' },
  'read:users:activity': { description: 'Read when users were last active.' },
  'users:activity': { description: 'Report when users were active.', contains: ['read:users:activity'] },
  'read:roles': {
    description: 'Read who holds which roles.',
    contains: ['read:roles:users', 'read:roles:services', 'read:roles:groups'],
  },
  'read:roles:users': { description: 'Read the roles of users.' },
  'read:roles:services': { description: 'Read the roles of services.' },
  'read:roles:groups': { description: 'Read the roles of groups.' },
  'admin:servers': {
    description: 'Start, stop and read servers with their inner state.',
    contains: ['admin:server_state', 'servers'],
  },
  'admin:server_state': { description: 'Read the inner state of servers.' },
  servers: {
    description: 'Start, stop and read servers.',
    contains: ['read:servers', 'delete:servers', 'start:servers'],
  },
  'read:servers': { description: 'Read servers and whether they run.', contains: ['read:users:name'] },
  'start:servers': { description: 'Start servers.' },
  'delete:servers': { description: 'Stop and delete servers.' },
  tokens: { description: 'Create, read and delete tokens of users.', contains: ['read:tokens'] },
  'read:tokens': { description: 'Read what tokens users have.' },
  'admin:groups': {
    description: 'Create, change and delete groups, and read their roles.',
    contains: ['groups', 'read:roles:groups', 'delete:groups'],
  },
  groups: {
    description: 'Read groups, and change who is in them.',
    contains: ['read:groups', 'list:groups'],
  },
  'list:groups': { description: 'List groups, at least their names.', contains: ['read:groups:name'] },
  'read:groups': { description: 'Read groups and who is in them.', contains: ['read:groups:name'] },
  'read:groups:name': { description: 'Read the names of groups.' },
  'delete:groups': { description: 'Delete groups.' },
  'admin:services': {
    description: 'Create, change and delete services, and read their roles.',
    contains: ['list:services', 'read:services', 'read:roles:services'],
  },
  'list:services': { description: 'List services, at least their names.', contains: ['read:services:name'] },
  'read:services': { description: 'Read services.', contains: ['read:services:name'] },
  'read:services:name': { description: 'Read the names of services.' },
  'read:hub': { description: 'Read facts about the hub, such as its version.' },
  'access:servers': { description: 'Use servers over API or browser.' },
  'access:services': { description: 'Use services over API or browser.' },
  shares: {
    description: 'Share servers with others, and take that back.',
    contains: ['access:servers', 'read:shares', 'users:shares', 'groups:shares'],
  },
  'read:shares': { description: 'Read with whom servers are shared.' },
  'users:shares': {
    description: 'Read what is shared with users, and leave it.',
    contains: ['read:users:shares'],
  },
  'read:users:shares': { description: 'Read what is shared with users.' },
  'groups:shares': {
    description: 'Read what is shared with groups, and leave it.',
    contains: ['read:groups:shares'],
  },
  'read:groups:shares': { description: 'Read what is shared with groups.' },
  proxy: { description: 'Read the routes of the proxy, and have them checked.' },
  shutdown: { description: 'Shut the hub down.' },
  'read:metrics': { description: 'Read the metrics.' },
} as const satisfies Readonly<Record<string, ScopeEntry>>

export type Scope = keyof typeof scopeTable

/** Scopes that a hub defines for its services: `custom:…`. They travel in tokens; the services give them meaning. */
export type CustomScopes = Readonly<Record<string, { description: string; subscopes: readonly string[] }>>

/** The entry of a base, or null for a base that nobody defined. */
export function scopeEntry(base: string, custom: CustomScopes = {}): ScopeEntry | null {
  if (Object.hasOwn(scopeTable, base)) return scopeTable[base as Scope]
  if (!Object.hasOwn(custom, base)) return null
  const { description, subscopes } = custom[base]!
  return { description, contains: subscopes }
}

/** What `self` stands for, each filtered to the user. */
export const selfScopes: readonly Scope[] = [
  'read:users',
  'users:shares',
  'read:shares',
  'users:activity',
  'servers',
  'tokens',
  'access:servers',
]

export const metascopes: readonly string[] = ['self', 'inherit', '(no_scope)'] satisfies Scope[]

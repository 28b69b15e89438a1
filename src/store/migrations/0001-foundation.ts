import type { Syntax } from '../dialects/dialect.ts'
import type { Migration } from '../migrations.ts'

/** What caches of who may do what depend on: table, and the columns whose updates count. Activity times don't. */
const accessTables: Readonly<Record<string, readonly string[]>> = {
  users: ['name', 'admin', 'cookie_id', 'user_info'],
  groups: ['name', 'properties'],
  user_groups: ['user_id', 'group_id'],
  roles: ['name', 'description', 'scopes'],
  user_roles: ['user_id', 'role_id'],
  group_roles: ['group_id', 'role_id'],
  service_roles: ['service_id', 'role_id'],
  services: ['name', 'admin', 'url', 'display', 'info'],
  sessions: ['id', 'user_id', 'expires_at'],
  api_tokens: ['user_id', 'service_id', 'hashed', 'client_id', 'session_id', 'expires_at', 'scopes'],
  oauth_clients: ['identifier', 'secret', 'redirect_uri', 'allowed_scopes'],
}

export const foundation: Migration = {
  version: 1,
  readableBy: 1,
  statements: (syntax) => [
    ...Object.entries(tables(syntax)).map(
      ([name, columns]) => `create table "${name}" (${columns.join(', ')}) ${syntax.tableOptions}`,
    ),
    ...indexes(syntax),
    `insert into revisions (topic, value) values ('access', 0)`,
    // The client of every token that no OAuth client was given; its empty secret never matches.
    `insert into oauth_clients (identifier, description, secret, redirect_uri, allowed_scopes)
     values ('jupyterhub', '', '', '', '[]')`,
    ...Object.entries(accessTables).flatMap(([table, columns]) => syntax.bumpTriggers(table, 'access', columns)),
  ],
}

function tables({ types: { id, number, key, text } }: Syntax): Readonly<Record<string, readonly string[]>> {
  const owned = (column: string, parent: string) => `${column} ${number} not null ${cascade(parent)}`
  const maybeOwned = (column: string, parent: string) => `${column} ${number} ${cascade(parent)}`
  const cascade = (parent: string) => `references ${parent} on delete cascade`
  const flag = (column: string, value: 0 | 1) =>
    `${column} ${number} not null default ${value} check (${column} in (0, 1))`
  return {
    revisions: [`topic ${key} primary key`, `value ${number} not null`],
    users: [
      `id ${id}`,
      `name ${key} not null unique`,
      flag('admin', 0),
      `created_at ${number} not null`,
      `last_activity ${number}`,
      `cookie_id ${key} not null unique`,
      `user_info ${text}`,
      `encrypted_auth_state ${text}`,
    ],
    groups: [`id ${id}`, `name ${key} not null unique`, `properties ${text} not null`],
    user_groups: [
      owned('user_id', 'users (id)'),
      owned('group_id', '"groups" (id)'),
      'primary key (user_id, group_id)',
    ],
    roles: [
      `id ${id}`,
      `name ${key} not null unique`,
      `description ${text} not null`,
      `scopes ${text} not null`,
      flag('managed_by_auth', 0),
    ],
    user_roles: [
      owned('user_id', 'users (id)'),
      owned('role_id', 'roles (id)'),
      flag('managed_by_auth', 0),
      'primary key (user_id, role_id)',
    ],
    group_roles: [
      owned('group_id', '"groups" (id)'),
      owned('role_id', 'roles (id)'),
      flag('managed_by_auth', 0),
      'primary key (group_id, role_id)',
    ],
    services: [
      `id ${id}`,
      `name ${key} not null unique`,
      flag('admin', 0),
      `url ${text}`,
      flag('display', 1),
      `info ${text} not null`,
      flag('from_config', 1),
    ],
    service_roles: [
      owned('service_id', 'services (id)'),
      owned('role_id', 'roles (id)'),
      'primary key (service_id, role_id)',
    ],
    identities: [
      `id ${id}`,
      owned('user_id', 'users (id)'),
      `issuer ${key} not null`,
      `subject ${key} not null`,
      `created_at ${number} not null`,
      `last_seen_at ${number} not null`,
      'unique (issuer, subject)',
    ],
    passwords: [
      `user_id ${number} primary key ${cascade('users (id)')}`,
      `hash ${text} not null`,
      `created_at ${number} not null`,
      flag('approved', 0),
    ],
    sessions: [
      `id ${key} primary key`,
      owned('user_id', 'users (id)'),
      `created_at ${number} not null`,
      `last_seen_at ${number} not null`,
      `expires_at ${number} not null`,
      `ip ${text} not null`,
      `user_agent ${text} not null`,
    ],
    sign_in_links: [
      `hashed ${key} primary key`,
      owned('user_id', 'users (id)'),
      `created_at ${number} not null`,
      `expires_at ${number} not null`,
      `used_at ${number}`,
    ],
    servers: [
      `id ${id}`,
      owned('user_id', 'users (id)'),
      `name ${key} not null`,
      `display_name ${text} not null`,
      `desired ${key} not null check (desired in ('running', 'stopped'))`,
      `generation ${number} not null`,
      `user_options ${text} not null`,
      flag('remove_when_stopped', 0),
      `phase ${key} not null`,
      `phase_since ${number}`,
      `run_generation ${number}`,
      `attempt ${number} not null`,
      `handle ${text}`,
      `url ${text}`,
      `listen_url ${text}`,
      `sealed_token ${text}`,
      `failure ${text}`,
      `requested_at ${number}`,
      `started_at ${number}`,
      `ready_at ${number}`,
      `last_activity ${number}`,
      `created_at ${number} not null`,
      `lease_owner ${key}`,
      `lease_fence ${number} not null`,
      `lease_expires_at ${number} not null`,
      `due_at ${number} not null`,
      'unique (user_id, name)',
    ],
    server_events: [
      `id ${id}`,
      owned('server_id', 'servers (id)'),
      `attempt ${number} not null`,
      `at ${number} not null`,
      `progress ${number}`,
      `message ${text} not null`,
      `html_message ${text}`,
      `raw_event ${text}`,
      `kind ${key} not null`,
    ],
    oauth_clients: [
      `id ${id}`,
      `identifier ${key} not null unique`,
      `description ${text} not null`,
      `secret ${text} not null`,
      `redirect_uri ${text} not null`,
      `allowed_scopes ${text} not null`,
      maybeOwned('server_id', 'servers (id)'),
      maybeOwned('service_id', 'services (id)'),
    ],
    oauth_codes: [
      `id ${id}`,
      `code_hash ${key} not null unique`,
      `client_id ${key} not null ${cascade('oauth_clients (identifier)')}`,
      owned('user_id', 'users (id)'),
      `redirect_uri ${text} not null`,
      `session_id ${key}`,
      `scopes ${text} not null`,
      `code_challenge ${text}`,
      `code_challenge_method ${text}`,
      `expires_at ${number} not null`,
    ],
    api_tokens: [
      `id ${id}`,
      maybeOwned('user_id', 'users (id)'),
      maybeOwned('service_id', 'services (id)'),
      maybeOwned('server_id', 'servers (id)'),
      `hashed ${key} not null unique`,
      `prefix ${key} not null`,
      `client_id ${key} not null ${cascade('oauth_clients (identifier)')}`,
      `session_id ${key}`,
      `created_at ${number} not null`,
      `expires_at ${number}`,
      `last_activity ${number}`,
      `note ${text} not null`,
      `scopes ${text} not null`,
      'check ((user_id is null) <> (service_id is null))',
    ],
    leases: [
      `name ${key} primary key`,
      `owner ${key} not null`,
      `fence ${number} not null`,
      `expires_at ${number} not null`,
    ],
    audit: [
      `id ${id}`,
      `at ${number} not null`,
      `actor ${text} not null`,
      `action ${key} not null`,
      `target ${text} not null`,
      `detail ${text} not null`,
    ],
  }
}

/** Beside those that primary keys and uniques bring. Every foreign key leads one: a cascade must not scan its child. */
function indexes({ indexNullsFirst }: Syntax): readonly string[] {
  return Object.entries({
    users: [`last_activity${indexNullsFirst}, id`],
    user_groups: ['group_id'],
    user_roles: ['role_id'],
    group_roles: ['role_id'],
    service_roles: ['role_id'],
    identities: ['user_id'],
    sessions: ['user_id', 'expires_at'],
    sign_in_links: ['user_id', 'expires_at'],
    servers: ['due_at', 'phase, user_id'],
    server_events: ['server_id, id'],
    oauth_clients: ['server_id', 'service_id'],
    oauth_codes: ['client_id', 'user_id', 'expires_at'],
    api_tokens: ['prefix', 'user_id', 'service_id', 'server_id', 'client_id', 'expires_at'],
    audit: ['at'],
  }).flatMap(([table, lists]) =>
    lists.map((columns, position) => `create index ${table}_index_${position + 1} on ${table} (${columns})`),
  )
}

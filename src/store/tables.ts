/**
 * The tables, as rows. Instants are integer milliseconds since 1970 (`Millis`), booleans 0/1, lists and records JSON
 * text (`Json<T>`); what the hub reads is converted once, in the query modules beside this file.
 */
import type { Generated } from 'kysely'

/** JSON text of a T. */
export type Json<T> = string & { readonly json?: T }
/** 0 or 1. */
export type Flag = number

export interface Tables {
  /** One row: the schema's version, see migrations.ts. */
  schema_version: {
    id: number
    version: number /** Oldest code version that may open this schema. */
    readable_by: number
  }
  /** Counters that caches are keyed by: `access` goes up with every change of users, groups, roles, tokens, sessions (by triggers). */
  revisions: { topic: string; value: number }
  users: UserTable
  groups: { id: Generated<number>; name: string; properties: Json<Record<string, unknown>> }
  user_groups: { user_id: number; group_id: number }
  roles: { id: Generated<number>; name: string; description: string; scopes: Json<string[]>; managed_by_auth: Flag }
  user_roles: { user_id: number; role_id: number; managed_by_auth: Flag }
  group_roles: { group_id: number; role_id: number; managed_by_auth: Flag }
  service_roles: { service_id: number; role_id: number }
  services: ServiceTable
  /** Who a user is at each issuer; several identities may lead to one user. */
  identities: {
    id: Generated<number>
    user_id: number
    issuer: string
    subject: string
    created_at: number
    last_seen_at: number
    /** The id of the way of signing in that it last came by. */
    way: string
    refreshed_at: number
  }
  /** Passwords of the native authenticator, one row a user. */
  passwords: { user_id: number; hash: string; created_at: number; approved: Flag }
  /** Of users who have one: the sealed secret of their authenticator app, hashes of their recovery codes. */
  second_factors: { user_id: number; sealed: string; recovery: Json<string[]>; created_at: number }
  sessions: SessionTable
  /** One-time sign-in links. */
  sign_in_links: { hashed: string; user_id: number; created_at: number; expires_at: number; used_at: number | null }
  /** Attempts to sign in or out that go over several steps. `browser`: hash of the cookie of who began it. */
  sign_in_attempts: {
    hashed: string
    way: string
    browser: string
    sealed: string
    next: string | null
    created_at: number
    expires_at: number
    used_at: number | null
  }
  /** What may be seen once only, such as assertions. */
  seen_once: { hashed: string; expires_at: number }
  /** Wrong attempts, by what they were for. */
  failures: { hashed: string; count: number; last_at: number; expires_at: number }
  api_tokens: TokenTable
  oauth_clients: OauthClientTable
  oauth_codes: OauthCodeTable
  servers: ServerTable
  server_events: ServerEventTable
  leases: { name: string; owner: string; fence: number; expires_at: number }
  /** Append-only. */
  audit: {
    id: Generated<number>
    at: number
    actor: string
    action: string
    target: string
    detail: Json<Record<string, unknown>>
  }
}

export interface UserTable {
  id: Generated<number>
  name: string
  admin: Flag
  created_at: number
  last_activity: number | null
  /** 32 hex; inside the login cookie, so that old logins stay valid after an import. */
  cookie_id: string
  user_info: Json<Record<string, unknown>> | null
  /** Fernet token. */
  encrypted_auth_state: string | null
}

export interface ServiceTable {
  id: Generated<number>
  name: string
  admin: Flag
  url: string | null
  display: Flag
  info: Json<Record<string, unknown>>
  from_config: Flag
}

/** One signed-in browser. The cookie `jupyterhub-session-id` holds `id` in plain text, as servers need it. */
export interface SessionTable {
  id: string
  user_id: number
  created_at: number
  last_seen_at: number
  expires_at: number
  ip: string
  user_agent: string
  /** The id of the way of signing in that it came by, and who it is there. */
  way: string
  issuer: string | null
  subject: string | null
  /** What the issuer calls its own session. */
  upstream_id: string | null
  /** What signing out at the issuer needs, encrypted. */
  sealed: string | null
}

export interface TokenTable {
  id: Generated<number>
  user_id: number | null
  service_id: number | null
  /** The server whose token this is; deleted with its run. */
  server_id: number | null
  /** `sha512:<rounds>:<salt>:<hexdigest>`, unique. */
  hashed: string
  /** First 4 characters of the token, indexed. */
  prefix: string
  /** `jupyterhub` for tokens that no OAuth client was given. */
  client_id: string
  session_id: string | null
  created_at: number
  expires_at: number | null
  last_activity: number | null
  note: string
  scopes: Json<string[]>
}

export interface OauthClientTable {
  id: Generated<number>
  identifier: string
  description: string
  /** Hash as of tokens (16384 rounds), or empty: the client can't be used. */
  secret: string
  redirect_uri: string
  allowed_scopes: Json<string[]>
  server_id: number | null
  service_id: number | null
}

export interface OauthCodeTable {
  id: Generated<number>
  /** SHA-256 hex of the code. */
  code_hash: string
  client_id: string
  user_id: number
  redirect_uri: string
  session_id: string | null
  scopes: Json<string[]>
  code_challenge: string | null
  code_challenge_method: string | null
  expires_at: number
}

/**
 * A server: what is wanted (`desired`, `generation`) and what is (`phase`, `run_generation`). Only the replica that
 * holds the lease writes the observed half, and each such write names its `lease_fence`.
 */
export interface ServerTable {
  id: Generated<number>
  user_id: number
  /** Empty for the default server. Unique with user_id. */
  name: string
  display_name: string
  desired: 'running' | 'stopped'
  /** Goes up whenever what is wanted changes; a run of an older generation is replaced. */
  generation: number
  /** What the user picked for the wanted generation. */
  user_options: Json<Record<string, unknown>>
  /** Remove the row once stopped. */
  remove_when_stopped: Flag
  /** `stopped` | `queued` | `starting` | `waiting` | `routing` | `ready` | `stopping` | `failed` */
  phase: string
  /** When the row entered its phase. */
  phase_since: number | null
  /** The generation that the present run was launched for; null when nothing runs. */
  run_generation: number | null
  /** Counts launches, for the spawner's idempotency and for the events. */
  attempt: number
  /** The spawner's handle. */
  handle: Json<Record<string, unknown>> | null
  /** `http://host:port` once known. */
  url: string | null
  /** Where the server was told to listen in this attempt. */
  listen_url: string | null
  /** Encrypted with the hub's key: a resumed launch needs the same API token in its environment. */
  sealed_token: string | null
  /** FailureReason of the last attempt, null after a good start. */
  failure: Json<unknown> | null
  /** When the present wish was recorded; queue order. */
  requested_at: number | null
  started_at: number | null
  ready_at: number | null
  last_activity: number | null
  created_at: number
  lease_owner: string | null
  lease_fence: number
  lease_expires_at: number
  /** The reconciler looks at the row again at this time; 0 means at once. */
  due_at: number
}

export interface ServerEventTable {
  id: Generated<number>
  server_id: number
  attempt: number
  at: number
  /** 0–100, null leaves the bar as it is. */
  progress: number | null
  message: string
  html_message: string | null
  raw_event: Json<unknown> | null
  /** `progress` | `ready` | `failed` | `stopped` */
  kind: string
}

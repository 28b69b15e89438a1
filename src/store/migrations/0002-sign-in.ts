import type { Migration } from '../migrations.ts'

/** Attempts to sign in that go over several steps, what may be seen once, wrong attempts, and where sessions come from. */
export const signIn: Migration = {
  version: 2,
  // Added tables and columns with defaults hinder no older code.
  readableBy: 1,
  statements: ({ types: { number, key, text }, tableOptions }) => [
    `create table sign_in_attempts (
      hashed ${key} primary key,
      way ${key} not null,
      browser ${key} not null,
      sealed ${text} not null,
      next ${text},
      created_at ${number} not null,
      expires_at ${number} not null,
      used_at ${number}
    ) ${tableOptions}`,
    `create index sign_in_attempts_index_1 on sign_in_attempts (expires_at)`,
    `create table seen_once (hashed ${key} primary key, expires_at ${number} not null) ${tableOptions}`,
    `create index seen_once_index_1 on seen_once (expires_at)`,
    `create table failures (
      hashed ${key} primary key,
      count ${number} not null,
      last_at ${number} not null,
      expires_at ${number} not null
    ) ${tableOptions}`,
    `create index failures_index_1 on failures (expires_at)`,
    `alter table identities add column way ${key} not null default ''`,
    ...[
      `way ${key} not null default ''`,
      `issuer ${key}`,
      `subject ${key}`,
      `upstream_id ${key}`,
      `sealed ${text}`,
    ].map((column) => `alter table sessions add column ${column}`),
    `create index sessions_index_3 on sessions (issuer, subject)`,
    `create index sessions_index_4 on sessions (issuer, upstream_id)`,
  ],
}

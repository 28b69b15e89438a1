import type { Migration } from '../migrations.ts'

/** When each identity was last asked for at its issuer. */
export const refresh: Migration = {
  version: 3,
  readableBy: 1,
  statements: ({ types: { number } }) => [
    `alter table identities add column refreshed_at ${number} not null default 0`,
  ],
}

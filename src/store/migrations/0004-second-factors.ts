import type { Migration } from '../migrations.ts'

/** What people prove themselves with besides their password. */
export const secondFactors: Migration = {
  version: 4,
  readableBy: 1,
  statements: ({ types: { number, text }, tableOptions }) => [
    `create table second_factors (
      user_id ${number} primary key references users (id) on delete cascade,
      sealed ${text} not null,
      recovery ${text} not null,
      created_at ${number} not null
    ) ${tableOptions}`,
  ],
}

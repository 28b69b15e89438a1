/**
 * Forward migrations. All that a database lacks run in one transaction that holds the write lock, so two processes
 * that open a fresh database at once take turns and the second finds nothing to do.
 */
import { sql } from 'kysely'
import { type Syntax, syntaxOf } from './dialects/dialect.ts'
import { errors } from './errors.ts'
import { foundation } from './migrations/0001-foundation.ts'
import { signIn } from './migrations/0002-sign-in.ts'
import { refresh } from './migrations/0003-refresh.ts'
import { secondFactors } from './migrations/0004-second-factors.ts'
import { auditByTarget } from './migrations/0005-audit-by-target.ts'
import type { Database } from './store.ts'
import { atomically } from './transaction.ts'

export interface Migration {
  /** Counts up by one from 1. */
  readonly version: number
  /** The oldest code version that works with the schema after this migration. */
  readonly readableBy: number
  /** Statements, in order. */
  readonly statements: (syntax: Syntax) => readonly string[]
}

export const migrations: readonly Migration[] = [foundation, signIn, refresh, secondFactors, auditByTarget]

/** Brings the schema up to date. Errors: DATABASE_TOO_NEW. */
export async function migrate(db: Database, known: readonly Migration[] = migrations): Promise<void> {
  const newest = known.at(-1)!
  await atomically(db, async (tx) => {
    const found = await schemaVersion(tx)
    if (found.version > newest.version && found.readable_by > newest.version) {
      throw errors.DATABASE_TOO_NEW({ found: found.version, known: newest.version })
    }
    const missing = known.filter(({ version }) => version > found.version)
    for (const migration of missing) {
      for (const statement of migration.statements(syntaxOf(tx))) await sql.raw(statement).execute(tx)
    }
    if (missing.length > 0) {
      await tx.updateTable('schema_version').set({ version: newest.version, readable_by: newest.readableBy }).execute()
    }
  })
}

async function schemaVersion(db: Database): Promise<{ version: number; readable_by: number }> {
  await sql`create table if not exists schema_version (
    id integer primary key check (id = 1), version integer not null, readable_by integer not null)`.execute(db)
  const row = await db.selectFrom('schema_version').select(['version', 'readable_by']).executeTakeFirst()
  if (row) return row
  await db.insertInto('schema_version').values({ id: 1, version: 0, readable_by: 0 }).execute()
  return { version: 0, readable_by: 0 }
}

import { Kysely } from 'kysely'
import type { Engine, StoreDeps } from './dialects/dialect.ts'
import { migrate } from './migrations.ts'
import { prepared } from './prepared.ts'
import type { Store } from './store.ts'
import type { Tables } from './tables.ts'
import { atomically } from './transaction.ts'
import { type DatabaseAddress, parseDatabaseUrl } from './url.ts'

/**
 * Opens a database and brings its schema up to date; several processes may do so at once. `url` as SQLAlchemy writes
 * it, e.g. `sqlite:////data/himalia.sqlite`, `sqlite:///:memory:`, `postgresql://hub@db/hub`.
 * Errors: DATABASE_URL_INVALID, DATABASE_UNAVAILABLE, DATABASE_BUSY, DATABASE_TOO_NEW.
 */
export async function openStore(url: string, deps: StoreDeps): Promise<Store> {
  const engine = await engineOf(parseDatabaseUrl(url), deps)
  const db = new Kysely<Tables>({ dialect: engine.dialect })
  const close = async () => {
    await engine.notices.close()
    await db.destroy()
  }
  try {
    await migrate(db)
  } catch (error) {
    await close()
    throw error
  }
  return {
    db,
    engine: engine.name,
    now: () => engine.now(db),
    transaction: (work) => atomically(db, work),
    revision: together((topic) => revisionOf(db, { topic }).then(([row]) => row?.value ?? 0)),
    notices: engine.notices,
    close,
  }
}

/**
 * Those who ask in the same turn of the event loop share one look, which begins after all of them asked: every request
 * asks for the revision, and under load many come in one turn.
 */
function together(look: (topic: string) => Promise<number>): (topic: string) => Promise<number> {
  const coming = new Map<string, Promise<number>>()
  return (topic) => {
    const known = coming.get(topic)
    if (known) return known
    const turn = new Promise<void>((resolve) => setImmediate(resolve))
    const value = turn.then(() => {
      coming.delete(topic)
      return look(topic)
    })
    coming.set(topic, value)
    return value
  }
}

const revisionOf = prepared(['topic'], (db, { topic }) =>
  db.selectFrom('revisions').select('value').where('topic', '=', topic),
)

/** An engine's library is loaded only where it is used. */
async function engineOf(address: DatabaseAddress, deps: StoreDeps): Promise<Engine> {
  if (address.engine === 'sqlite') return (await import('./dialects/sqlite.ts')).sqliteEngine(address.path, deps)
  return (await import('./dialects/postgresql.ts')).postgresqlEngine(address.connectionString, deps)
}

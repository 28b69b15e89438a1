/** The engines that every test of the store runs on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, type TestContext } from 'node:test'
import { silentLog } from '#base/log.ts'
import { openStore, type Store } from '#store'
import { postgresBinaries, type RunningPostgres, startPostgres } from '../harness/postgres.ts'

/** What the clock of the stores in these tests says. */
export const now = 1_700_000_000_000

export interface EngineUnderTest {
  readonly name: string
  /** The address of an empty database, gone after the test. */
  fresh(t: TestContext): Promise<string>
  /** A store on an empty database, closed after the test. */
  open(t: TestContext): Promise<Store>
  readonly postgres: () => RunningPostgres
}

type Kind = 'SQLite in memory' | 'SQLite file' | 'PostgreSQL'

/** Describes `body` once for each engine; PostgreSQL is skipped, and says so, where it is not installed. */
export function onEngines(kinds: readonly Kind[], body: (engine: EngineUnderTest) => void): void {
  for (const kind of kinds) {
    const skip = kind === 'PostgreSQL' && postgresBinaries() === null && 'PostgreSQL is not installed'
    describe(kind, { skip }, () => body(engine(kind)))
  }
}

export const everyEngine: readonly Kind[] = ['SQLite in memory', 'SQLite file', 'PostgreSQL']

function engine(kind: Kind): EngineUnderTest {
  let running: RunningPostgres | null = null
  let count = 0
  if (kind === 'PostgreSQL') {
    before(async () => {
      running = await startPostgres()
    })
    after(() => running?.stop())
  }
  const fresh = async (t: TestContext) => {
    count += 1
    if (kind === 'SQLite in memory') return 'sqlite:///:memory:'
    if (kind === 'PostgreSQL') return running!.createDatabase(`test${count}`)
    const folder = mkdtempSync(join(tmpdir(), 'himalia-store-'))
    t.after(() => rmSync(folder, { recursive: true }))
    return `sqlite:///${folder}/hub.sqlite`
  }
  return { name: kind, fresh, open: async (t) => openAt(t, await fresh(t)), postgres: () => running! }
}

export async function openAt(t: TestContext, url: string): Promise<Store> {
  const store = await openStore(url, { log: silentLog, clock: { now: () => now, sleep: async () => {} } })
  t.after(() => store.close())
  return store
}

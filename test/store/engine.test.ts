import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { silentLog } from '#base/log.ts'
import { createUser, type Database, findUser, openStore, type Store, touchUser } from '#store'
import { migrate, migrations } from '../../src/store/migrations.ts'
import { postgresBinaries, startPostgres } from '../harness/postgres.ts'
import { everyEngine, now, onEngines, openAt } from './engines.ts'

const add = (db: Database, name: string) => createUser(db, { name, admin: false, now, cookieId: name })

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10)
}

onEngines(everyEngine, (engine) => {
  test('a transaction that throws leaves nothing behind, and the next one works', async (t) => {
    const { db, transaction } = await engine.open(t)

    const failed = transaction(async (tx) => {
      await add(tx, 'ada')
      throw new Error('on purpose')
    })

    await assert.rejects(failed, /on purpose/)
    assert.equal(await findUser(db, 'ada'), null)
    await transaction((tx) => add(tx, 'bob'))
    assert.ok(await findUser(db, 'bob'))
  })

  test('a broken foreign key undoes all of its transaction', async (t) => {
    const { db, transaction } = await engine.open(t)
    await add(db, 'ada')

    const work = transaction(async (tx) => {
      await add(tx, 'bob')
      await tx.insertInto('user_groups').values({ user_id: 999, group_id: 999 }).execute()
    })

    await assert.rejects(work)
    assert.equal(await findUser(db, 'bob'), null)
  })

  test('transactions take turns: none of 50 that read and then write is lost', async (t) => {
    const { db, transaction } = await engine.open(t)
    const { id } = await add(db, 'ada')
    await touchUser(db, id, 0)

    const raise = () =>
      transaction(async (tx) => {
        const user = await findUser(tx, 'ada')
        await touchUser(tx, id, user!.last_activity! + 1)
      })
    await Promise.all(Array.from({ length: 50 }, raise))

    assert.equal((await findUser(db, 'ada'))?.last_activity, 50)
  })

  test('nobody else sees a transaction before its end', async (t) => {
    const { db, transaction } = await engine.open(t)
    const seen: (string | undefined)[] = []
    let reading: Promise<void> = Promise.resolve()

    await transaction(async (tx) => {
      await add(tx, 'ada')
      assert.ok(await findUser(tx, 'ada'))
      reading = findUser(db, 'ada').then((user) => void seen.push(user?.name))
      // Where reads wait for the writer, as in memory, this one is answered after the end, else before it.
      if (engine.name !== 'SQLite in memory') await reading
    })
    await reading

    assert.deepEqual(seen, [engine.name === 'SQLite in memory' ? 'ada' : undefined])
  })

  test('a transaction inside a query function is part of the one around it', async (t) => {
    const { db, transaction } = await engine.open(t)

    await assert.rejects(
      transaction(async (tx) => {
        await add(tx, 'ada')
        await add(tx, 'bob')
        await add(tx, 'ada')
      }),
      { code: 'USER_EXISTS' },
    )

    assert.equal(await findUser(db, 'bob'), null)
  })

  test('every change of who may do what raises the counter, activity does not', async (t) => {
    const { db, revision } = await engine.open(t)
    const raised = async (work: () => Promise<unknown>) => {
      const before = await revision('access')
      await work()
      return (await revision('access')) > before
    }

    assert.ok(await raised(() => add(db, 'ada')))
    const { id } = (await findUser(db, 'ada'))!
    const names = { users: 'name', oauth_clients: 'redirect_uri' } as const
    for (const [table, column] of Object.entries(names)) {
      assert.ok(await raised(() => sql`update ${sql.table(table)} set ${sql.ref(column)} = 'x'`.execute(db)), table)
    }
    assert.ok(!(await raised(() => touchUser(db, id, now))))
    assert.ok(!(await raised(() => sql`update users set encrypted_auth_state = 'x'`.execute(db))))
    assert.ok(await raised(() => sql`delete from users`.execute(db)))
    assert.equal(await revision('no such topic'), 0)
  })

  test('a change that is rolled back does not raise the counter', async (t) => {
    const { revision, transaction } = await engine.open(t)
    const before = await revision('access')

    await assert.rejects(
      transaction(async (tx) => {
        await add(tx, 'ada')
        throw new Error('on purpose')
      }),
    )

    assert.equal(await revision('access'), before)
  })

  test('a migration that is missing is run once, a database that is newer is refused', async (t) => {
    const store = await engine.open(t)
    const newest = migrations.at(-1)!
    const next = {
      version: newest.version + 1,
      readableBy: newest.version + 1,
      statements: () => ['create table new (a text)'],
    }

    await migrate(store.db, [...migrations, next])
    await migrate(store.db, [...migrations, next])

    await assert.rejects(migrate(store.db), {
      code: 'DATABASE_TOO_NEW',
      detail: { found: next.version, known: newest.version },
    })
    await store.db.updateTable('schema_version').set({ readable_by: newest.version }).execute()
    await migrate(store.db)
  })

  test('a migration that fails leaves the schema as it was', async (t) => {
    const { db } = await engine.open(t)
    const version = migrations.at(-1)!.version + 1
    const broken = { version, readableBy: version, statements: () => ['create table half (a text)', 'no statement'] }

    await assert.rejects(migrate(db, [...migrations, broken]))

    await assert.rejects(sql`select * from half`.execute(db))
    await migrate(db)
  })

  test('a notice reaches all that listen to its topic, until they stop', async (t) => {
    const { notices } = await engine.open(t)
    const heard: number[] = []
    const stop = notices.subscribe('servers', (id) => heard.push(id))
    notices.subscribe('other', (id) => heard.push(-id))

    void notices.publish('servers', 1)
    await until(() => heard.length > 0)
    stop()
    notices.publish('servers', 2)
    const last = new Promise<void>((resolve) => notices.subscribe('servers', (id) => id === 3 && resolve()))
    notices.publish('servers', 3)
    await last

    assert.deepEqual(heard, [1])
  })
})

onEngines(['SQLite file', 'PostgreSQL'], (engine) => {
  test('processes that open a fresh database at once all succeed', async (t) => {
    const url = await engine.fresh(t)

    assert.deepEqual(await together(t, 3, [url, 'open']), [0, 0, 0])

    const { db } = await openAt(t, url)
    assert.deepEqual(await db.selectFrom('schema_version').select('version').execute(), [
      { version: migrations.length },
    ])
  })

  test('processes that write at once lose nothing', async (t) => {
    const url = await engine.fresh(t)
    const { db } = await openAt(t, url)
    await db.insertInto('leases').values({ name: 'count', owner: '', fence: 0, expires_at: 0 }).execute()

    assert.deepEqual(await together(t, 2, [url, 'count', '200']), [0, 0])

    assert.deepEqual(await db.selectFrom('leases').select('fence').execute(), [{ fence: 400 }])
  })
})

/** Runs the worker in several processes that begin together; resolves with their exit codes. */
async function together(t: TestContext, count: number, argv: string[]): Promise<(number | null)[]> {
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, [join(import.meta.dirname, 'worker.ts'), ...argv], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  t.after(() => workers.forEach((worker) => void worker.kill()))
  const exits = workers.map((worker) => once(worker, 'exit'))
  await Promise.all(workers.map((worker) => once(worker.stdout, 'data')))
  for (const worker of workers) worker.stdin.end('go\n')
  return (await Promise.all(exits)).map(([code]) => code)
}

onEngines(['SQLite file'], (engine) => {
  test('the file is for its owner only, and keeps what was written', async (t) => {
    const url = await engine.fresh(t)
    const first = await openStore(url, { log: silentLog, clock: { now: () => now, sleep: async () => {} } })
    await add(first.db, 'ada')
    await first.close()

    const second = await openAt(t, url)

    assert.ok(await findUser(second.db, 'ada'))
    assert.equal(statSync(url.slice('sqlite:///'.length)).mode & 0o777, 0o600)
  })

  test('a write waits while another process writes, and this thread does not', async (t) => {
    const url = await engine.fresh(t)
    const { db } = await openAt(t, url)
    const { id } = await add(db, 'ada')
    const other = new DatabaseSync(url.slice('sqlite:///'.length))
    other.exec('begin immediate')

    const touched = touchUser(db, id, 5)
    // Its first attempt has failed by then.
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal((await findUser(db, 'ada'))?.last_activity, null)
    other.exec('commit')
    await touched

    assert.equal((await findUser(db, 'ada'))?.last_activity, 5)
    other.close()
  })

  test('a file that is no database, or in no folder, is refused with its path', async (t) => {
    const url = await engine.fresh(t)
    const path = url.slice('sqlite:///'.length)
    await assert.rejects(openAt(t, `sqlite:///${path}/in/no/folder`), { code: 'DATABASE_UNAVAILABLE' })

    writeFileSync(path, 'this is not a database, whatever its name says'.repeat(50))

    await assert.rejects(openAt(t, url), (error: Error & { code?: string }) => {
      return error.code === 'DATABASE_UNAVAILABLE' && error.message.includes(path)
    })
  })
})

onEngines(['PostgreSQL'], (engine) => {
  async function dropConnections(url: string): Promise<void> {
    const client = new pg.Client(url)
    await client.connect()
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
    )
    await client.end()
  }

  test('two hubs hear each other, again after the connection was lost', async (t) => {
    const url = await engine.fresh(t)
    const [one, two] = [await openAt(t, url), await openAt(t, url)]
    const heard: number[] = []
    one.notices.subscribe('servers', (id) => heard.push(id))
    const hears = async (id: number) => {
      // The subscription may not be there yet: a notice may be lost, so it is sent until it is heard.
      await until(() => {
        two.notices.publish('servers', id)
        return heard.includes(id)
      })
    }

    await hears(1)
    await dropConnections(url)
    await hears(2)
  })

  test('a read after all connections were cut is answered as if nothing had been', async (t) => {
    const url = await engine.fresh(t)
    const { db } = await openAt(t, url)
    await add(db, 'ada')

    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all(Array.from({ length: 5 }, () => findUser(db, 'ada')))
      await dropConnections(url)
      assert.equal((await findUser(db, 'ada'))?.name, 'ada')
    }
  })

  test('the clock is the database’s own, in milliseconds', async (t) => {
    const store = await engine.open(t)
    const before = Date.now()

    assert.ok(Math.abs((await store.now()) - before) < 60_000)
    assert.ok(Number.isInteger(await store.now()))
  })
})

const skip = postgresBinaries() === null && 'PostgreSQL is not installed'

describe('a PostgreSQL that is gone', { skip }, () => {
  async function openThenStop(t: TestContext): Promise<Store> {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const store = await openAt(t, postgres.url)
    await postgres.stop()
    return store
  }

  test('is told as such, without the password', async (t) => {
    const { db, transaction } = await openThenStop(t)
    const told = (error: Error & { code?: string; status?: number }) => {
      const whole = `${error.message} ${error.stack} ${JSON.stringify(error)}`
      return error.code === 'DATABASE_UNAVAILABLE' && error.status === 503 && !whole.includes('secret')
    }

    await assert.rejects(findUser(db, 'ada'), told)
    await assert.rejects(add(db, 'ada'), told)
    await assert.rejects(
      transaction((tx) => add(tx, 'ada')),
      told,
    )
  })
})

onEngines(['SQLite file', 'SQLite in memory'], (engine) => {
  test('on a full disk a write is refused with a sentence, reads go on, and so do writes when there is room', async (t) => {
    const { db, transaction } = await engine.open(t)
    await add(db, 'ada')
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(db)
    await sql`pragma max_page_count = ${sql.lit(pages.rows[0]!.page_count)}`.execute(db)
    const large = 'x'.repeat(100_000)

    await assert.rejects(add(db, large), { code: 'DATABASE_FULL' })
    await assert.rejects(
      transaction((tx) => add(tx, large)),
      { code: 'DATABASE_FULL' },
    )
    assert.ok(await findUser(db, 'ada'))
    await sql`pragma max_page_count = 1000000`.execute(db)
    await add(db, 'bob')
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import type { Store } from '#store'
import { everyEngine, onEngines } from './engines.ts'

interface ForeignKey {
  readonly table: string
  readonly columns: string
  readonly onDelete: string
}

const foreignKeys = {
  sqlite: sql<ForeignKey>`select m.name as "table", group_concat(f."from") as columns, f.on_delete as "onDelete"
    from sqlite_schema m, pragma_foreign_key_list(m.name) f where m.type = 'table' group by m.name, f.id`,
  postgresql: sql<ForeignKey>`select c.conrelid::regclass::text as "table",
      (select string_agg(a.attname, ',') from unnest(c.conkey) k join pg_attribute a
        on a.attrelid = c.conrelid and a.attnum = k) as columns,
      case c.confdeltype when 'c' then 'CASCADE' when 'n' then 'SET NULL' else 'NO ACTION' end as "onDelete"
    from pg_constraint c where c.contype = 'f'`,
}

/** The columns of each index and key, in order. */
const indexes = {
  sqlite: sql<{ table: string; columns: string }>`
    select m.name as "table", (select group_concat(i.name) from pragma_index_info(l.name) i) as columns
      from sqlite_schema m, pragma_index_list(m.name) l where m.type = 'table'
    union all select m.name, c.name from sqlite_schema m, pragma_table_info(m.name) c where m.type = 'table' and c.pk = 1`,
  postgresql: sql<{ table: string; columns: string }>`
    select i.indrelid::regclass::text as "table", (select string_agg(a.attname, ',' order by k.position)
      from unnest(i.indkey::int2[]) with ordinality k (number, position)
      join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number) as columns
    from pg_index i where i.indpred is null`,
}

async function withoutIndex({ db, engine }: Store): Promise<readonly string[]> {
  const keys = await foreignKeys[engine].execute(db)
  const found = await indexes[engine].execute(db)
  return keys.rows
    .filter((key) => !found.rows.some((index) => index.table === key.table && leads(index.columns, key.columns)))
    .map(({ table, columns }) => `${table}.${columns}`)
}

const leads = (index: string, key: string) => `${index},`.startsWith(`${key},`)

onEngines(everyEngine, (engine) => {
  test('every foreign key leads an index', async (t) => {
    const store = await engine.open(t)

    assert.deepEqual(await withoutIndex(store), [])
    assert.ok((await foreignKeys[store.engine].execute(store.db)).rows.length >= 20)

    // The walk itself must find one that has none.
    await sql`create table forgotten (id integer primary key, user_id bigint references users (id))`.execute(store.db)
    assert.deepEqual(await withoutIndex(store), ['forgotten.user_id'])
  })

  test('every foreign key says what happens when its parent is deleted', async (t) => {
    const store = await engine.open(t)

    const { rows } = await foreignKeys[store.engine].execute(store.db)

    assert.deepEqual(
      rows.filter(({ onDelete }) => onDelete !== 'CASCADE' && onDelete !== 'SET NULL'),
      [],
    )
  })
})

import { closeSync, openSync } from 'node:fs'
import {
  type Expression,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely'
import type { Notices } from '../store.ts'
import type { AdapterWithSyntax, Engine, StoreDeps, Syntax } from './dialect.ts'
import { isBusy, SqliteDriver } from './sqlite-driver.ts'

export const sqliteSyntax: Syntax = {
  types: { id: 'integer primary key autoincrement', number: 'integer', key: 'text', text: 'text' },
  tableOptions: 'strict',
  indexNullsFirst: '',
  bumpTriggers: (table, topic, columns) =>
    ['insert', 'delete', `update of ${columns.join(', ')}`].map(
      (event) =>
        `create trigger bump_${topic}_${table}_${event.split(' ')[0]} after ${event} on "${table}"
         begin update revisions set value = value + 1 where topic = '${topic}'; end`,
    ),
  isIn: (column, values) => isInList(column, JSON.stringify(values)),
  list: (values) => JSON.stringify(values),
  isInList,
  rows: (columns, rows) => {
    const fields = Object.keys(columns).map((name) => sql`value ->> ${sql.lit(name)} as ${sql.ref(name)}`)
    return sql`(select ${sql.join(fields)} from json_each(${JSON.stringify(rows)}))`
  },
  contains: (column, text) =>
    isAscii(text)
      ? sql`${column} like ${`%${escapeLike(text)}%`} escape '\\'`
      : sql`instr(lower_unicode(${column}), ${text.toLowerCase()}) > 0`,
  isUniqueViolation: (error) => [1555, 2067].includes((error as { errcode?: number } | null)?.errcode ?? 0),
  isTransient: isBusy,
}

function isInList(column: Expression<unknown>, list: unknown): RawBuilder<SqlBool> {
  return sql`${column} in (select value from json_each(${list}))`
}

class Adapter extends SqliteAdapter implements AdapterWithSyntax {
  readonly syntax = sqliteSyntax

  /** The driver has a lock of its own, which readers of a file need not wait for. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

/** `path` is a file or `:memory:`. A file is made for its owner's eyes only. */
export function sqliteEngine(path: string, { clock }: StoreDeps): Engine {
  return {
    name: 'sqlite',
    dialect: {
      createAdapter: () => new Adapter(),
      createDriver: () => {
        if (path !== ':memory:') createPrivately(path)
        return new SqliteDriver(path)
      },
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    notices: localNotices(),
    now: async () => clock.now(),
  }
}

function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600))
  } catch {
    // The driver's own attempt says why it can't be opened.
  }
}

/** Other processes on the same file find changes by polling; this one hears at once. */
function localNotices(): Notices & { close(): Promise<void> } {
  const listeners = new Map<string, Set<(id: number) => void>>()
  return {
    publish: (topic, id) => {
      setImmediate(() => listeners.get(topic)?.forEach((heard) => void heard(id)))
    },
    subscribe: (topic, heard) => {
      const ofTopic = listeners.get(topic) ?? new Set()
      listeners.set(topic, ofTopic.add(heard))
      return () => ofTopic.delete(heard)
    },
    close: async () => listeners.clear(),
  }
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&')
}

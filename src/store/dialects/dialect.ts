/**
 * What an engine is to the store. All that differs between engines stands here as data or as a small maker of SQL;
 * nothing outside this folder asks which engine it is.
 */
import type { Expression, Dialect as KyselyDialect, RawBuilder, SqlBool } from 'kysely'
import type { Clock } from '#base/clock.ts'
import type { Log } from '#base/log.ts'
import type { Database, Notices } from '../store.ts'

export interface StoreDeps {
  readonly log: Log
  readonly clock: Clock
}

export interface Engine {
  readonly name: 'sqlite' | 'postgresql'
  readonly dialect: KyselyDialect
  readonly notices: Notices & { close(): Promise<void> }
  now(db: Database): Promise<number>
}

export interface Syntax {
  readonly types: {
    /** A primary key that counts up and is never given twice. */
    readonly id: string
    /** Instants, foreign keys and counts. */
    readonly number: string
    /** Text that is compared and sorted by its bytes, the same on every machine. */
    readonly key: string
    readonly text: string
  }
  /** Follows the closing parenthesis of `create table`. */
  readonly tableOptions: string
  /** Follows a column of an index whose NULLs sort first, where the engine must be told. */
  readonly indexNullsFirst: string
  /** Statements that make each change of `table` raise the counter `topic`; `columns` limits which updates count. */
  bumpTriggers(table: string, topic: string, columns: readonly string[]): readonly string[]
  /** `column in (values)` as one statement text whatever the number of values, so that it is prepared once. */
  isIn(column: Expression<unknown>, values: readonly (number | string)[]): RawBuilder<SqlBool>
  /** The same in two parts, for a query that is built before its values are known: what carries them, and the test. */
  list(values: readonly (number | string)[]): unknown
  isInList(column: Expression<unknown>, list: unknown): RawBuilder<SqlBool>
  /** Rows as a table expression to be named by `as`: one parameter carries thousands of rows. */
  rows<T>(columns: Readonly<Record<keyof T, 'number' | 'text'>>, rows: readonly T[]): RawBuilder<T>
  /** Whether the text contains the other, letter case aside. */
  contains(column: Expression<string>, text: string): RawBuilder<SqlBool>
  isUniqueViolation(error: unknown): boolean
  /** The transaction was rolled back for no fault of its own; the same work may succeed now. */
  isTransient(error: unknown): boolean
}

/** Both engines' Kysely adapters carry the syntax, so a query function needs nothing but its `db`. */
export interface AdapterWithSyntax {
  readonly syntax: Syntax
}

export function syntaxOf(db: Database): Syntax {
  // Safe: both dialects in this folder make their adapters with this field.
  return (db.getExecutor().adapter as unknown as AdapterWithSyntax).syntax
}

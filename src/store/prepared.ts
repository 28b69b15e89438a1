import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import { syntaxOf } from './dialects/dialect.ts'
import type { Database } from './store.ts'

/**
 * A query for hot paths: built and compiled once an engine, then only run. `build` gets a placeholder that it must put
 * in, as a parameter, where the value belongs. Building costs more than the whole look-up on SQLite.
 */
export function prepared<Row>(build: (db: Database, value: never) => Compilable<Row>) {
  const known = new WeakMap<object, CompiledQuery<Row>>()
  return async (db: Database, value: number | string): Promise<readonly Row[]> => {
    const engine = syntaxOf(db)
    const compiled = known.get(engine) ?? build(db, placeholder as never).compile()
    known.set(engine, compiled)
    const parameters = compiled.parameters.map((parameter) => (parameter === placeholder ? value : parameter))
    const { rows }: QueryResult<Row> = await db.executeQuery({ ...compiled, parameters })
    return rows
  }
}

const placeholder = Symbol('the value')

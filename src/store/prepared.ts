import type { Compilable, CompiledQuery, QueryResult } from 'kysely'
import { syntaxOf } from './dialects/dialect.ts'
import type { Database } from './store.ts'

/**
 * A query for hot paths: built and compiled once an engine, then only run. `build` gets a placeholder for each name,
 * which it must put in, as a parameter, where that value belongs. Building costs more than the whole look-up on SQLite.
 */
export function prepared<Row, const Name extends string>(
  names: readonly Name[],
  build: (db: Database, values: Readonly<Record<Name, never>>) => Compilable<Row>,
) {
  const known = new WeakMap<object, CompiledQuery<Row>>()
  const placeholders = new Map(names.map((name) => [Symbol(name) as unknown, name]))
  // Safe: a placeholder is only ever handed on as a parameter.
  const values = Object.fromEntries([...placeholders].map(([symbol, name]) => [name, symbol])) as Record<Name, never>
  return async (db: Database, given: Readonly<Record<Name, unknown>>): Promise<readonly Row[]> => {
    const engine = syntaxOf(db)
    const compiled = known.get(engine) ?? build(db, values).compile()
    known.set(engine, compiled)
    const parameters = compiled.parameters.map((parameter) => {
      const name = placeholders.get(parameter)
      return name === undefined ? parameter : given[name]
    })
    const { rows }: QueryResult<Row> = await db.executeQuery({ ...compiled, parameters })
    return rows
  }
}

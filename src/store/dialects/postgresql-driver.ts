/**
 * Kysely's driver over `pg`. A statement outside a transaction takes a connection for itself alone. Whatever is safe
 * to repeat (a read; anything that never reached the server) is repeated over a lost connection; the rest leaves as
 * DATABASE_UNAVAILABLE. Real time on purpose: the server knows nothing of our clock.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
} from 'kysely'
import type { QueryResult as PgResult, Pool, PoolClient } from 'pg'
import { HimaliaError } from '#base/errors.ts'
import { errors } from '../errors.ts'

const attempts = 6
/** Any number; all hubs of a database must use the same. */
const writersLock = 0x48696d61

/**
 * Transactions come one after the other, as on SQLite: the code above this folder is written and tested for one
 * behaviour. A replica that hangs inside one must not stop the others for ever.
 */
const begin = `begin; set local lock_timeout = '15s'; set local idle_in_transaction_session_timeout = '60s';
  select pg_advisory_xact_lock(${writersLock})`

export class PostgresqlDriver implements Driver {
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new Connection(this.#pool)
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).begin()
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).commit()
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).rollback()
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await (connection as Connection).rollback()
  }

  async destroy(): Promise<void> {
    await this.#pool.end()
  }
}

class Connection implements DatabaseConnection {
  readonly #pool: Pool
  /** Set while a transaction is open. */
  #client: PoolClient | null = null

  constructor(pool: Pool) {
    this.#pool = pool
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#client) return answer(await run(this.#client, query.sql, query.parameters))
    const repeatable = query.query.kind === 'SelectQueryNode'
    const once = async () => {
      const client = await connect(this.#pool)
      return releasing(client, () => run(client, query.sql, query.parameters))
    }
    return answer(await repeating(once, (error) => isTransient(error) || (repeatable && isConnectionLoss(error))))
  }

  async begin(): Promise<void> {
    const once = async () => {
      const client = await connect(this.#pool)
      try {
        await run(client, begin, [])
        return client
      } catch (error) {
        client.release(true)
        throw error
      }
    }
    this.#client = await repeating(once, isConnectionLoss)
  }

  async commit(): Promise<void> {
    const { command } = await run(this.#client!, 'commit', [])
    this.#client!.release()
    this.#client = null
    // PostgreSQL turns COMMIT into ROLLBACK when a statement before had failed.
    if (command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  async rollback(): Promise<void> {
    const client = this.#client
    if (!client) return
    this.#client = null
    await releasing(client, () => run(client, 'rollback', [])).catch(() => {
      // The connection is gone, and with it the transaction; the error that led here is on its way already.
    })
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; rows are never streamed.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('Rows are not streamed')
  }
}

/** Failing to connect is always safe to repeat, and so is marked as a loss before the statement was sent. */
async function connect(pool: Pool): Promise<PoolClient> {
  return repeating(
    () => pool.connect(),
    (error) => isConnectionLoss(error) && !(error as Error).message.includes('after calling end on the pool'),
  )
}

async function releasing<T>(client: PoolClient, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work()
    client.release()
    return result
  } catch (error) {
    client.release(isConnectionLoss(error))
    throw error
  }
}

function run(client: PoolClient, text: string, values: readonly unknown[]): Promise<PgResult> {
  // An empty list would make it a prepared statement, which can't hold several statements.
  return values.length > 0 ? client.query(text, [...values]) : client.query(text)
}

/** Backs off from 20 ms; about 1.3 s in all. Errors: DATABASE_UNAVAILABLE, DATABASE_BUSY. */
async function repeating<T>(work: () => Promise<T>, isRepeatable: (error: unknown) => boolean): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !isRepeatable(error)) throw wrapped(error)
    }
    await sleep(20 * 2 ** attempt)
  }
}

function wrapped(error: unknown): unknown {
  if (codeOf(error) === '55P03') return errors.DATABASE_BUSY({ seconds: 15 }, error)
  if (codeOf(error) === '53100') return errors.DATABASE_FULL(undefined, error)
  if (!isConnectionLoss(error) && !/^(28|3D)/.test(codeOf(error))) return error
  return errors.DATABASE_UNAVAILABLE({ reason: (error as Error).message || codeOf(error) }, error)
}

function answer<R>(result: PgResult): QueryResult<R> {
  return { numAffectedRows: BigInt(result.rowCount ?? 0), rows: result.rows as R[] }
}

/** serialization_failure and deadlock_detected: rolled back for no fault of its own. */
export function isTransient(error: unknown): boolean {
  return ['40001', '40P01'].includes(codeOf(error))
}

const lossCodes = /^(08|57P0[123]|53300|ECONN|EPIPE|ENOTFOUND|ENOENT|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/
const lossMessages = /Connection terminated|timeout exceeded when trying to connect|not queryable/i

function isConnectionLoss(error: unknown): boolean {
  // Tried again and wrapped already.
  if (error instanceof HimaliaError) return false
  return lossCodes.test(codeOf(error)) || (error instanceof Error && lossMessages.test(error.message))
}

export function codeOf(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '')
}

import type { Selectable } from 'kysely'
import { fromJson, toJson } from './json.ts'
import type { Database } from './store.ts'
import type { ServiceTable } from './tables.ts'

export type ServiceRow = Omit<Selectable<ServiceTable>, 'admin' | 'display' | 'info' | 'from_config'> & {
  readonly admin: boolean
  readonly display: boolean
  readonly info: Readonly<Record<string, unknown>>
  readonly from_config: boolean
}

export interface ServiceDefinition {
  readonly name: string
  readonly admin: boolean
  readonly url: string | null
  readonly display: boolean
  readonly info: Readonly<Record<string, unknown>>
  /** False: made over the REST API, and kept between starts. */
  readonly fromConfig: boolean
}

/** Creates the service or replaces what is known of it. */
export async function saveService(db: Database, service: ServiceDefinition): Promise<ServiceRow> {
  const values = {
    admin: Number(service.admin),
    url: service.url,
    display: Number(service.display),
    info: toJson({ ...service.info }),
    from_config: Number(service.fromConfig),
  }
  const row = await db
    .insertInto('services')
    .values({ name: service.name, ...values })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
    .returningAll()
    .executeTakeFirstOrThrow()
  return serviceRow(row)
}

export async function findService(db: Database, name: string): Promise<ServiceRow | null> {
  const row = await db.selectFrom('services').selectAll().where('name', '=', name).executeTakeFirst()
  return row ? serviceRow(row) : null
}

export async function serviceById(db: Database, id: number): Promise<ServiceRow | null> {
  const row = await db.selectFrom('services').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? serviceRow(row) : null
}

export async function allServices(db: Database): Promise<readonly ServiceRow[]> {
  const rows = await db.selectFrom('services').selectAll().orderBy('name').execute()
  return rows.map(serviceRow)
}

/** With its tokens, roles and OAuth client. True if there was one. */
export async function deleteService(db: Database, id: number): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('services').where('id', '=', id).executeTakeFirst()
  return numDeletedRows > 0n
}

function serviceRow(row: Selectable<ServiceTable>): ServiceRow {
  return {
    ...row,
    admin: row.admin === 1,
    display: row.display === 1,
    info: fromJson(row.info),
    from_config: row.from_config === 1,
  }
}

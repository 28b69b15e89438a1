import { errors } from './errors.ts'

export type DatabaseAddress =
  | { readonly engine: 'sqlite'; readonly path: string | ':memory:' }
  | { readonly engine: 'postgresql'; readonly connectionString: string }

/**
 * Reads a database's address as SQLAlchemy writes it: `sqlite:///relative`, `sqlite:////abs/path`,
 * `sqlite:///:memory:`, `sqlite://`, `postgresql://…`, `postgresql+psycopg2://…`. The text never enters an error: it
 * may hold a password. Errors: DATABASE_URL_INVALID.
 */
export function parseDatabaseUrl(url: string): DatabaseAddress {
  const [, dialect = '', rest = ''] = /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:\/\/(.*)$/is.exec(url) ?? []
  switch (dialect.toLowerCase()) {
    case 'sqlite':
      return { engine: 'sqlite', path: sqlitePath(rest) }
    case 'postgresql':
    case 'postgres':
      return { engine: 'postgresql', connectionString: `postgresql://${rest}` }
    case '':
      throw errors.DATABASE_URL_INVALID({ reason: 'it has no scheme such as sqlite:// or postgresql://' })
    default:
      throw errors.DATABASE_URL_INVALID({ reason: `there is no support for "${dialect}"` })
  }
}

/** The third slash parts the empty host from the path, so `sqlite:///a.db` is relative and `sqlite:////a.db` absolute. */
function sqlitePath(rest: string): string {
  const [path = ''] = rest.split('?')
  if (path === '' || path === '/' || path === '/:memory:') return ':memory:'
  if (!path.startsWith('/')) throw errors.DATABASE_URL_INVALID({ reason: 'a SQLite address names no host' })
  return path.slice(1)
}

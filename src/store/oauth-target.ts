import type { Database } from './store.ts'

/** What an OAuth client stands for, named as in scopes: a server is `user/server`. Null for none. */
export async function clientTarget(
  db: Database,
  identifier: string,
): Promise<{ readonly kind: 'server' | 'service'; readonly name: string } | null> {
  const row = await db
    .selectFrom('oauth_clients')
    .leftJoin('servers', 'servers.id', 'oauth_clients.server_id')
    .leftJoin('users', 'users.id', 'servers.user_id')
    .leftJoin('services', 'services.id', 'oauth_clients.service_id')
    .select(['users.name as user', 'servers.name as server', 'services.name as service'])
    .where('identifier', '=', identifier)
    .executeTakeFirst()
  if (row?.user != null) return { kind: 'server', name: `${row.user}/${row.server}` }
  return row?.service != null ? { kind: 'service', name: row.service } : null
}

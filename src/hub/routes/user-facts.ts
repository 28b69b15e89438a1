/** What the store and the servers know of a user, put together for the models. */
import { findUser, type UserRow, type UserWithAll, userWithAll } from '#store'
import type { HubContext } from '../context.ts'
import { serversOf } from '../servers/state.ts'
import { errors } from './errors.ts'
import type { UserFacts } from './models/user-model.ts'

/** Errors: USER_NOT_FOUND. */
export async function userNamed({ store }: HubContext, name: string): Promise<UserRow> {
  const user = await findUser(store.db, name)
  if (!user) throw errors.USER_NOT_FOUND({ user: name })
  return user
}

/** With the places of queued servers, and what a start now would change of running ones. */
export async function factsOf({ store, servers }: HubContext, user: UserRow): Promise<UserFacts> {
  const all = await userWithAll(store.db, user)
  const own = all.servers.length === 0 ? [] : await servers.ofUser(user.id)
  return { ...all, servers: await Promise.all(own.map(servers.compared)) }
}

/** Without the places of queued servers, which a list has no use for. */
export function factsOfRow(user: UserWithAll): UserFacts {
  // Safe: an empty list is one of either kind. Most users of a list have no server, and copies cost.
  return user.servers.length === 0 ? (user as UserWithAll & { servers: [] }) : { ...user, servers: serversOf(user) }
}

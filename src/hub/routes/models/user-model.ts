import { hasScopeSomewhere } from '#access'
import { type models, userFields } from '#api'
import { isoTime } from '#base/clock.ts'
import type { UserWithAll } from '#store'
import { serverPath } from '../../pages/views/server-path.ts'
import { pending, type Server } from '../../servers/contract.ts'
import { serverModels } from './server-model.ts'
import { fieldsSeen, type View } from './view.ts'

/** A user with what belongs to it. */
export type UserFacts = Omit<UserWithAll, 'servers'> & { readonly servers: readonly Server[] }

/** Makes the models of many users for one view; null for a user of whom it shows nothing. */
export function userModels(view: View): (user: UserFacts) => models.User | null {
  const fieldsOf = fieldsSeen(view, userFields)
  const seesServers = hasScopeSomewhere(view.scopes, 'read:servers')
  return (user) => {
    const fields = fieldsOf({ kind: 'user', name: user.name })
    const servers = seesServers ? serverModels(user.servers, view) : {}
    // Somebody may see one server of a user of whom they see nothing else.
    const seesSome = Object.keys(servers).length > 0
    if (fields.size === 0 && !seesSome) return null
    const model: models.User = { kind: 'user', name: user.name }
    for (const field of fields) if (field !== 'servers') set(model, field, makers[field](user, view))
    if (seesSome || fields.has('servers')) model.servers = servers
    return model
  }
}

type Field = Exclude<keyof models.User, 'servers'>

/** Every field but `servers`. `auth_state` is real only where one user is asked for. */
const makers: { readonly [F in Field]: (user: UserFacts, view: View) => models.User[F] } = {
  kind: () => 'user',
  name: ({ name }) => name,
  user_info: ({ user_info }) => user_info && { ...user_info },
  admin: ({ admin }) => admin,
  roles: ({ roles }) => [...roles],
  groups: ({ groups }) => [...groups],
  server: (user, { urls }) =>
    defaultServer(user)?.state.phase === 'ready' ? serverPath(urls.base, user.name, '') : null,
  pending: (user) => {
    const server = defaultServer(user)
    return server ? pending(server.state) : null
  },
  created: ({ created_at }) => isoTime(created_at),
  last_activity: ({ last_activity }) => isoTime(last_activity),
  auth_state: () => null,
}

function set(model: Record<string, unknown>, field: Field, value: unknown): void {
  model[field] = value
}

function defaultServer({ servers }: UserFacts): Server | undefined {
  return servers.find(({ name }) => name === '')
}

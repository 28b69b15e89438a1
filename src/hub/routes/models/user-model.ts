import { hasScopeSomewhere } from '#access'
import { type models, userFields } from '#api'
import { isoTime } from '#base/clock.ts'
import type { UserWithAll } from '#store'
import { serverPath } from '../../pages/views/server-path.ts'
import { pending, type Server } from '../../servers/contract.ts'
import { serverModels } from './server-model.ts'
import { fieldsSeen, relevant, type View } from './view.ts'

/** A user with what belongs to it. */
export type UserFacts = Omit<UserWithAll, 'servers'> & { readonly servers: readonly Server[] }

/** Makes the models of many users for one view: what depends on the view alone is worked out once. */
export function userModels(view: View): (user: UserFacts) => models.User | null {
  const table = relevant(view.scopes, userFields)
  const seesServers = hasScopeSomewhere(view.scopes, 'read:servers')
  return (user) => {
    const fields = fieldsSeen(view, table, { kind: 'user', name: user.name })
    const servers = seesServers ? serverModels(user.servers, view) : {}
    if (fields.size === 0 && Object.keys(servers).length === 0) return null
    const model: models.User = { kind: 'user', name: user.name }
    for (const field of fields) if (field !== 'servers') Object.assign(model, maker(field)(user, view))
    // Somebody may see one server of a user of whom they see nothing else.
    if (fields.has('servers') || Object.keys(servers).length > 0) model.servers = servers
    return model
  }
}

export function userModel(user: UserFacts, view: View): models.User | null {
  return userModels(view)(user)
}

type Maker = (user: UserFacts, view: View) => Partial<models.User>

/** Every field but `servers`. `auth_state` is real only where one user is asked for. */
const makers: Record<Exclude<keyof models.User, 'servers'>, Maker> = {
  kind: () => ({}),
  name: () => ({}),
  user_info: ({ user_info }) => ({ user_info: user_info && { ...user_info } }),
  admin: ({ admin }) => ({ admin }),
  roles: ({ roles }) => ({ roles: [...roles] }),
  groups: ({ groups }) => ({ groups: [...groups] }),
  server: (user, { urls }) => ({
    server: defaultServer(user)?.state.phase === 'ready' ? serverPath(urls.base, user.name, '') : null,
  }),
  pending: (user) => {
    const server = defaultServer(user)
    return { pending: server ? pending(server.state) : null }
  },
  created: ({ created_at }) => ({ created: isoTime(created_at) }),
  last_activity: ({ last_activity }) => ({ last_activity: isoTime(last_activity) }),
  auth_state: () => ({ auth_state: null }),
}

function maker(field: Exclude<keyof models.User, 'servers'>): Maker {
  return makers[field]
}

function defaultServer({ servers }: UserFacts): Server | undefined {
  return servers.find(({ name }) => name === '')
}

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
    const servers = seesServers && user.servers.length > 0 ? serverModels(user.servers, view) : {}
    // Somebody may see one server of a user of whom they see nothing else.
    const seesSome = user.servers.length > 0 && Object.keys(servers).length > 0
    if (fields.size === 0 && !seesSome) return null
    const model = whole(user, view, servers)
    return fields.size === fieldCount
      ? model
      : part(model, (field) => fields.has(field) || (seesSome && field === 'servers'))
  }
}

const fieldCount = new Set(Object.values(userFields).flat()).size

/** All that may be shown of a user. `auth_state` is real only where one user is asked for. */
function whole(user: UserFacts, { urls }: View, servers: models.User['servers'] & object): Required<models.User> {
  const server = user.servers.find(({ name }) => name === '')
  return {
    kind: 'user',
    name: user.name,
    user_info: user.user_info && { ...user.user_info },
    admin: user.admin,
    roles: [...user.roles],
    groups: [...user.groups],
    server: server?.state.phase === 'ready' ? serverPath(urls.base, user.name, '') : null,
    pending: server ? pending(server.state) : null,
    created: isoTime(user.created_at),
    last_activity: isoTime(user.last_activity),
    auth_state: null,
    servers,
  }
}

/** Who somebody is stands in every model. */
function part(model: Required<models.User>, isShown: (field: keyof models.User) => boolean): models.User {
  const entries = Object.entries(model) as [keyof models.User, never][]
  return Object.fromEntries(
    entries.filter(([field]) => field === 'kind' || field === 'name' || isShown(field)),
  ) as unknown as models.User
}

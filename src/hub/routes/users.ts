import { type Filters, scopeFilters } from '#access'
import { type models, routes } from '#api'
import {
  createUser,
  createUsers,
  deleteUser,
  idsOfUsers,
  renameUser,
  serviceById,
  setAdmin,
  UserPages,
  type UserQuery,
  type UserRow,
} from '#store'
import { authState, saveAuthState } from '../auth-state.ts'
import { audit } from './audit.ts'
import type { SignedIn } from './authorize.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { type UserFacts, userModels } from './models/user-model.ts'
import { sees } from './models/view.ts'
import { pageJson, windowOf } from './paging.ts'
import { answer, answerJson, type Call, serve } from './serve.ts'
import { stopAll } from './stop-all.ts'
import { factsOf, factsOfRow, userNamed } from './user-facts.ts'
import { checkUserNames, normaliseName } from './user-names.ts'
import { viewOf, viewWith } from './view-of.ts'

export function userRoutes(part: Part): void {
  const pages = new UserPages(part.context.store)
  serve(part, routes.listUsers, (call) => listUsers(call, pages))
  serve(part, routes.createUsers, createMany)
  serve(part, routes.getUser, async (call) => {
    const user = await userNamed(call.context, call.params.user)
    return answer(200, await shown(call, user, call.query.include_stopped_servers ?? false))
  })
  serve(part, routes.createUser, createOne)
  serve(part, routes.changeUser, changeUser)
  serve(part, routes.deleteUser, removeUser)
  serve(part, routes.adminAccess, async ({ context, params }) => {
    await userNamed(context, params.user)
    return answer(200, null)
  })
}

async function listUsers({ context, caller, query, request }: Call<typeof routes.listUsers>, pages: UserPages) {
  const window = windowOf(context, request, query)
  const { rows, total } = await pages.page({
    ...window,
    ...visibleUsers(caller),
    state: query.state ?? null,
    sort: query.sort ?? 'id',
    nameFilter: query.name_filter ?? null,
  })
  const groups = new Map(rows.map((user) => [user.name, user.groups]))
  const membership = (user: string) => groups.get(user) ?? []
  const view = viewWith(context, caller, { membership, includeStopped: query.include_stopped_servers ?? false })
  const model = userModels(view)
  const items = JSON.stringify(rows.map((row) => model(factsOfRow(row))))
  return answerJson(200, pageJson(items, window, { total, request }))
}

/** Errors: LIST_FILTER. */
function visibleUsers({ scopes }: SignedIn): Pick<UserQuery, 'onlyNames' | 'onlyGroups'> {
  const filters: 'all' | Filters = scopeFilters(scopes, 'list:users')
  if (filters === 'all') return {}
  const { users, groups } = filters
  if (users.length === 0 && groups.length === 0) throw errors.LIST_FILTER({ scope: 'list:users' })
  return { onlyNames: users, onlyGroups: groups }
}

async function createMany(call: Call<typeof routes.createUsers>) {
  const { context, caller } = call
  const { usernames, admin = false } = call.body!
  if (admin) await requireAdmin(call, 'grant admin permissions')
  if (usernames.length === 0) throw errors.NO_USERS_GIVEN(undefined)
  const settings = context.settings()
  const names = [...new Set(usernames.map((name) => normaliseName(settings, name)))]
  checkUserNames(settings, names)
  const now = context.clock.now()
  const users = names.map((name) => ({ name, admin, cookieId: context.random.hex32() }))
  const created = await context.store.transaction(async (db) => {
    const rows = await createUsers(db, { users, now })
    await audit(
      call,
      { action: 'user.create', target: `${rows.length} users`, detail: { names: names.slice(0, 50), admin } },
      db,
    )
    return rows
  })
  if (created.length === 0) throw errors.ALL_USERS_EXIST({ names })
  const model = userModels(await viewOf(context, caller))
  const roles = admin ? ['admin', 'user'] : ['user']
  const items = created.map((row) => model({ ...row, groups: [], roles, servers: [] }))
  return answerJson(201, JSON.stringify(items))
}

async function createOne(call: Call<typeof routes.createUser>) {
  const { context, caller, params, body } = call
  const { admin = false } = body ?? {}
  // A filtered scope names users that exist; it makes none.
  if (!caller.scopes.has('admin:users')) throw errors.SCOPE_MISSING({ anyOf: ['admin:users'] })
  refuseKeys(body ?? {}, ['name', 'groups', 'roles', 'auth_state'])
  if (admin) await requireAdmin(call, 'grant admin permissions')
  const name = params.user
  checkUserNames(context.settings(), [name])
  const row = await context.store.transaction(async (db) => {
    if ((await idsOfUsers(db, [name])).size > 0) throw errors.USER_EXISTS({ name })
    await audit(call, { action: 'user.create', target: `user ${name}`, detail: { admin } }, db)
    return createUser(db, { name, admin, cookieId: context.random.hex32(), now: context.clock.now() })
  })
  return answer(201, await shown(call, row, true))
}

async function changeUser(call: Call<typeof routes.changeUser>) {
  const { context, params } = call
  const body = call.body!
  refuseKeys(body, ['groups', 'roles'])
  const user = await userNamed(context, params.user)
  if (user.admin || body.admin !== undefined) await requireAdmin(call, 'modify other admins')
  if (body.name !== undefined && body.name !== user.name) await rename(call, user, body.name)
  if (body.admin !== undefined && body.admin !== user.admin) await setAdmin(context.store.db, user.id, body.admin)
  if (body.auth_state !== undefined) await saveAuthState(context, user.id, body.auth_state)
  const { auth_state: _, ...told } = body
  await audit(call, { action: 'user.change', target: `user ${user.name}`, detail: told })
  return answer(200, await shown(call, await userNamed(context, body.name ?? user.name), true))
}

async function rename({ context }: Call, user: UserRow, name: string): Promise<void> {
  checkUserNames(context.settings(), [name])
  const servers = await context.servers.ofUser(user.id)
  // Their address and environment hold the name.
  if (servers.some(({ state }) => state.phase !== 'stopped' && state.phase !== 'failed')) {
    throw errors.USER_HAS_SERVERS({ user: user.name })
  }
  if ((await idsOfUsers(context.store.db, [name])).size > 0) throw errors.USER_NAME_TAKEN({ name })
  await renameUser(context.store.db, user.id, name)
}

async function removeUser(call: Call<typeof routes.deleteUser>) {
  const { context, caller, params } = call
  const user = await userNamed(context, params.user)
  if (caller.kind === 'user' && caller.userId === user.id) throw errors.DELETE_SELF(undefined)
  if (!(await stopAll(context, user.id))) throw errors.SERVERS_STILL_STOPPING({ user: user.name })
  await context.store.transaction(async (db) => {
    await deleteUser(db, user.id)
    await audit(call, { action: 'user.delete', target: `user ${user.name}` }, db)
  })
  return answer(204, null)
}

/** Errors: ADMINS_ONLY. */
async function requireAdmin({ context, caller }: Pick<Call, 'context' | 'caller'>, what: string): Promise<void> {
  const admin =
    caller.kind === 'service'
      ? ((await serviceById(context.store.db, caller.serviceId))?.admin ?? false)
      : caller.kind === 'user' && caller.admin
  if (!admin) throw errors.ADMINS_ONLY({ what })
}

/** Errors: KEYS_NOT_CHANGEABLE. */
function refuseKeys(body: object, keys: readonly string[]): void {
  const given = keys.filter((key) => key in body)
  if (given.length > 0) throw errors.KEYS_NOT_CHANGEABLE({ keys: given })
}

/** One user as this caller sees it, with the real auth state. */
async function shown({ context, caller }: Call<typeof routes.getUser> | Call, row: UserRow, includeStopped: boolean) {
  const signedIn = caller as SignedIn
  const facts: UserFacts = await factsOf(context, row)
  const view = await viewOf(context, signedIn, { users: [row.name], includeStopped })
  const model: models.User | null = userModels(view)(facts)
  if (!model) throw errors.NO_ACCESS(undefined)
  if (sees(view, 'admin:auth_state', { kind: 'user', name: row.name })) {
    model.auth_state = await authState(context, row.id)
  }
  return model
}

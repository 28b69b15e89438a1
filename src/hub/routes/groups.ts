import { scopeFilters } from '#access'
import { type models, routes } from '#api'
import {
  addMembers,
  createGroup,
  type Database,
  deleteGroup,
  findGroup,
  type GroupWithAll,
  idsOfUsers,
  pageOfGroups,
  removeMembers,
  setGroupProperties,
} from '#store'
import type { HubContext } from '../context.ts'
import { audit } from './audit.ts'
import type { SignedIn } from './authorize.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { groupModel } from './models/group-model.ts'
import { pageJson, windowOf } from './paging.ts'
import { answer, answerJson, type Call, serve } from './serve.ts'
import { normaliseName } from './user-names.ts'
import { viewOf } from './view-of.ts'

export function groupRoutes(part: Part): void {
  serve(part, routes.listGroups, list)
  serve(part, routes.createGroups, createMany)
  serve(part, routes.getGroup, async (call) => answer(200, await shown(call, call.params.group)))
  serve(part, routes.createGroup, createOne)
  serve(part, routes.deleteGroup, remove)
  serve(part, routes.addMembers, (call) => changeMembers(call, addMembers))
  serve(part, routes.removeMembers, (call) => changeMembers(call, removeMembers))
  serve(part, routes.setGroupProperties, async (call) => {
    const group = await groupNamed(call.context.store.db, call.params.group)
    await setGroupProperties(call.context.store.db, group.id, call.body!)
    await audit(call, { action: 'group.properties', target: `group ${group.name}` })
    return answer(200, await shown(call, group.name))
  })
}

async function list({ context, caller, query, request }: Call<typeof routes.listGroups>) {
  const window = windowOf(context, request, query)
  const filters = scopeFilters(caller.scopes, 'list:groups')
  const only = filters === 'all' ? {} : { onlyNames: filters.groups }
  const { rows, total } = await pageOfGroups(context.store.db, { ...window, ...only })
  const view = await viewOf(context, caller)
  const items = JSON.stringify(rows.map((group) => groupModel(group, view)))
  return answerJson(200, pageJson(items, window, { total, request }))
}

async function createMany(call: Call<typeof routes.createGroups>) {
  const { context } = call
  const { groups, users = [] } = call.body!
  refuseIfManaged(context)
  const names = [...new Set(groups)]
  for (const name of names) checkGroupName(name)
  await context.store.transaction(async (db) => {
    const ids = await idsOf(context, db, users)
    const existing = []
    for (const name of names) if (await findGroup(db, name)) existing.push(name)
    if (existing.length > 0) throw errors.GROUP_EXISTS({ names: existing })
    for (const name of names) await addMembers(db, (await createGroup(db, { name })).id, ids)
    await audit(call, { action: 'group.create', target: `${names.length} groups`, detail: { names } }, db)
  })
  return answer(201, await Promise.all(names.map((name) => shown(call, name))))
}

async function createOne(call: Call<typeof routes.createGroup>) {
  const { context, caller, params } = call
  const { users = [], properties, roles, name } = call.body ?? {}
  refuseIfManaged(context)
  // A filtered scope names groups that exist; it makes none.
  if (!caller.scopes.has('admin:groups')) throw errors.SCOPE_MISSING({ anyOf: ['admin:groups'] })
  if (roles !== undefined) throw errors.KEYS_NOT_CHANGEABLE({ keys: ['roles'] })
  if (name !== undefined && name !== params.group) throw errors.KEYS_NOT_CHANGEABLE({ keys: ['name'] })
  checkGroupName(params.group)
  await context.store.transaction(async (db) => {
    if (await findGroup(db, params.group)) throw errors.GROUP_EXISTS({ names: [params.group] })
    const ids = await idsOf(context, db, users)
    const group = await createGroup(db, { name: params.group, ...(properties ? { properties } : {}) })
    await addMembers(db, group.id, ids)
    await audit(call, { action: 'group.create', target: `group ${params.group}`, detail: { users } }, db)
  })
  return answer(201, await shown(call, params.group))
}

async function remove(call: Call<typeof routes.deleteGroup>) {
  const { context, params } = call
  refuseIfManaged(context)
  await context.store.transaction(async (db) => {
    await deleteGroup(db, (await groupNamed(db, params.group)).id)
    await audit(call, { action: 'group.delete', target: `group ${params.group}` }, db)
  })
  return answer(204, null)
}

type Change = (db: Database, groupId: number, userIds: readonly number[]) => Promise<void>
type MemberCall = Call<typeof routes.addMembers> | Call<typeof routes.removeMembers>

async function changeMembers(call: MemberCall, change: Change) {
  const { context, params } = call
  refuseIfManaged(context)
  const { users } = call.body!
  await context.store.transaction(async (db) => {
    const group = await groupNamed(db, params.group)
    await change(db, group.id, await idsOf(context, db, users))
    const action = change === addMembers ? 'group.add-members' : 'group.remove-members'
    await audit(call, { action, target: `group ${group.name}`, detail: { users } }, db)
  })
  return answer(200, await shown(call, params.group))
}

/** Errors: GROUP_NOT_FOUND. */
async function groupNamed(db: Database, name: string): Promise<GroupWithAll> {
  const group = await findGroup(db, name)
  if (!group) throw errors.GROUP_NOT_FOUND({ group: name })
  return group
}

async function shown(
  { context, caller }: { context: HubContext; caller: SignedIn },
  name: string,
): Promise<models.Group> {
  const group = await groupNamed(context.store.db, name)
  const model = groupModel(group, await viewOf(context, caller))
  // Who may change a group without reading it learns its name, which they sent.
  return model ?? { kind: 'group', name }
}

/** Errors: USERS_UNKNOWN. */
async function idsOf(context: HubContext, db: Database, users: readonly string[]): Promise<readonly number[]> {
  const names = users.map((name) => normaliseName(context.settings(), name))
  const ids = await idsOfUsers(db, names)
  const unknown = names.filter((name) => !ids.has(name))
  if (unknown.length > 0) throw errors.USERS_UNKNOWN({ names: unknown.map((name) => name.slice(0, 100)) })
  return [...ids.values()]
}

/** Errors: GROUP_NAME_INVALID. */
function checkGroupName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant.
  const valid = name !== '' && name.length <= 255 && name.isWellFormed() && !/[/\u0000-\u001f\u007f]/.test(name)
  if (!valid) throw errors.GROUP_NAME_INVALID({ name: name.slice(0, 100) })
}

/** Errors: GROUPS_MANAGED. */
function refuseIfManaged({ settings }: HubContext): void {
  if (settings().authenticator.manageGroups) throw errors.GROUPS_MANAGED(undefined)
}

/** Starting, stopping, showing and describing servers. */
import { type models, routes } from '#api'
import { HimaliaError } from '#base/errors.ts'
import type { UserRow } from '#store'
import type { HubContext } from '../context.ts'
import type { Server } from '../servers/contract.ts'
import { audit } from './audit.ts'
import { errors } from './errors.ts'
import type { Part } from './index.ts'
import { serverModel } from './models/server-model.ts'
import { answer, type Call, serve } from './serve.ts'
import { readServerBody } from './server-body.ts'
import { userNamed } from './user-facts.ts'
import { viewOf } from './view-of.ts'

export function serverRoutes(part: Part): void {
  for (const route of [routes.startDefaultServer, routes.startServer]) serve(part, route as Start, start)
  for (const route of [routes.stopDefaultServer, routes.stopServer]) serve(part, route as Stop, stop)
  for (const route of [routes.getDefaultServer, routes.getServer]) serve(part, route as Show, show)
  serve(part, routes.defineServer, define)
  serve(part, routes.changeServer, change)
}

type Start = typeof routes.startServer
type Stop = typeof routes.stopServer
type Show = typeof routes.getServer

async function start(call: Call<Start>) {
  const { context, params, body } = call
  const user = await userNamed(context, params.user)
  const name = nameOf(params)
  const known = await context.servers.find(user.id, name)
  // Asked again while it is on its way: nothing new, as in JupyterHub.
  if (known && isPendingStart(known)) return answer(202, null)
  const { userOptions, displayName } = readServerBody(body)
  const server = await context.servers.start({
    userId: user.id,
    serverName: name,
    userOptions,
    ...(displayName === undefined ? {} : { displayName }),
  })
  await audit(call, { action: 'server.start', target: `server ${user.name}/${name}` })
  const settled = await context.servers.settled(server.id, context.settings().hub.slowSpawnTimeoutSeconds * 1000)
  return startAnswer(`${user.name}/${name}`, settled)
}

function startAnswer(server: string, settled: Server | null) {
  const state = settled?.state
  if (state?.phase === 'ready') return answer(201, null)
  if (state?.phase !== 'failed') return answer(202, null)
  const { reason } = state
  const { code, status } = errors.SERVER_FAILED({ server, message: '' })
  throw new HimaliaError(code, status, `Spawn failed: ${reason.message}`, { hint: reason.hint, detail: { reason } })
}

async function stop(call: Call<Stop>) {
  const { context, params, body } = call
  const remove = body?.remove ?? false
  const name = nameOf(params)
  if (remove && name === '') throw errors.REMOVE_DEFAULT(undefined)
  const user = await userNamed(context, params.user)
  const server = await context.servers.stop(user.id, name, { remove })
  if (!server) {
    // A user who never started anything still has a default server: one that is stopped.
    if (name === '') return answer(204, null)
    throw errors.SERVER_NOT_FOUND({ user: user.name, server: name })
  }
  await audit(call, { action: 'server.stop', target: `server ${user.name}/${name}`, detail: { remove } })
  const settled = await context.servers.settled(server.id, context.settings().hub.slowStopTimeoutSeconds * 1000)
  const over = !settled || settled.state.phase === 'stopped' || settled.state.phase === 'failed'
  return answer(over ? 204 : 202, null)
}

async function show(call: Call<Show>) {
  const user = await userNamed(call.context, call.params.user)
  const server = await serverNamed(call.context, user, nameOf(call.params))
  return answer(200, await modelFor(call, await call.context.servers.compared(server)))
}

async function define(call: Call<typeof routes.defineServer>) {
  const { context, params, body } = call
  const user = await userNamed(context, params.user)
  const name = nameOf(params)
  if (name === '') throw errors.SERVER_EXISTS({ server: `${user.name}/` })
  const { userOptions, displayName } = readServerBody(body)
  const server = await context.servers.create({
    userId: user.id,
    serverName: name,
    userOptions,
    ...(displayName === undefined ? {} : { displayName }),
  })
  await audit(call, { action: 'server.create', target: `server ${user.name}/${name}` })
  return answer(201, await modelFor(call, server))
}

async function change(call: Call<typeof routes.changeServer>) {
  const { context, params } = call
  const body = call.body!
  if (Object.keys(body).length === 0) throw errors.NO_CHANGE_GIVEN(undefined)
  const user = await userNamed(context, params.user)
  const server = await serverNamed(context, user, nameOf(params))
  const changed = await context.servers.update(user.id, server.name, {
    ...(body.name === undefined ? {} : { name: body.name }),
    ...(body.display_name === undefined ? {} : { displayName: body.display_name }),
    ...(body.user_options === undefined ? {} : { userOptions: body.user_options ?? {} }),
  })
  await audit(call, { action: 'server.change', target: `server ${user.name}/${server.name}` })
  return answer(200, await modelFor(call, changed))
}

/** Errors: SERVER_NOT_FOUND. */
export async function serverNamed({ servers }: HubContext, user: UserRow, name: string): Promise<Server> {
  const server = await servers.find(user.id, name)
  if (!server) throw errors.SERVER_NOT_FOUND({ user: user.name, server: name })
  return server
}

async function modelFor({ context, caller }: Pick<Call, 'context' | 'caller'>, server: Server): Promise<models.Server> {
  return serverModel(server, await viewOf(context, caller, { users: [server.userName] }))
}

function isPendingStart({ state }: Server): boolean {
  return state.phase === 'queued' || state.phase === 'starting'
}

/** The default server's routes have no `{server}`. */
export function nameOf(params: { readonly server?: string }): string {
  return params.server ?? ''
}

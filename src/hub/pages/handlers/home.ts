/** The home page and the forms on it. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import { checkDisplayName } from '../../servers/names.ts'
import { offersChoice } from '../../servers/profiles.ts'
import { errors } from '../errors.ts'
import { callerView, render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { serverSlug } from '../server-slug.ts'
import { serverSuffix } from '../views/server-path.ts'
import { fieldOf, forVisitors, type Owner, ownerOf, paramOf, type Visit } from '../visit.ts'

export function registerHome(app: FastifyInstance, context: HubContext): void {
  const { hub } = context.urls
  app.get(`${hub}home`, forVisitors(context, showHome))
  app.post(`${hub}servers/:user`, forVisitors(context, changeServer))
}

async function showHome({ context, request, reply, caller }: Visit) {
  const { allowNamedServers, namedServerLimitPerUser, defaultServerName } = context.settings().hub
  const user = await callerView(context, caller, { compare: true })
  const named = user.all_spawners({ include_default: false })
  const url = user.spawner.ready ? user.url : `${context.urls.hub}spawn/${serverSuffix(user.name, '')}`
  const variables = {
    user,
    url,
    spawner: user.spawner,
    default_server: user.spawner,
    default_server_name: defaultServerName,
    allow_named_servers: allowNamedServers,
    named_server_limit_per_user: namedServerLimitPerUser,
    named_servers: named,
    named_full: namedServerLimitPerUser > 0 && named.length >= namedServerLimitPerUser,
    can_switch: offersChoice(context),
    auth_state: null,
  }
  return sendPage(reply, await render(request, context, 'home', variables))
}

/** The forms: stop, start again or delete a server, or name a new one. */
async function changeServer(visit: Visit) {
  const { request } = visit
  const server = { user: paramOf(request, 'user'), name: fieldOf(request.body, 'server') ?? '' }
  switch (fieldOf(request.body, 'action')) {
    case 'stop':
      return stop(visit, server, { remove: false })
    case 'restart':
      return restart(visit, server)
    case 'delete':
      return stop(visit, server, { remove: true })
    case 'create':
      return create(visit, server.user)
    default:
      throw errors.FORM_INVALID(undefined)
  }
}

async function stop(visit: Visit, server: { user: string; name: string }, options: { remove: boolean }) {
  const owner = await ownerOf(visit, server, 'delete:servers')
  const stopped = await visit.context.servers.stop(owner.userId, server.name, options)
  if (stopped === null && server.name !== '') throw errors.SERVER_NOT_FOUND(undefined)
  return visit.reply.redirect(homeFor(visit, owner), 303)
}

/** With the options that it has; one that does not run is left as it is. */
async function restart(visit: Visit, { user, name }: { user: string; name: string }) {
  const { context, reply } = visit
  await ownerOf(visit, { user, name }, 'delete:servers')
  const owner = await ownerOf(visit, { user, name }, 'start:servers')
  const server = await context.servers.find(owner.userId, name)
  if (server?.state.phase !== 'ready') return reply.redirect(homeFor(visit, owner), 303)
  await context.servers.start({ userId: owner.userId, serverName: name, userOptions: null }, { replace: true })
  return reply.redirect(`${context.urls.hub}spawn-pending/${serverSuffix(owner.name, name)}`, 303)
}

async function create(visit: Visit, user: string) {
  const { context, request, reply } = visit
  const owner = await ownerOf(visit, { user, name: '' }, 'start:servers')
  const displayName = checkDisplayName((fieldOf(request.body, 'display_name') ?? '').replace(/\s+/gu, ' ').trim())
  const servers = await context.servers.ofUser(owner.userId)
  const name = serverSlug(displayName, new Set(servers.map((server) => server.name)))
  const query = new URLSearchParams({ display_name: displayName })
  return reply.redirect(`${context.urls.hub}spawn/${serverSuffix(owner.name, name)}?${query}`, 303)
}

function homeFor({ context, caller }: Visit, owner: Owner): string {
  return `${context.urls.hub}${owner.name === caller.name ? 'home' : 'admin'}`
}

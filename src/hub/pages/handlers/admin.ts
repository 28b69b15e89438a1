/** The page for administrators; everything on it happens through the REST API. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import { errors } from '../errors.ts'
import { render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { forVisitors, type Visit } from '../visit.ts'

export function registerAdmin(app: FastifyInstance, context: HubContext): void {
  app.get(`${context.urls.hub}admin`, forVisitors(context, showAdmin))
}

async function showAdmin({ context, request, reply, caller }: Visit) {
  if (!caller.scopes.has('admin-ui')) throw errors.NOT_ALLOWED(undefined)
  const { allowNamedServers, namedServerLimitPerUser, apiPageDefaultLimit } = context.settings().hub
  const variables = {
    allow_named_servers: allowNamedServers,
    named_server_limit_per_user: namedServerLimitPerUser,
    api_page_limit: apiPageDefaultLimit,
    auth_state: null,
    reload: context.reloadState(),
  }
  return sendPage(reply, await render(request, context, 'admin', variables))
}

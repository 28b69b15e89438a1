/** The page for administrators; everything on it happens through the REST API. */
import type { FastifyInstance } from 'fastify'
import { messageOf } from '#base/errors.ts'
import type { HubContext } from '../../context.ts'
import { errors } from '../errors.ts'
import { render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { forVisitors, type Visit } from '../visit.ts'

export function registerAdmin(app: FastifyInstance, context: HubContext): void {
  app.get(`${context.urls.hub}admin`, forVisitors(context, showAdmin))
}

/** The page is there for other things, too: a cluster that does not answer must not take it away. */
async function straysOf({ servers, log }: HubContext) {
  try {
    return await servers.strays()
  } catch (error) {
    log.warn({ problem: messageOf(error) }, 'It is not known what there is of servers')
    return []
  }
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
    strays: await straysOf(context),
  }
  return sendPage(reply, await render(request, context, 'admin', variables))
}

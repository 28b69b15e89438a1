/** The page that shows a start, or the end of one. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import type { Server } from '../../servers/contract.ts'
import { profileNames } from '../profile-names.ts'
import { callerView, render } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { quoteName, serverPath, serverSuffix } from '../views/server-path.ts'
import { spawnerView } from '../views/user-view.ts'
import { forVisitors, nextOf, type Owner, ownerOf, paramOf, type Visit } from '../visit.ts'
import { showNotRunning } from './not-running.ts'

export function registerSpawnPending(app: FastifyInstance, context: HubContext): void {
  for (const path of ['spawn-pending/:user', 'spawn-pending/:user/:server']) {
    app.get(`${context.urls.hub}${path}`, forVisitors(context, showPending))
  }
}

async function showPending(visit: Visit) {
  const { context, request, reply } = visit
  const serverName = paramOf(request, 'server')
  const owner = await ownerOf(visit, { user: paramOf(request, 'user'), name: serverName }, 'read:servers')
  const server = await context.servers.find(owner.userId, serverName)
  const next = nextOf(visit)
  const spawnUrl = `${context.urls.hub}spawn/${serverSuffix(owner.name, serverName)}${queryOf(next)}`
  if (server === null) return showNotRunning(visit, { owner, serverName, server, spawnUrl, status: 200 })
  switch (server.state.phase) {
    case 'ready':
      return reply.redirect(next ?? serverPath(context.urls.base, owner.name, serverName), 302)
    case 'queued':
    case 'starting':
      return showPage(visit, 'spawn_pending', { owner, server, next })
    case 'stopping':
      return showPage(visit, 'stop_pending', { owner, server, next })
    case 'stopped':
      return showNotRunning(visit, { owner, serverName, server, spawnUrl, status: 200 })
    case 'failed':
      return showNotRunning(visit, { owner, serverName, server, spawnUrl, status: 500 })
  }
}

async function showPage(
  visit: Visit,
  template: 'spawn_pending' | 'stop_pending',
  { owner, server, next }: { owner: Owner; server: Server; next: string | null },
) {
  const { context, request, reply, caller } = visit
  const { base, hub } = context.urls
  const variables = {
    user: await callerView(context, caller),
    for_user: owner,
    is_own: owner.name === caller.name,
    spawner: spawnerView(server, base, profileNames(context.settings().profiles)),
    server_name: server.displayName || server.name,
    progress_url: `${hub}api/users/${quoteName(owner.name)}/${progressPath(server.name)}`,
    stop_url: `${hub}servers/${quoteName(owner.name)}`,
    url: next ?? serverPath(base, owner.name, server.name),
    since: server.state.phase === 'starting' ? new Date(server.state.since) : null,
    auth_state: null,
  }
  return sendPage(reply, await render(request, context, template, variables))
}

function progressPath(serverName: string): string {
  return serverName === '' ? 'server/progress' : `servers/${quoteName(serverName)}/progress`
}

function queryOf(next: string | null): string {
  return next === null ? '' : `?next=${encodeURIComponent(next)}`
}

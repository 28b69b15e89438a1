/** `/hub/logout`: a link will do, as everywhere in Jupyter's pages. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import { render, sendPage } from '../pages/index.ts'
import { closeSession } from './session.ts'

export async function logout(
  context: HubContext,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<FastifyReply> {
  const caller = await request.caller()
  if (caller.kind === 'user' && context.settings().hub.shutdownOnLogout) await stopServers(context, caller.userId)
  await closeSession(context, { request, reply })
  const { logoutUrl, autoLogin } = context.settings().authenticator
  if (logoutUrl !== null) return reply.redirect(logoutUrl, 302)
  // The sign-in page would sign them in again.
  if (autoLogin) return sendPage(reply, await render(request, context, 'logout', { user: null }))
  return reply.redirect(`${context.urls.hub}login`, 302)
}

async function stopServers(context: HubContext, userId: number): Promise<void> {
  const servers = await context.servers.ofUser(userId)
  const running = servers.filter(({ state }) => state.phase !== 'stopped' && state.phase !== 'failed')
  for (const { name } of running) await context.servers.stop(userId, name)
}

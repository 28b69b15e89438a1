/** `/hub/logout`: a link will do, as everywhere in Jupyter's pages. */
import type { FastifyReply } from 'fastify'
import type { Step } from '#authenticators'
import type { HubContext } from '../context.ts'
import type { Exchange } from '../http/cookies.ts'
import { render, sendPage } from '../pages/index.ts'
import { wayOf } from './authenticator-deps.ts'
import type { Entrance } from './login.ts'
import { closeSession, upstreamOf } from './session.ts'
import { answerStep } from './steps.ts'
import { openVisit } from './visit.ts'

export async function logout(entrance: Entrance, exchange: Exchange): Promise<FastifyReply> {
  const { context } = entrance
  const { request, reply } = exchange
  const caller = await request.caller()
  if (caller.kind === 'user' && context.settings().hub.shutdownOnLogout) await stopServers(context, caller.userId)
  const upstream =
    caller.kind === 'user' && caller.sessionId !== null ? await upstreamOf(context, caller.sessionId) : null
  await closeSession(context, exchange)
  const elsewhere = await signOutElsewhere(entrance, exchange, upstream)
  if (elsewhere) return elsewhere
  const { logoutUrl, autoLogin } = wayOf(context, upstream?.way ?? context.authenticators[0]?.id ?? '').rules
  if (logoutUrl !== null && logoutUrl !== '') return reply.redirect(logoutUrl, 302)
  // The sign-in page would sign them in again.
  const isAmbient = context.authenticators.length === 1 && context.authenticators[0]?.kind === 'ambient'
  if (autoLogin || isAmbient) return sendPage(reply, await render(request, context, 'logout', { user: null }))
  return reply.redirect(`${context.urls.hub}login`, 302)
}

/** At the issuer, where the way that they came by can do that. */
async function signOutElsewhere(
  { context, mounts }: Entrance,
  exchange: Exchange,
  upstream: Awaited<ReturnType<typeof upstreamOf>>,
): Promise<FastifyReply | null> {
  const way = context.authenticators.find(({ id }) => id === upstream?.way)
  if (!way?.signOut || !upstream) return null
  const opened = openVisit(context, exchange.request, { mount: mounts.get(way.id)!, reply: exchange.reply })
  const step: Step | null = await way.signOut(upstream.session, opened.visit)
  return step && answerStep({ context, exchange, way, opened, route: null }, step)
}

async function stopServers(context: HubContext, userId: number): Promise<void> {
  const servers = await context.servers.ofUser(userId)
  const running = servers.filter(({ state }) => state.phase !== 'stopped' && state.phase !== 'failed')
  for (const { name } of running) await context.servers.stop(userId, name)
}

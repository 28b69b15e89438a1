/** The addresses that only lead on to others. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import { pending } from '../../servers/contract.ts'
import { serverPath, serverSuffix } from '../views/server-path.ts'
import { forVisitors, signInUrl, type Visit } from '../visit.ts'

export function registerEntrance(app: FastifyInstance, context: HubContext): void {
  const { base, hub } = context.urls
  const toOwnServer = forVisitors(context, redirectToOwnServer)
  app.get(hub.slice(0, -1), async (_, reply) => reply.redirect(hub, 301))
  app.get(hub, async (request, reply) => {
    const caller = await request.caller()
    if (caller.kind === 'user') return reply.redirect(await landingPath(context, caller), 302)
    return reply.redirect(context.settings().hub.defaultUrl ?? signInUrl(context, request.url), 302)
  })
  app.get(`${hub}user-redirect`, toOwnServer)
  app.get(`${hub}user-redirect/*`, toOwnServer)
  // Whatever the proxy has no route for comes here; `/` too.
  app.get(`${base}*`, async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? ''
    if (path.startsWith(hub) || !path.startsWith(base)) return reply.callNotFound()
    if (/^services\/[^/]+$/.test(path.slice(base.length))) return reply.redirect(`${path}/${queryOf(request.url)}`, 302)
    return reply.redirect(`${hub}${request.url.slice(base.length)}`, 302)
  })
}

/** Where somebody who has just signed in goes when no page was asked for. */
export async function landingPath(
  context: HubContext,
  user: { readonly userId: number; readonly name: string },
): Promise<string> {
  const { defaultUrl, redirectToServer, defaultServerName } = context.settings().hub
  if (defaultUrl !== null) return defaultUrl
  const { base, hub } = context.urls
  if (!redirectToServer) return `${hub}home`
  const server = await context.servers.find(user.userId, defaultServerName)
  if (server?.state.phase === 'ready') return serverPath(base, user.name, defaultServerName)
  if (server !== null && pending(server.state) !== null) {
    return `${hub}spawn-pending/${serverSuffix(user.name, defaultServerName)}`
  }
  // A start that failed is not repeated by itself: home tells why.
  if (server?.state.phase === 'failed') return `${hub}home`
  return `${hub}spawn${defaultServerName === '' ? '' : `/${serverSuffix(user.name, defaultServerName)}`}`
}

/** Links in course pages: `/hub/user-redirect/lab/tree/x.ipynb` leads to the visitor's own server. */
async function redirectToOwnServer({ context, request, reply, caller }: Visit) {
  const { base, hub } = context.urls
  const { defaultServerName } = context.settings().hub
  const path = request.url.slice(`${hub}user-redirect`.length).replace(/^\/+/, '')
  const next = `${serverPath(base, caller.name, defaultServerName)}${path}`
  const suffix = serverSuffix(caller.name, defaultServerName)
  return reply.redirect(`${hub}spawn/${suffix}?next=${encodeURIComponent(next)}`, 302)
}

function queryOf(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}

/**
 * `{hub}user/<name>/…`: requests for a server that the proxy has no route for. People get a page, programs an answer
 * in JSON. Tabs forgotten open ask here for days, so this costs little and never counts as activity.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasScope } from '#access'
import { findUser, groupsOf } from '#store'
import type { HubContext } from '../../context.ts'
import { membershipFor } from '../../effective-scopes.ts'
import { sendJson } from '../../http/server.ts'
import { pending, type Server } from '../../servers/contract.ts'
import { errors } from '../errors.ts'
import { serverSuffix } from '../views/server-path.ts'
import { fieldOf, forVisitors, type Owner, type Visit } from '../visit.ts'
import { showNotRunning } from './not-running.ts'

/** How often a request is sent back to the proxy before the loop is called one. */
const redirectLimit = 4

export function registerUserServer(app: FastifyInstance, context: HubContext): void {
  const { base, hub } = context.urls
  const config = { xsrf: 'none', activity: false } as const
  const show = forVisitors(context, showServer)
  for (const path of ['user/:user', 'user/:user/*']) {
    app.all(`${hub}${path}`, {
      config,
      // Before the body is read, whatever it may be.
      onRequest: async (request, reply) => {
        if (isForProgram(request)) return answerProgram(context, request, reply)
      },
      handler: show,
    })
    app.all(`${base}${path}`, {
      config,
      onRequest: async (request, reply) =>
        isForProgram(request)
          ? answerProgram(context, request, reply)
          : reply.redirect(`${hub}${request.url.slice(base.length)}`, 302),
      handler: show,
    })
  }
}

/** Anything but a page: other methods, `api` in the path, or a wish for JSON. */
function isForProgram({ method, url, headers }: FastifyRequest): boolean {
  if (method !== 'GET' && method !== 'HEAD') return true
  const segments = pathOf(url).split('/')
  const accept = headers.accept ?? ''
  const json = accept.indexOf('application/json')
  const html = accept.indexOf('text/html')
  return segments.includes('api') || (json !== -1 && (html === -1 || json < html))
}

/** The same answer whether or not there is such a user: it needs no sign-in. */
async function answerProgram(context: HubContext, request: FastifyRequest, reply: FastifyReply) {
  const { base, hub } = context.urls
  const path = pathOf(request.url)
  const rest = path.slice(path.startsWith(`${hub}user/`) ? `${hub}user/`.length : `${base}user/`.length)
  const [user = ''] = rest.split('/')
  const origin = context.settings().hub.publicUrl?.replace(/^(https?:\/\/[^/]+).*$/, '$1')
  const restart = `${origin ?? `${request.protocol}://${request.host}`}${hub}spawn/${user}`
  const message = `JupyterHub server no longer running at ${base}user/${rest}. Restart the server at ${restart}`
  return sendJson(reply.code(stoppedStatus(context)), JSON.stringify({ message }))
}

async function showServer(visit: Visit): Promise<FastifyReply> {
  const { context, request, reply } = visit
  const { base, hub } = context.urls
  const { owner, serverName, server } = await serverAt(visit)
  const uri = `${base}${request.url.slice(hub.length)}`
  const next = `?next=${encodeURIComponent(uri)}`
  const suffix = serverSuffix(owner.name, serverName)
  if (server?.state.phase === 'ready') return sendBack(visit, uri)
  if (server !== null && (pending(server.state) !== null || server.state.phase === 'failed')) {
    return reply.redirect(`${hub}spawn-pending/${suffix}${next}`, 303)
  }
  const { implicitSpawnSeconds } = context.settings().hub
  const spawnUrl = `${hub}spawn/${suffix}${next}`
  return showNotRunning(visit, {
    owner,
    serverName,
    server,
    spawnUrl,
    status: stoppedStatus(context),
    implicitSpawnSeconds,
  })
}

/** The server whose path this is: the first segment names one if there is one of that name. */
async function serverAt({ context, request, caller }: Visit) {
  const { user = '', '*': rest = '' } = request.params as { user?: string; '*'?: string }
  const found =
    user === caller.name
      ? { id: caller.userId, name: user, admin: caller.admin }
      : await findUser(context.store.db, user)
  const [segment = ''] = rest.split('/')
  const named =
    found && segment !== '' && context.settings().hub.allowNamedServers
      ? await context.servers.find(found.id, segment)
      : null
  const serverName = named === null ? '' : segment
  const membership = await membershipFor(context, caller.scopes, new Set([`access:servers!user=${user}`]))
  const target = { kind: 'server', name: `${user}/${serverName}` } as const
  if (!found || !hasScope(caller.scopes, 'access:servers', target, membership)) throw errors.SERVER_NOT_FOUND(undefined)
  const groups = user === caller.name ? caller.groups : await groupsOf(context.store.db, found.id)
  const owner: Owner = { userId: found.id, name: found.name, admin: found.admin, groups }
  const server: Server | null = named ?? (await context.servers.find(found.id, ''))
  return { owner, serverName, server }
}

/** The route is missing for a moment: ask the proxy again, less and less eagerly. Errors: REDIRECT_LOOP. */
async function sendBack({ context, request, reply }: Visit, uri: string): Promise<FastifyReply> {
  const url = new URL(uri, 'http://this.invalid')
  const given = fieldOf(request.query, 'redirects') ?? ''
  const count = /^\d+$/.test(given) ? Number(given) : 0
  if (count >= redirectLimit) throw errors.REDIRECT_LOOP(undefined)
  if (count > 0) await context.clock.sleep(Math.min(2 ** count, 10) * 1000)
  url.searchParams.set('redirects', String(count + 1))
  return reply.redirect(`${url.pathname}${url.search}`, 302)
}

function stoppedStatus(context: HubContext): number {
  return context.settings().hub.useLegacyStoppedServerStatusCode ? 503 : 424
}

function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? url
}

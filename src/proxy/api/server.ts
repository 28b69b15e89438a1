/** configurable-http-proxy's REST API: `/api/routes`. Authentication comes before everything else, bodies included. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Clock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { createServer } from '#base/node-http.ts'
import { errors } from '../errors.ts'
import { routeKey } from '../routes/path.ts'
import type { RouteStore } from '../routes/store.ts'
import type { Route } from '../routes/table.ts'
import { parseTarget } from '../routes/target.ts'
import { isRouteData } from '../state/records.ts'
import { tokenCheck } from './token.ts'

export interface ApiDeps {
  /** Requests wait for it: the first answer already shows the routes of the process before. */
  readonly store: Promise<RouteStore>
  /** Null: everybody who reaches the port may use it. */
  readonly token: string | null
  readonly log: Log
  readonly clock: Clock
}

type Context = Omit<ApiDeps, 'store'> & { readonly store: RouteStore }

interface Answer {
  readonly status: number
  readonly type?: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

const bodyLimit = 1024 * 1024
const routesPath = /^\/api\/routes(\/[^?#]*)?(?:\?([^#]*))?$/

export function createApiServer(deps: ApiDeps): Server {
  const allowed = deps.token === null ? () => true : tokenCheck(deps.token)
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000 }, async (request, response) => {
    const answer = await answerTo(request, deps, allowed)
    report(deps.log, request, answer.status)
    send(response, answer)
  })
  return server
}

async function answerTo(
  request: IncomingMessage,
  deps: ApiDeps,
  allowed: (header: string | undefined) => boolean,
): Promise<Answer> {
  try {
    if (!allowed(request.headers.authorization)) return { status: 403 }
    const [matched, path, query] = routesPath.exec(request.url ?? '') ?? []
    if (matched === undefined) return { status: 404, body: 'Not Found' }
    const context = { ...deps, store: await deps.store }
    switch (request.method) {
      case 'GET':
        return path === undefined || path === '/' ? list(context, query ?? '') : get(context, path)
      case 'POST':
        return await post(request, context, path ?? '/')
      case 'DELETE':
        return await remove(context, path)
      default:
        return { status: 405, body: 'Method not supported', headers: { allow: 'GET, POST, DELETE' } }
    }
  } catch (error) {
    if (error instanceof HimaliaError) return refusal(deps.log, error)
    deps.log.error({ error }, 'An API request failed')
    return { status: 500, body: 'Internal error' }
  }
}

function list({ store }: Context, query: string): Answer {
  const before = inactiveSince(new URLSearchParams(query))
  const routes: Record<string, unknown> = Object.create(null)
  for (const route of store.table.all()) if (route.activity.at < before) routes[route.key] = shown(route)
  return json(routes)
}

function get({ store }: Context, path: string): Answer {
  const route = store.table.get(routeKey(path))
  return route ? json(shown(route)) : { status: 404 }
}

async function post(request: IncomingMessage, { store, clock, log }: Context, path: string): Promise<Answer> {
  const key = routeKey(path)
  const data = parseBody(await readBody(request))
  if (!isRouteData(data)) throw errors.PROXY_BODY_INVALID({ problem: "Must specify 'target' as string" })
  parseTarget(data.target)
  await store.commit({ kind: 'set', key, data, at: clock.now() })
  log.info({ path: key, target: data.target }, 'Route added')
  return { status: 201 }
}

async function remove({ store, log }: Context, path: string | undefined): Promise<Answer> {
  // The peer deletes the root route at `/api/routes/`; without the slash it is more likely a mistake.
  if (path === undefined) throw errors.PROXY_ROUTE_PATH_INVALID({ path: '(none)', problem: 'is missing' })
  const key = routeKey(path)
  if (!(await store.commit({ kind: 'delete', key }))) return { status: 404 }
  log.info({ path: key }, 'Route removed')
  return { status: 204 }
}

function shown(route: Route): Record<string, unknown> {
  return { ...route.data, last_activity: new Date(route.activity.at).toISOString() }
}

function inactiveSince(query: URLSearchParams): number {
  const value = query.get('inactiveSince') || query.get('inactive_since')
  if (!value) return Number.POSITIVE_INFINITY
  const at = Date.parse(value)
  if (Number.isNaN(at)) throw errors.PROXY_TIMESTAMP_INVALID({ value: value.slice(0, 100) })
  return at
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyLimit) throw errors.PROXY_BODY_TOO_LARGE({ limit: bodyLimit })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw errors.PROXY_BODY_INVALID({ problem: 'Body not valid JSON' })
  }
}

function json(value: unknown): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) }
}

function refusal(log: Log, error: HimaliaError): Answer {
  if (error.status >= 500) log.error({ error }, 'An API request failed')
  return { status: error.status, body: error.hint ? `${error.message} ${error.hint}` : error.message }
}

function send(response: ServerResponse, answer: Answer): void {
  const body = answer.body ?? ''
  response.writeHead(answer.status, {
    ...(body && { 'content-type': answer.type ?? 'text/plain; charset=utf-8' }),
    ...(answer.status !== 204 && { 'content-length': Buffer.byteLength(body) }),
    // A body that was refused half-way is not read to its end.
    ...(answer.status === 413 || answer.status === 403 ? { connection: 'close' } : {}),
    ...answer.headers,
  })
  response.end(body)
}

function report(log: Log, request: IncomingMessage, status: number): void {
  const fields = { status, method: request.method, path: request.url?.split('?')[0]?.slice(0, 500) }
  if (status >= 400) log.warn(fields, 'API request refused')
  else log.debug(fields, 'API request')
}

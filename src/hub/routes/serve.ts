/** Binds a route of the contract to the function that does its work. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type AnswerOf,
  type BodyOf,
  checkValue,
  type ParamsOf,
  parseJson,
  type QueryOf,
  type Route,
  readQuery,
} from '#api'
import type { Caller } from '../caller.ts'
import type { HubContext } from '../context.ts'
import { sendJson } from '../http/server.ts'
import { authorize, type SignedIn, targetOf } from './authorize.ts'
import { errors } from './errors.ts'

/** One authorised request, read by the contract. */
export interface Call<R extends Route = Route> {
  readonly context: HubContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Of open routes it may be anonymous after all: these ask the request. */
  readonly caller: SignedIn
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  /** null when a body that may be missing is. */
  readonly body: BodyOf<R> | null
}

export type Answer<R extends Route = Route> =
  | { readonly status: keyof R['answers'] & number; readonly body: AnswerOf<R> }
  | { readonly status: keyof R['answers'] & number; readonly json: string }

/** Returns undefined where it has sent the answer itself. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<Answer<R> | undefined>

export function answer<const Status extends number, Body>(status: Status, body: Body) {
  return { status, body }
}

/** With a body that is JSON text already. */
export function answerJson<const Status extends number>(status: Status, json: string) {
  return { status, json }
}

/** `app` is the part of the server below `{hub}api`. */
export function serve<R extends Route>(
  { app, context }: { app: FastifyInstance; context: HubContext },
  route: R,
  handler: Handler<R>,
): void {
  for (const url of urlsOf(route)) {
    app.route({
      method: route.method,
      url,
      // The end of a stream never comes while somebody only asks for its headers.
      ...(route.method === 'GET' ? { exposeHeadRoute: route.kind !== 'stream' } : {}),
      // The report itself says when its user was active.
      config: route.id === 'reportActivity' ? { activity: false } : {},
      handler: async (request, reply) => {
        const call = await readCall(context, route, { request, reply })
        // Safe: readCall has checked all parts against this very route.
        const answer = await handler(call as unknown as Call<R>)
        return answer === undefined ? reply : sendAnswer(reply, route, answer)
      },
    })
  }
}

/** `/users/{user}/servers/{server}` also matches with an empty name, which Fastify wants to be told. */
function urlsOf({ path }: Route): string[] {
  const url = path.replaceAll(/\{(\w+)\}/g, ':$1')
  return url.includes('/servers/:server') ? [url, url.replace(':server', '')] : [url]
}

async function readCall(
  context: HubContext,
  route: Route,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<Call> {
  const params = paramsOf(route, request.params as Record<string, string>)
  // An open route that wants to know asks the request itself.
  const caller: Caller = route.access.kind === 'open' ? { kind: 'anonymous' } : await request.caller()
  await authorize(context, caller, { access: route.access, target: targetOf(route, params) })
  if (route.notBuilt) throw errors.NOT_BUILT({ sentence: route.notBuilt })
  return {
    context,
    request,
    reply,
    // Safe: authorize refuses strangers.
    caller: caller as SignedIn,
    params,
    query: readQuery(route.query, request.query as Record<string, string>),
    // Safe: of a route in general nothing is known of the body.
    body: readBody(route, request.body) as never,
  }
}

/** A name with a slash or a control character in it is nobody's. */
function paramsOf(route: Route, params: Record<string, string>): Record<string, string> {
  for (const value of Object.values(params)) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those are meant.
    if (/[/\u0000-\u001f\u007f]/.test(value)) throw errors.NO_ACCESS(undefined)
  }
  return route.path.includes('{server}') ? { ...params, server: params.server ?? '' } : params
}

function readBody(route: Route, raw: unknown): unknown {
  if (!route.body) return null
  const value = Buffer.isBuffer(raw) ? parseJson(raw) : undefined
  if (value === undefined || (value === null && route.bodyOptional)) {
    if (route.bodyOptional) return null
    throw errors.BODY_MISSING(undefined)
  }
  checkValue(route.body, value)
  return value
}

function sendAnswer<R extends Route>(reply: FastifyReply, route: Route, answer: Answer<R>): FastifyReply {
  reply.code(answer.status)
  if ('json' in answer) return sendJson(reply, answer.json)
  if (answer.body !== null) return sendJson(reply, JSON.stringify(answer.body))
  if (answer.status === 204) return reply.send()
  if (route.kind === 'text') return reply.header('content-type', 'text/plain').send('')
  return sendJson(reply, '')
}

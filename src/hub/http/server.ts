/** The HTTP server of the hub, without any route: what holds for every request and every answer. */

import type { Socket } from 'node:net'
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { messageOf } from '#base/errors.ts'
import { STATUS_CODES } from '#base/node-http.ts'
import type { HubContext } from '../context.ts'
import { logAnswer } from './access-log.ts'
import { settleForwarding, trustedHops } from './client-address.ts'
import { errorBody, errors, type Problem, problemOf } from './errors.ts'
import { headersFor } from './headers.ts'

export interface AppOptions {
  /** The HTML of an error page. Without it errors are plain text. */
  readonly renderError?: (request: FastifyRequest, problem: Problem) => Promise<string>
}

const limits = {
  bodyBytes: 10 * 1024 ** 2,
  /** As much as JupyterHub takes. */
  headerBytes: 64 * 1024,
  pathParameterLength: 2048,
  /** Longer than the proxy keeps idle connections, so that it never sends into one that we close. */
  keepAliveMs: 75_000,
  requestMs: 300_000,
}

/**
 * A Fastify server that puts the standard headers on every answer, answers errors as JSON under `{hub}api` and as pages
 * elsewhere, limits what comes in, and knows the browser's address (`request.ip`, `.protocol`) behind trusted hops.
 */
export function createApp(context: HubContext, { renderError }: AppOptions = {}): FastifyInstance {
  const { urls } = context
  const headers = headersFor(urls, () => context.settings().hub.extraHeaders)
  const isApi = (url: string) => isBelow(url, `${urls.hub}api`)
  // A page, though its address is the API's.
  const isConsent = (url: string) => isBelow(url, `${urls.hub}api/oauth2/authorize`)
  const isTrusted = trustedHops(() => context.settings().hub.trustedDownstreamIps)

  async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const problem = problemOf(context, error, request)
    if (problem.retryAfterSeconds !== null) reply.header('retry-after', String(problem.retryAfterSeconds))
    // The rest of the body is read and dropped: closing at once would reset the connection before the answer is read.
    if (problem.status === 413) reply.removeHeader('connection')
    reply.code(problem.status)
    if ((isApi(request.url) && !isConsent(request.url)) || prefersJson(request))
      return sendJson(reply, JSON.stringify(errorBody(problem)))
    if (!renderError) return reply.type('text/plain; charset=utf-8').send(problem.message)
    try {
      return reply.type('text/html; charset=utf-8').send(await renderError(request, problem))
    } catch (cause) {
      context.log.error({ err: cause }, 'Error page could not be rendered')
      return reply.type('text/plain; charset=utf-8').send(problem.message)
    }
  }

  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    keepAliveTimeout: limits.keepAliveMs,
    requestTimeout: limits.requestMs,
    http: { maxHeaderSize: limits.headerBytes },
    routerOptions: { maxParamLength: limits.pathParameterLength },
    trustProxy: isTrusted,
    // Event streams would keep a closing hub alive.
    forceCloseConnections: true,
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    frameworkErrors: (error, request, reply) => {
      reply.headers(isApi(request.url) ? headers().api : headers().page)
      void answerError(error, request, reply)
    },
    clientErrorHandler: (error, socket) => refuse(error, socket, headers().page),
  })

  app.addHook('onRequest', async (request, reply) => {
    const api = isApi(request.url)
    reply.headers(api ? headers().api : headers().page)
    settleForwarding(request.headers)
    if (api) settleContentType(request)
    // Any path of the API answers it, as browsers ask before they send what they were told to send.
    if (api && request.method === 'OPTIONS') return reply.code(200).send('')
  })
  app.addHook('onResponse', async (request, reply) => logAnswer(context, request, reply))
  app.setErrorHandler(answerError)
  app.setNotFoundHandler(async () => {
    throw errors.NOT_FOUND(undefined)
  })
  return app
}

/** The contract of the API checks what comes in; Fastify's own compilers, which it loads where none are given, cost 8 MB. */
function noSchemas(): never {
  throw new Error('Routes have no schemas of Fastify')
}

/**
 * JSON as JupyterHub labels it: without a charset, which Fastify adds where it serialises by itself. A string, since
 * Node sends it in one write with the headers (27,000 answers a second against 21,000 with a buffer).
 */
export function sendJson(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('content-type', 'application/json').serializer(asItIs).send(text)
}

function asItIs(text: string): string {
  return text
}

/** The API reads every body as JSON; scripts send `Content-Type: json` and worse, which Fastify would refuse. */
function settleContentType({ headers }: FastifyRequest): void {
  const type = headers['content-type']
  if (type !== undefined && !/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;\s*[\w-]+=(?:[\w.-]+|"[^"\\]*")\s*)*$/.test(type)) {
    headers['content-type'] = 'application/octet-stream'
  }
}

function isBelow(url: string, prefix: string): boolean {
  if (!url.startsWith(prefix)) return false
  const next = url[prefix.length]
  return next === undefined || next === '/' || next === '?'
}

function prefersJson({ headers }: FastifyRequest): boolean {
  const accept = headers.accept ?? ''
  return accept.includes('application/json') && !accept.includes('text/html')
}

/** What is no HTTP, or has headers that are too large, never becomes a request. */
function refuse(error: Error & { code?: string }, socket: Socket, headers: Readonly<Record<string, string>>): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = statusOfClientError(error.code)
  const body = JSON.stringify({ status, message: STATUS_CODES[status] })
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  try {
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  } catch (cause) {
    socket.destroy(new Error(messageOf(cause)))
  }
}

function statusOfClientError(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 408
  return 400
}

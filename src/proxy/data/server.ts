/** The public listener: every request is planned, then forwarded, tunnelled or refused. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { createServer } from '#base/node-http.ts'
import type { ErrorPages } from '../pages/error-pages.ts'
import type { RouteTable } from '../routes/table.ts'
import type { Target } from '../routes/target.ts'
import { forward } from './exchange.ts'
import { healthAnswer } from './health.ts'
import { planRequest } from './plan.ts'
import type { Upstreams } from './pool.ts'
import { isWebSocketHandshake, openTunnel, relayAnswer, responseOn } from './tunnel.ts'

export interface DataDeps {
  readonly table: RouteTable
  readonly upstreams: Upstreams
  readonly pages: ErrorPages
  readonly log: Log
  readonly clock: Clock
  /** Log every proxied request, at debug. */
  readonly verbose: boolean
  readonly keepAliveMs: number
  /** Null: plain HTTP. */
  readonly tls: TlsOptions | null
  /** The header Strict-Transport-Security. */
  readonly hsts: string | null
  readonly isReady: () => boolean
  /** Requests to this target wait so long while it takes no connections; null: none do. */
  readonly patience: { readonly target: Target; readonly ms: number } | null
}

export interface DataServer {
  readonly server: Server
  /** Connections of websockets, from the handshake on: the server itself forgets them. */
  readonly webSockets: ReadonlySet<Socket>
}

export function createDataServer(deps: DataDeps): DataServer {
  const webSockets = new Set<Socket>()
  const options = {
    // Uploads may take hours; only heads have a limit of time and size.
    requestTimeout: 0,
    headersTimeout: 60_000,
    connectionsCheckingInterval: 5_000,
    maxHeaderSize: 64 * 1024,
    keepAliveTimeout: deps.keepAliveMs,
    noDelay: true,
    // Four reads of an upstream: fewer stops and starts on big bodies cost a quarter less CPU than Node's 64 KiB.
    highWaterMark: 256 * 1024,
    optimizeEmptyRequests: true,
    shouldUpgradeCallback: isWebSocketHandshake,
  }
  const server = deps.tls === null ? createServer(options) : createTlsServer({ ...options, ...deps.tls })
  // Zero is "no limit": a header dropped silently could be the one that frames the body.
  server.maxHeadersCount = 0
  const answer = (request: IncomingMessage, response: ServerResponse) => serve(deps, request, response)
  server.on('request', answer)
  server.on('checkContinue', answer)
  server.on('upgrade', (request, stream, early) => {
    const socket = stream as Socket
    webSockets.add(socket)
    socket.on('close', () => webSockets.delete(socket))
    upgrade(deps, { request, socket, early })
  })
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {})
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  })
  return { server, webSockets }
}

function serve(deps: DataDeps, request: IncomingMessage, response: ServerResponse): void {
  if (healthAnswer(request, response, deps.isReady)) return
  if (deps.hsts !== null) response.setHeader('strict-transport-security', deps.hsts)
  const plan = planRequest(request, deps.table)
  // Requests and sockets that break emit errors; what follows from them is done at 'close'.
  request.on('error', ignore)
  response.on('error', ignore)
  if (plan.kind === 'refuse') {
    deps.pages.send(request, response, plan.status)
    return
  }
  if (deps.verbose) deps.log.debug({ url: pathOf(request), route: plan.route.key }, 'Request forwarded')
  const failed = (error: Error) => {
    report(deps, { request, status: 503, error })
    deps.pages.send(request, response, 503)
  }
  const { upstreams, clock, patience } = deps
  const waitMs = plan.route.target.key === patience?.target.key ? patience.ms : 0
  forward({ request, response, plan, upstreams, clock, waitMs, failed })
}

type Arrival = { readonly request: IncomingMessage; readonly socket: Socket; readonly early: Buffer }

function upgrade(deps: DataDeps, { request, socket, early }: Arrival): void {
  socket.on('error', ignore)
  const { upstreams, clock } = deps
  const plan = planRequest(request, deps.table)
  const refuse = (status: number) => deps.pages.sendPlain(responseOn(request, socket), status)
  // A body here would be read as frames by one side and as a body by the other.
  if (plan.kind === 'refuse' || plan.framing.kind !== 'none') {
    refuse(plan.kind === 'refuse' ? plan.status : 400)
    return
  }
  if (deps.verbose) deps.log.debug({ url: pathOf(request), route: plan.route.key }, 'WebSocket forwarded')
  const failed = (error: Error) => {
    report(deps, { request, status: 503, error })
    refuse(503)
  }
  const declined = (answer: IncomingMessage) => {
    if (!relayAnswer(answer, responseOn(request, socket))) failed(new Error('the answer can not be passed on'))
  }
  openTunnel({ request, socket, early, plan, upstreams, clock, declined, failed })
}

function report(
  deps: DataDeps,
  { request, status, error }: { request: IncomingMessage; status: number; error: Error },
): void {
  deps.log.warn({ status, method: request.method, path: pathOf(request), reason: messageOf(error) }, 'Upstream failed')
}

/** Queries may hold tokens. */
function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').split('?')[0]?.slice(0, 500) ?? ''
}

function ignore(): void {}

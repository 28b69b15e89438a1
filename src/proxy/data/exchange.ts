/**
 * One request and its answer, streamed both ways: nothing is gathered, the slower side sets the pace, and what breaks
 * on one side is torn down on the other, so that a truncated body is seen as truncated.
 */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '#base/clock.ts'
import type { Activity } from '../routes/table.ts'
import { passableTrailers, pushFraming, responseHeaders } from './headers.ts'
import type { Forward } from './plan.ts'
import type { Upstreams } from './upstream.ts'

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly plan: Forward
  readonly upstreams: Upstreams
  readonly clock: Clock
  /** The upstream gave no answer; nothing was sent to the client yet. */
  readonly failed: (error: Error) => void
}

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

export function forward(exchange: Exchange): void {
  const { plan } = exchange
  const headers = plan.headers
  if (plan.takesTrailers) headers.push('TE', 'trailers')
  if (plan.expectsContinue) headers.push('Expect', '100-continue')
  pushFraming(headers, plan.framing, plan.method)
  attempt(exchange, 'pooled')
}

function attempt(exchange: Exchange, connection: 'pooled' | 'single'): void {
  const { request, response, plan, upstreams, failed } = exchange
  let settled = false
  const headers = connection === 'single' ? [...plan.headers, 'Connection', 'close'] : plan.headers
  let upstream: ClientRequest
  try {
    upstream = upstreams.open(plan.route.target, { method: plan.method, path: plan.path, headers, connection })
  } catch (error) {
    failed(error as Error)
    return
  }
  const give = (error: Error) => {
    if (settled) return
    settled = true
    response.off('close', abandon)
    if (response.destroyed) return
    if (connection === 'pooled' && upstream.reusedSocket && mayRepeat(plan)) return attempt(exchange, 'single')
    failed(error)
  }
  const abandon = () => {
    if (!response.writableFinished) upstream.destroy()
  }
  response.on('close', abandon)
  upstream.on('error', give)
  upstream.on('close', () => give(new Error('the upstream closed the connection without an answer')))
  upstream.on('response', (answer) => {
    settled = true
    relayResponse(exchange, answer)
  })
  if (request.httpVersionMinor > 0) relayInformation(upstream, response)
  if (plan.framing.kind === 'none') upstream.end()
  else relayBody(exchange, upstream)
}

/** A kept connection may have been closed while the request was on its way: then the upstream has not seen it. */
function mayRepeat({ framing, method }: Forward): boolean {
  return framing.kind === 'none' && idempotent.has(method)
}

function relayInformation(upstream: ClientRequest, response: ServerResponse): void {
  upstream.on('continue', () => {
    if (!response.headersSent) response.writeContinue()
  })
  upstream.on('information', ({ statusCode, rawHeaders }) => {
    if (statusCode === 100 || response.headersSent) return
    const headers = responseHeaders(rawHeaders, { keepTrailer: false })
    try {
      if (headers) response.writeInformation(statusCode, headers)
    } catch {
      // A hint that can't be put on the wire is left out.
    }
  })
}

function relayBody({ request, plan, clock }: Exchange, upstream: ClientRequest): void {
  const { activity } = plan.route
  const resume = () => request.resume()
  request.on('data', (chunk: Buffer) => {
    activity.at = clock.now()
    if (upstream.destroyed) return
    if (!upstream.write(chunk)) request.pause()
  })
  request.on('end', () => {
    if (upstream.destroyed) return
    if (plan.framing.kind === 'chunked') upstream.addTrailers(passableTrailers(request.rawTrailers))
    upstream.end()
  })
  // After the upstream is gone the rest of an upload is read and dropped, so the answer can be seen.
  upstream.on('drain', resume)
  upstream.on('close', resume)
}

export function relayResponse({ request, response, plan, clock, failed }: Exchange, answer: IncomingMessage): void {
  const counts = (answer.statusCode ?? 500) < 300
  answer.on('error', () => {})
  if (!startResponse(request, response, answer)) {
    answer.destroy()
    failed(new Error('the upstream sent an answer that can not be passed on'))
    return
  }
  let begun = false
  answer.on('data', (chunk: Buffer) => {
    begun = true
    if (counts) touch(plan.route.activity, clock)
    if (!response.write(chunk)) answer.pause()
  })
  response.on('drain', () => answer.resume())
  // The head goes out with the first bytes of the body, or alone when they let wait for themselves (an event stream).
  setImmediate(() => {
    if (!begun && !response.writableEnded) response.flushHeaders()
  })
  answer.on('end', () => {
    if (!answer.complete) return
    if (counts) touch(plan.route.activity, clock)
    if (answer.rawTrailers.length > 0 && response.chunkedEncoding)
      response.addTrailers(passableTrailers(answer.rawTrailers))
    response.end()
  })
  answer.on('close', () => {
    if (!answer.complete) truncate(request, response)
  })
}

/** False when the head can't be put on the wire: a strange framing, a control character in a header. */
function startResponse(request: IncomingMessage, response: ServerResponse, answer: IncomingMessage): boolean {
  const chunked = request.httpVersionMinor > 0 && answer.headers['content-length'] === undefined
  const headers = responseHeaders(answer.rawHeaders, { keepTrailer: chunked && request.method !== 'HEAD' })
  if (!headers) return false
  try {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headers)
    return true
  } catch {
    return false
  }
}

/** To an HTTP/1.0 client an orderly end would say that the body is whole, so it gets a reset. */
function truncate(request: IncomingMessage, response: ServerResponse): void {
  if (response.destroyed) return
  if (request.httpVersionMinor === 0) request.socket.resetAndDestroy()
  else request.socket.destroy()
}

function touch(activity: Activity, clock: Clock): void {
  activity.at = clock.now()
}

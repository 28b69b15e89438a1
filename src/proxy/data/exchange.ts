/**
 * One request and its answer, streamed both ways: nothing is gathered, the slower side sets the pace, and what breaks
 * on one side is torn down on the other, so that a truncated body is seen as truncated.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '#base/clock.ts'
import type { Activity } from '../routes/table.ts'
import type { CallHandler, Connection, Failure } from './connection.ts'
import { passableTrailers, pushFraming, responseHeaders } from './headers.ts'
import type { Forward } from './plan.ts'
import type { Upstreams } from './pool.ts'
import type { AnswerHead } from './response-parser.ts'

export interface ExchangeParts {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly plan: Forward
  readonly upstreams: Upstreams
  readonly clock: Clock
  /** How long to go on while the upstream takes no connection, in ms. */
  readonly waitMs: number
  /** The upstream gave no answer; nothing was sent to the client yet. */
  readonly failed: (error: Error) => void
}

const waitStepMs = 100
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

export function forward(parts: ExchangeParts): void {
  const { headers, takesTrailers, expectsContinue, framing, method } = parts.plan
  if (takesTrailers) headers.push('TE', 'trailers', 'Connection', 'TE')
  if (expectsContinue) headers.push('Expect', '100-continue')
  pushFraming(headers, framing, method)
  new Exchange(parts).start()
}

class Exchange implements CallHandler {
  readonly #parts: ExchangeParts
  readonly #activity: Activity
  #upstream: Connection | null = null
  #repeated = false
  #waiting: AbortController | null = null
  #waitUntil = 0
  #relays = false
  /** The status lets the answer count as use of the server. */
  #counts = false
  #begun = false

  constructor(parts: ExchangeParts) {
    this.#parts = parts
    this.#activity = parts.plan.route.activity
  }

  start(): void {
    const { response } = this.#parts
    response.on('close', () => {
      if (!response.writableFinished) this.#abandon()
    })
    response.on('drain', () => this.#upstream?.resume())
    this.#call()
  }

  information(status: number, raw: string[]): void {
    const { request, response } = this.#parts
    if (request.httpVersionMinor === 0 || response.headersSent) return
    const headers = responseHeaders(raw, { keepTrailer: false })
    if (status === 100) {
      if (this.#parts.plan.expectsContinue) response.writeContinue()
    } else if (headers) response.writeInformation(status, headers)
  }

  head(head: AnswerHead): void {
    const { request, response } = this.#parts
    const trailers = head.framing === 'chunked' && request.httpVersionMinor > 0
    const headers = responseHeaders(head.headers, { keepTrailer: trailers })
    if (!headers) throw new Error('the upstream sent an answer that can not be passed on')
    this.#counts = head.status < 300
    response.writeHead(head.status, head.reason, headers)
    // The head goes out with the first bytes of the body, or alone when they let wait for themselves (an event stream).
    setImmediate(() => {
      if (!this.#begun && !response.writableEnded) response.flushHeaders()
    })
  }

  body(chunk: Buffer): void {
    this.#begun = true
    if (this.#counts) this.#touch()
    if (!this.#parts.response.write(chunk)) this.#upstream?.pause()
  }

  end(trailers: string[]): void {
    const { response } = this.#parts
    if (this.#counts) this.#touch()
    this.#begun = true
    // The connection is free for somebody else's call from here on.
    this.#upstream = null
    if (trailers.length > 0 && response.chunkedEncoding) response.addTrailers(passableTrailers(trailers))
    response.end()
    this.#parts.request.resume()
  }

  drain(): void {
    this.#parts.request.resume()
  }

  failed(error: Error, how: Failure): void {
    const { request, response, plan, failed } = this.#parts
    this.#upstream = null
    if (response.destroyed) return
    if (response.headersSent) {
      truncate(request)
      return
    }
    // Nobody has seen anything of it, whatever it is: the hub starts anew, and will be there in a moment.
    if (how === 'unsent' && this.#waits()) return
    // A kept connection was closed while the request was on its way: what may be repeated is, once.
    if (how === 'unseen' && !this.#repeated && plan.framing.kind === 'none' && idempotent.has(plan.method)) {
      this.#repeated = true
      this.#call()
      return
    }
    failed(error)
    // The rest of an upload is read and dropped, so that the client gets to see the answer.
    request.resume()
  }

  #call(): void {
    const { plan, upstreams, failed } = this.#parts
    try {
      this.#upstream = upstreams.call(plan.route.target, plan, { handler: this, fresh: this.#repeated })
      // A body is not read before somebody is there to take it, or it could not be sent once more.
      if (plan.framing.kind !== 'none') this.#upstream.whenOpen(() => this.#relayBody())
    } catch (error) {
      failed(error as Error)
    }
  }

  /** Tries again in a moment, unless it has taken too long; false then. */
  #waits(): boolean {
    const { clock, waitMs } = this.#parts
    if (waitMs === 0) return false
    this.#waitUntil ||= clock.now() + waitMs
    if (clock.now() >= this.#waitUntil) return false
    this.#waiting = new AbortController()
    clock.sleep(waitStepMs, this.#waiting.signal).then(
      () => this.#call(),
      () => {},
    )
    return true
  }

  #relayBody(): void {
    if (this.#relays) return
    this.#relays = true
    const { request } = this.#parts
    request.on('data', (chunk: Buffer) => {
      this.#touch()
      if (this.#upstream?.write(chunk) === false) request.pause()
    })
    request.on('end', () => this.#upstream?.end(passableTrailers(request.rawTrailers)))
  }

  #abandon(): void {
    this.#waiting?.abort()
    this.#upstream?.destroy()
    this.#upstream = null
  }

  #touch(): void {
    this.#activity.at = this.#parts.clock.now()
  }
}

/** To an HTTP/1.0 client an orderly end would say that the body is whole, so it gets a reset. */
function truncate(request: IncomingMessage): void {
  if (request.httpVersionMinor === 0) request.socket.resetAndDestroy()
  else request.socket.destroy()
}

/**
 * One HTTP request with Node's own client, and its whole answer. `fetch` does the same for 19 MB of memory and a slower
 * start, since it brings a client of its own.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { request as plainRequest } from './node-http.ts'

export interface HttpCall {
  /** Default GET. All others but POST may be sent twice, as HTTP allows it. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal
  /** Longest wait for the whole answer. */
  readonly timeoutMs?: number
  /** So much of the body is read, and the rest left; default: all. */
  readonly maxBytes?: number
  /** A POST that says the same when it comes twice. */
  readonly isRepeatable?: boolean
}

export interface HttpAnswer {
  readonly status: number
  /** A status of 200 to 299. Redirections are never followed. */
  readonly ok: boolean
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Rejects with Node's own errors, whose `code` tells the kind: ECONNREFUSED, ABORT_ERR. */
export async function httpCall(url: string, call: HttpCall = {}): Promise<HttpAnswer> {
  const timeout = call.timeoutMs === undefined ? [] : [AbortSignal.timeout(call.timeoutMs)]
  const signals = [...(call.signal ? [call.signal] : []), ...timeout]
  const signal = signals.length === 0 ? null : AbortSignal.any(signals)
  try {
    return await send(url, call, signal)
  } catch (error) {
    // A kept connection that the other side closed at this very moment says nothing about the next one.
    if (!(error instanceof StaleConnection)) throw signal?.aborted ? signal.reason : error
    return send(url, { ...call, headers: { ...call.headers, connection: 'close' } }, signal)
  }
}

class StaleConnection extends Error {}

function send(url: string, call: HttpCall, signal: AbortSignal | null): Promise<HttpAnswer> {
  const { method = 'GET', headers = {}, body = '', maxBytes = Number.POSITIVE_INFINITY } = call
  const length = body === '' && method === 'GET' ? {} : { 'content-length': `${Buffer.byteLength(body)}` }
  const open = url.startsWith('https:') ? process.getBuiltinModule('node:https').request : plainRequest
  return new Promise((resolve, reject) => {
    const outgoing = open(url, { method, headers: { ...headers, ...length }, ...(signal ? { signal } : {}) })
    let answered = false
    outgoing.on('response', (incoming) => {
      answered = true
      textOf(incoming, maxBytes).then((text) => resolve(answerOf(incoming, text)), reject)
    })
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      const isStale = outgoing.reusedSocket && !answered && error.code === 'ECONNRESET'
      reject(isStale && (method !== 'POST' || call.isRepeatable) ? new StaleConnection() : error)
    })
    outgoing.end(body)
  })
}

function answerOf({ statusCode: status = 0, headers }: IncomingMessage, text: string): HttpAnswer {
  return { status, ok: status >= 200 && status < 300, headers, text }
}

async function textOf(incoming: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer)
    size += (chunk as Buffer).length
    // Leaving the loop closes the connection.
    if (size > maxBytes) break
  }
  return Buffer.concat(chunks).toString()
}

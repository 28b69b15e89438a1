/**
 * Answers the proxy gives itself. With an error target the hub makes the page (`<target>/<code>?url=<path>`): its
 * words are taken, its status is not. A hub that is slow or gone is not waited for: then our own small page is sent.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock, Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { STATUS_CODES } from '#base/node-http.ts'
import { type Target, upstreamPath } from '../routes/target.ts'
import { builtInPage } from './built-in.ts'
import { preferredLanguage } from './texts.ts'

export interface ErrorPages {
  /** Answers with a page. */
  send(request: IncomingMessage, response: ServerResponse, status: number): void
  /** Answers with the status and its phrase, for programs. */
  sendPlain(response: ServerResponse, status: number): void
}

export interface ErrorPageDeps {
  /** Null: the built-in pages only. */
  readonly target: Target | null
  readonly fetch: FetchPage
  readonly log: Log
  readonly clock: Clock
}

/** Gets a page in time, or throws. */
export type FetchPage = (target: Target, path: string, language: string | undefined) => Promise<FetchedPage>

export interface FetchedPage {
  readonly headers: Record<string, string>
  readonly body: Buffer
}

/** After a failure the hub is left alone for this long, so that many waiting tabs do not all wait for it. */
const quietMs = 1000

export function createErrorPages(deps: ErrorPageDeps): ErrorPages {
  let quietUntil: Millis = 0
  const fetchPage = async (request: IncomingMessage, status: number): Promise<FetchedPage | null> => {
    // A request that makes no sense is not worth a question to the hub.
    if (!deps.target || status === 400 || deps.clock.now() < quietUntil) return null
    const path = upstreamPath(deps.target, `/${status}?url=${encodeURIComponent(request.url ?? '')}`)
    try {
      return await deps.fetch(deps.target, path, request.headers['accept-language'])
    } catch (error) {
      quietUntil = deps.clock.now() + quietMs
      deps.log.warn({ status, reason: messageOf(error) }, 'The error target gave no page')
      return null
    }
  }
  return {
    send(request, response, status) {
      if (!answerable(response)) return
      void fetchPage(request, status).then((page) => sendPage(response, status, page ?? ownPage(request, status)))
    },
    sendPlain(response, status) {
      if (!answerable(response)) return
      const body = `${STATUS_CODES[status]}\n`
      sendPage(response, status, { headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(body) })
    },
  }
}

function ownPage(request: IncomingMessage, status: number): FetchedPage {
  const language = preferredLanguage(request.headers['accept-language'])
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-language': language, vary: 'accept-language' }
  return { headers, body: Buffer.from(builtInPage(status, language)) }
}

function sendPage(response: ServerResponse, status: number, page: FetchedPage): void {
  if (!answerable(response)) return
  response.writeHead(status, { ...page.headers, 'cache-control': 'no-store', 'content-length': page.body.length })
  response.end(page.body)
}

function answerable(response: ServerResponse): boolean {
  return !response.headersSent && !response.destroyed
}

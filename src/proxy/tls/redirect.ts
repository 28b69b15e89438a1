/** The plain port beside TLS: sends browsers to https, answers Kubernetes' probes and the challenges of an ACME server. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer } from '#base/node-http.ts'
import { healthAnswer } from '../data/health.ts'

export interface RedirectDeps {
  /** The port that browsers know. */
  readonly toPort: number
  readonly isReady: () => boolean
  /** What proves to an ACME server that a host name is ours; null: no such challenge. */
  readonly challenge: (token: string) => Promise<string | null>
  /** Why a host's browsers can't be sent to https yet, in a sentence. */
  readonly obstacle: (host: string) => string | null
}

const challengePath = /^\/\.well-known\/acme-challenge\/([-\w]{1,200})$/

export function createRedirectServer(deps: RedirectDeps): Server {
  return createServer(
    { requestTimeout: 10_000, headersTimeout: 10_000, maxHeaderSize: 64 * 1024 },
    (request, response) => {
      answer(request, response, deps).catch(() => response.writeHead(500).end())
    },
  )
}

async function answer(request: IncomingMessage, response: ServerResponse, deps: RedirectDeps): Promise<void> {
  if (healthAnswer(request, response, deps.isReady)) return
  const [, token] = challengePath.exec(request.url ?? '') ?? []
  if (token !== undefined) {
    const proof = await deps.challenge(token)
    response.writeHead(proof === null ? 404 : 200, { 'content-type': 'text/plain' }).end(proof ?? '')
    return
  }
  const host = hostOf(request.headers.host)
  if (host === null) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end('This address needs a Host header.')
    return
  }
  const obstacle = deps.obstacle(host.toLowerCase())
  if (obstacle !== null) {
    response.writeHead(503, { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '10' }).end(`${obstacle}\n`)
    return
  }
  const port = deps.toPort === 443 ? '' : `:${deps.toPort}`
  // Whatever its method was: nothing that was sent over a plain connection is to be repeated as it was.
  response.writeHead(301, { location: `https://${host}${port}${pathOf(request)}`, 'content-length': 0 }).end()
}

/** Without its port; null for what is no host name or address. */
function hostOf(header: string | undefined): string | null {
  const [, host] = /^(\[[\da-f:.]+\]|[-.\w]+)(?::\d*)?$/i.exec(header ?? '') ?? []
  return host ?? null
}

function pathOf({ url = '/' }: IncomingMessage): string {
  return url.startsWith('/') ? url : '/'
}

/** What is to be done with a request, decided from its head alone. */
import type { IncomingMessage } from 'node:http'
import type { TLSSocket } from 'node:tls'
import { readRequestTarget } from '../routes/path.ts'
import type { Route, RouteTable } from '../routes/table.ts'
import { upstreamPath } from '../routes/target.ts'
import { type Framing, readRequestHead, upstreamHeaders } from './headers.ts'

export type Plan =
  | { readonly kind: 'refuse'; readonly status: 400 | 404 }
  | {
      readonly kind: 'forward'
      readonly route: Route
      readonly method: string
      readonly path: string
      /** Without framing and Connection. */
      readonly headers: string[]
      readonly framing: Framing
      readonly expectsContinue: boolean
      readonly takesTrailers: boolean
    }

export type Forward = Extract<Plan, { kind: 'forward' }>

const refused: Plan = { kind: 'refuse', status: 400 }
const notFound: Plan = { kind: 'refuse', status: 404 }

export function planRequest(request: IncomingMessage, table: RouteTable): Plan {
  const target = readRequestTarget(request.url ?? '')
  const head = readRequestHead(request.rawHeaders)
  if (!target || !head) return refused
  // 0.9 is read, too, by Node.
  if (request.httpVersionMajor !== 1) return refused
  const { framing, host, expectsContinue, takesTrailers } = head
  const modern = request.httpVersionMinor > 0
  // HTTP/1.0 knows no chunks; two opinions about the host are one too many.
  if (framing.kind === 'chunked' && !modern) return refused
  if (target.authority !== null && host !== null && target.authority.toLowerCase() !== host.toLowerCase())
    return refused
  const route = table.match(target.route)
  if (!route) return notFound
  const hop = { client: request.socket.remoteAddress ?? '', secure: (request.socket as TLSSocket).encrypted === true }
  return {
    kind: 'forward',
    route,
    method: request.method ?? 'GET',
    path: upstreamPath(route.target, target.forward),
    headers: upstreamHeaders(head, host ?? target.authority ?? route.target.authority, hop),
    framing,
    expectsContinue: expectsContinue && modern,
    takesTrailers,
  }
}

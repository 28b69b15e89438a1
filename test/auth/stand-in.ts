/**
 * A stand-in for the API of a provider that can't be had on loopback: it answers as the provider's documentation has it, and
 * keeps what it was asked. It is no provider: what only the real one can show is not tested here.
 */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly form: URLSearchParams
}

/** A JSON value, or a status alone. */
export type Answer = object | number

export interface StandIn {
  readonly url: string
  readonly asked: Asked[]
  /** By path; what is not there answers 404. */
  routes: Readonly<Record<string, (asked: Asked) => Answer>>
  close(): Promise<void>
}

export async function startStandIn(): Promise<StandIn> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in')
    const { method = 'GET', headers } = request
    const one = { method, path: pathname, query: searchParams, headers, form: new URLSearchParams(body) }
    asked.push(one)
    const answer = standIn.routes[pathname]?.(one) ?? 404
    if (typeof answer === 'number') return void response.writeHead(answer).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const standIn: StandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    routes: {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return standIn
}

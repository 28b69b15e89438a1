/** The web as a test knows it: addresses and what they answer, behind one server of this process. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Http, ProviderContext } from '../../src/images/providers/contract.ts'
import { createHttp } from '../../src/images/providers/http.ts'

export type Answer = object | Buffer | { readonly redirect: string } | number

export interface RecordedWeb extends AsyncDisposable {
  readonly http: Http
  readonly asked: string[]
}

/** `answers` by method and address, `POST https://…`; the method of most is left out. An unknown address is 404. */
export async function recordedWeb(
  answers: Readonly<Record<string, Answer | readonly Answer[]>>,
  mostBytes = 1e8,
): Promise<RecordedWeb> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const [, host = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const url = `https://${host}${rest}`
    const key = request.method === 'GET' ? url : `${request.method} ${url}`
    const turn = asked.filter((earlier) => earlier === key).length
    asked.push(key)
    const known = answers[key]
    const answer = Array.isArray(known) ? known[Math.min(turn, known.length - 1)] : known
    if (answer === undefined) return void response.writeHead(404).end()
    if (typeof answer === 'number') return void response.writeHead(answer).end()
    if (Buffer.isBuffer(answer)) return void response.end(answer)
    if ('redirect' in answer) return void response.writeHead(302, { location: String(answer.redirect) }).end()
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const rewrite = (url: string) => url.replace(/^https?:\/\//, `${origin}/`)
  return {
    http: createHttp({ signal: AbortSignal.timeout(60_000), mostBytes, rewrite }),
    asked,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

export function contextOf(http: Http, more: Partial<ProviderContext> = {}): ProviderContext {
  return {
    ref: null,
    log: () => {},
    signal: AbortSignal.timeout(120_000),
    http,
    mostBytes: 1e8,
    lfs: 'fetch',
    history: 'shallow',
    settings: {},
    ...more,
  }
}

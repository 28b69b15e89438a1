/** Requests to a provider: with its certificate authority and proxy, a deadline and a limit, never following redirects. */
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { messageOf } from '#base/errors.ts'
import { Agent as HttpAgent, request as httpRequest } from '#base/node-http.ts'
import { errors } from '../errors.ts'
import { fromEnv, type Options } from './options.ts'

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface HttpRequest {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Http {
  /** Errors: PROVIDER_UNREACHABLE. */
  ask(url: string, request?: HttpRequest): Promise<HttpAnswer>
  /** For libraries that bring their own requests. */
  readonly fetch: (url: string, init: object) => Promise<Response>
}

const longestBody = 2 * 1024 ** 2
const agentName = 'Himalia'

/** Names of Tornado's HTTP client, as far as they make sense here. */
interface RequestSettings {
  readonly proxy_host?: string
  readonly proxy_port?: number
  readonly proxy_username?: string
  readonly proxy_password?: string
  readonly ca_certs?: string
  readonly request_timeout?: number
  readonly validate_cert?: boolean
}

export const requestSettings: readonly string[] = [
  'proxy_host',
  'proxy_port',
  'proxy_username',
  'proxy_password',
  'ca_certs',
  'request_timeout',
  'validate_cert',
]

/** One for a set of options; kept, so that connections are. */
export async function httpFor(options: Options): Promise<Http> {
  const known = made.get(options)
  if (known) return known
  const http = createHttp(options)
  made.set(options, http)
  return http
}

const made = new WeakMap<object, Http>()

function createHttp(options: Options): Http {
  const settings = options.httpRequestKwargs as RequestSettings
  const timeoutMs = (settings.request_timeout ?? 20) * 1000
  const agents = agentsFor(options, settings)
  const own: Http['fetch'] = (url, init) => send(url, init, { agents, timeoutMs })
  return {
    fetch: own,
    async ask(url, { method = 'GET', headers = {}, body } = {}) {
      try {
        const all = { accept: 'application/json', 'user-agent': agentName, ...headers }
        const answer = await own(url, { method, headers: all, ...(body === undefined ? {} : { body }) })
        return { status: answer.status, headers: answer.headers, text: await answer.text() }
      } catch (error) {
        throw errors.PROVIDER_UNREACHABLE({ host: hostOf(url), why: messageOf(error) }, error)
      }
    },
  }
}

interface Agents {
  readonly http: InstanceType<typeof HttpAgent>
  readonly https: HttpsAgent
}

function agentsFor(options: Options, settings: RequestSettings): Agents {
  const caFile = settings.ca_certs ?? options.caCerts ?? null
  const proxyEnv = settings.proxy_host
    ? { HTTP_PROXY: proxyUrl(settings), HTTPS_PROXY: proxyUrl(settings), NO_PROXY: '' }
    : process.env
  const shared = { keepAlive: true, proxyEnv }
  const tls = {
    rejectUnauthorized: validates(options, settings),
    ...(caFile ? { ca: readFileSync(caFile) } : {}),
  }
  return { http: new HttpAgent(shared), https: new HttpsAgent({ ...shared, ...tls }) }
}

interface Init {
  readonly method?: string
  readonly headers?: ConstructorParameters<typeof Headers>[0]
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** As `fetch` does, but with the agents above, a deadline, a limit, and no redirects. */
function send(
  address: string | URL,
  { method = 'GET', headers, body, signal }: Init,
  { agents, timeoutMs }: { agents: Agents; timeoutMs: number },
): Promise<Response> {
  const url = new URL(address)
  const isTls = url.protocol === 'https:'
  const deadline = AbortSignal.timeout(timeoutMs)
  const options = {
    method,
    headers: Object.fromEntries(new Headers(headers)),
    agent: isTls ? agents.https : agents.http,
    signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
  }
  return new Promise((resolve, reject) => {
    const asked = (isTls ? httpsRequest : httpRequest)(url, options, (answer) => {
      collected(answer).then((text) => resolve(responseOf(answer, text)), reject)
    })
    asked.on('error', reject)
    asked.end(body === undefined || body === null ? undefined : String(body))
  })
}

async function collected(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > longestBody) throw new Error('the answer is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function responseOf({ statusCode = 0, headersDistinct }: IncomingMessage, body: Buffer): Response {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value)
  const isEmpty = statusCode === 204 || statusCode === 304
  return new Response(isEmpty ? null : new Uint8Array(body), { status: statusCode, headers })
}

function validates(
  { validateServerCert, tlsVerify }: Options,
  { validate_cert: own = true }: RequestSettings,
): boolean {
  if (fromEnv('OAUTH_TLS_VERIFY') === '0') return false
  return own && (validateServerCert ?? true) && (tlsVerify ?? true)
}

function proxyUrl({ proxy_host, proxy_port = 3128, proxy_username, proxy_password = '' }: RequestSettings): string {
  const url = new URL(`http://${proxy_host}:${proxy_port}`)
  if (proxy_username) Object.assign(url, { username: proxy_username, password: proxy_password })
  return url.href
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

/** The record that an answer holds; null: it is none. */
export function jsonRecord({ text }: Pick<HttpAnswer, 'text'>): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

export function jsonList({ text }: Pick<HttpAnswer, 'text'>): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}

export const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` })

/** With more parameters in its query. */
export function withQuery(url: string, more: Readonly<Record<string, unknown>>): string {
  const made = new URL(url)
  for (const [name, value] of Object.entries(more)) made.searchParams.set(name, String(value))
  return made.href
}

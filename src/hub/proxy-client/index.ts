/** The REST API of configurable-http-proxy, as a client. Only routes that a hub made are looked at. */
import type { Millis } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { type HttpAnswer, httpCall } from '#base/http-call.ts'
import { quoteName } from '../pages/views/server-path.ts'
import { errors } from './errors.ts'
import { severalProxies } from './several.ts'

export interface ProxyRoute {
  /** `http://127.0.0.1:40123`, without a path. */
  readonly target: string
  /** What the hub gave with the route, e.g. `{user, server_name}`. */
  readonly data: Readonly<Record<string, unknown>>
  readonly lastActivity: Millis | null
}

/** Paths are quoted and have slashes at both ends: `/user/ada@example.org/`. */
export interface ProxyClient {
  list(): Promise<ReadonlyMap<string, ProxyRoute>>
  /** Adds the route, or replaces it. When this resolves, the proxy routes by it. */
  add(path: string, target: string, data: Readonly<Record<string, unknown>>): Promise<void>
  /** Removing a route that is not there is fine. */
  remove(path: string): Promise<void>
}

export interface ProxyClientOptions {
  /** `http://127.0.0.1:8001`. */
  readonly apiUrl: string
  readonly authToken: string
  /** Longest wait for an answer; default 5 s. */
  readonly timeoutMs?: number
  /** Where there may be several: their addresses just now, in place of `apiUrl`. */
  readonly find?: () => Promise<readonly string[]>
}

/** Errors of each call: PROXY_UNAVAILABLE, PROXY_REFUSED. */
export function createProxyClient({ find, ...options }: ProxyClientOptions): ProxyClient {
  if (find) return severalProxies({ find, clientOf: (apiUrl) => createProxyClient({ ...options, apiUrl }) })
  const { apiUrl, authToken, timeoutMs = 5_000 } = options
  const base = `${apiUrl.replace(/\/+$/, '')}/api/routes`
  async function send(method: string, path: string, body?: object): Promise<HttpAnswer> {
    try {
      return await httpCall(`${base}${path}`, {
        method,
        headers: { authorization: `token ${authToken}` },
        timeoutMs,
        // A route that is there is put in its own place.
        isRepeatable: true,
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
    } catch (error) {
      throw errors.PROXY_UNAVAILABLE({ reason: causeOf(error) }, error)
    }
  }
  async function call(method: string, path: string, body?: object): Promise<string> {
    const answer = await send(method, path, body)
    if (answer.ok || (method === 'DELETE' && answer.status === 404)) return answer.text
    if (answer.status >= 500) throw errors.PROXY_UNAVAILABLE({ reason: `status ${answer.status}` })
    throw errors.PROXY_REFUSED({ method, status: answer.status })
  }
  return {
    list: async () => readRoutes(await call('GET', '')),
    add: async (path, target, data) =>
      void (await call('POST', withoutEnd(path), { ...data, target, jupyterhub: true })),
    remove: async (path) => void (await call('DELETE', withoutEnd(path))),
  }
}

/** The proxy's own form: no slash at the end, but for the root. */
function withoutEnd(path: string): string {
  return path === '/' ? path : path.replace(/\/+$/, '')
}

function readRoutes(text: string): ReadonlyMap<string, ProxyRoute> {
  const routes = new Map<string, ProxyRoute>()
  for (const [key, value] of Object.entries(readObject(text))) {
    if (typeof value !== 'object' || value === null || !('jupyterhub' in value) || !('target' in value)) continue
    const { target, last_activity, jupyterhub: _, ...data } = value as Record<string, unknown>
    const at = typeof last_activity === 'string' ? Date.parse(last_activity) : Number.NaN
    routes.set(quotedPath(key), { target: String(target), data, lastActivity: Number.isNaN(at) ? null : at })
  }
  return routes
}

function readObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    // Safe: every value is looked at before it is used.
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below: whatever it is, it is not a list of routes.
  }
  throw errors.PROXY_UNAVAILABLE({ reason: 'its list of routes can not be read' })
}

/** Keys come back unquoted and without a slash at the end. */
function quotedPath(key: string): string {
  const path = key.split('/').map(quoteName).join('/')
  return path.endsWith('/') ? path : `${path}/`
}

function causeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : messageOf(error)
}

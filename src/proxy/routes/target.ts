import { errors } from '../errors.ts'

/** Where requests of a route go, parsed once. */
export interface Target {
  readonly secure: boolean
  /** Null when the target is a UNIX socket. */
  readonly host: string | null
  readonly port: number
  readonly socketPath: string | null
  /** The same for all targets that can share connections. */
  readonly key: string
  /** `host:port` as a Host header says it; used when the client sent none. */
  readonly authority: string
  /** Comes before the request's path; no slash at its end. */
  readonly basePath: string
  /** Comes before the request's query, without `?`. */
  readonly query: string
}

const ports: Record<string, number> = { 'http:': 80, 'https:': 443 }

/** Reads `http://host:port/base?query`, https likewise, or `http+unix://%2Frun%2Fx.sock/base`. Errors: PROXY_TARGET_INVALID. */
export function parseTarget(text: string): Target {
  const refuse = (problem: string) => errors.PROXY_TARGET_INVALID({ problem })
  const url = URL.parse(text)
  if (!url) throw refuse('is not a URL')
  // A password in a target would end up in listings and logs.
  if (url.username || url.password) throw refuse('must not hold a user name or password')
  if (url.hash) throw refuse('must not hold a fragment')
  const rest = { basePath: url.pathname.replace(/\/$/, ''), query: url.search.slice(1) }
  switch (url.protocol) {
    case 'http:':
    case 'https:': {
      const port = Number(url.port) || (ports[url.protocol] as number)
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
      return {
        secure: url.protocol === 'https:',
        host,
        port,
        socketPath: null,
        key: url.origin,
        authority: url.host,
        ...rest,
      }
    }
    case 'http+unix:':
    case 'unix+http:': {
      const path = socketPath(url)
      return {
        secure: false,
        host: null,
        port: 0,
        socketPath: path,
        key: `unix:${path}`,
        authority: 'localhost',
        ...rest,
      }
    }
    default:
      throw refuse(`has the scheme ${url.protocol}, not http:, https: or http+unix:`)
  }
}

function socketPath(url: URL): string {
  const refuse = (problem: string) => errors.PROXY_TARGET_INVALID({ problem })
  if (url.port) throw refuse('is a UNIX socket and has a port')
  try {
    const path = decodeURIComponent(url.hostname)
    if (path.startsWith('/') && !path.includes('\0')) return path
  } catch {
    // Falls through to the one refusal.
  }
  throw refuse('does not name a UNIX socket by its absolute, percent-encoded path')
}

/** The request line's target for the upstream: base path and query of the target first, then the request's own. */
export function upstreamPath(target: Target, forward: string): string {
  const path = target.basePath + forward
  if (target.query === '') return path
  const mark = path.indexOf('?')
  return mark < 0 ? `${path}?${target.query}` : `${path.slice(0, mark)}?${target.query}&${path.slice(mark + 1)}`
}

/**
 * Paths of requests and of routes, brought to one form so that what is routed is what is forwarded.
 *
 * The routing form is the decoded path: `/user/ada%40x` is `/user/ada@x`. An encoded slash stays inside its segment
 * (it becomes NUL, which no route holds), so `/user%2Fada` never reaches Ada's server. Dot segments are resolved
 * before routing and before forwarding. `//user/ada` is a path with an empty first segment, not a host.
 */
import { errors } from '../errors.ts'

export interface RequestTarget {
  /** Path and query to forward: the client's own bytes, but for resolved dot segments. */
  readonly forward: string
  /** The decoded path for the lookup. */
  readonly route: string
  /** The authority of an absolute-form target, else null. */
  readonly authority: string | null
}

// Everything that makes a path more than a plain list of segments.
const special = /[%\\]|\/\.|[^\x21-\x7e]/
const absoluteForm = /^https?:\/\/([^/?#@\\]+)([/?].*)?$/i
const malformedEscape = /%(?![0-9a-fA-F]{2})/

/** Reads the target of a request line as Node gives it (bytes as latin1). Null when it must be answered with 400. */
export function readRequestTarget(raw: string): RequestTarget | null {
  if (raw.includes('#')) return null
  if (raw.charCodeAt(0) !== 47) return readAbsoluteForm(raw)
  const mark = raw.indexOf('?')
  const path = mark < 0 ? raw : raw.slice(0, mark)
  if (!special.test(path)) return { forward: raw, route: path, authority: null }
  return resolve(path, mark < 0 ? '' : raw.slice(mark))
}

function readAbsoluteForm(raw: string): RequestTarget | null {
  const [, authority, rest = ''] = absoluteForm.exec(raw) ?? []
  if (authority === undefined) return null
  const target = readRequestTarget(rest.startsWith('/') ? rest : `/${rest}`)
  return target && { ...target, authority }
}

function resolve(path: string, query: string): RequestTarget | null {
  if (path.includes('\\') || malformedEscape.test(path)) return null
  const kept: string[] = []
  const decoded: string[] = []
  const segments = path.split('/')
  let dots = false
  for (let index = 1; index < segments.length; index += 1) {
    const segment = segments[index] as string
    const plain = decodeSegment(segment)
    if (plain.includes('\0')) return null
    if (plain !== '.' && plain !== '..') {
      kept.push(segment)
      decoded.push(plain.replaceAll('/', '\0'))
      continue
    }
    dots = true
    if (plain === '..') {
      kept.pop()
      decoded.pop()
    }
    if (index === segments.length - 1) {
      kept.push('')
      decoded.push('')
    }
  }
  const forward = dots ? `/${kept.join('/')}` : path
  return { forward: forward + query, route: `/${decoded.join('/')}`, authority: null }
}

/** Bytes that are no UTF-8 stay as they are written: they can't be in a route, but a server may know them. */
function decodeSegment(segment: string): string {
  const escaped = segment.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`)
  if (!escaped.includes('%')) return segment
  try {
    return decodeURIComponent(escaped)
  } catch {
    return segment
  }
}

/**
 * The key of a route from the percent-encoded rest of `/api/routes/<rest>`: `user/ada%40x/` → `/user/ada@x`.
 * Refuses what no request could ever match. Errors: PROXY_ROUTE_PATH_INVALID.
 */
export function routeKey(encoded: string): string {
  const refuse = (problem: string) => errors.PROXY_ROUTE_PATH_INVALID({ path: encoded.slice(0, 200), problem })
  if (encoded === '' || encoded === '/') return '/'
  const trimmed = encoded.replace(/^\//, '').replace(/\/$/, '')
  if (trimmed === '') throw refuse('has an empty segment')
  const segments = trimmed.split('/').map((segment) => {
    if (malformedEscape.test(segment)) throw refuse('has a malformed percent escape')
    try {
      return decodeURIComponent(segment)
    } catch {
      throw refuse('is not UTF-8')
    }
  })
  const key = `/${segments.join('/')}`
  if (segments.some((segment) => segment.includes('/'))) throw refuse('has an encoded slash')
  const problem = keyProblem(key)
  if (problem) throw refuse(problem)
  return key
}

/** What is wrong with a decoded key, null when nothing is. */
export function keyProblem(key: string): string | null {
  if (key === '/') return null
  if (!key.startsWith('/')) return 'does not start with a slash'
  if (key.includes('\0')) return 'has a NUL character'
  const segments = key.slice(1).split('/')
  if (segments.includes('')) return 'has an empty segment'
  if (segments.includes('.') || segments.includes('..')) return 'has a dot segment'
  return null
}

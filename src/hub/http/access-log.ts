/** One line per request, with what is secret in its address taken out. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import type {} from '../identify.ts'

export function logAnswer(context: HubContext, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode: status } = reply
  const location = reply.getHeader('location')
  const line = {
    status,
    method: request.method,
    url: scrub(request.url),
    ...(typeof location === 'string' ? { location: scrub(location) } : {}),
    user: callerName(request),
    ip: request.ip,
    ms: Math.round(reply.elapsedTime * 10) / 10,
  }
  if (status >= 500) context.log.warn(line, 'Request failed')
  else if (isRoutine(request, status)) context.log.debug(line, 'Request')
  else context.log.info(line, 'Request')
}

/** Null when nobody asked who it is. */
function callerName({ identification }: FastifyRequest): string | null {
  const caller = identification?.known?.caller
  return !caller || caller.kind === 'anonymous' ? null : caller.name
}

/** What programs ask all the time, as opposed to what a person does. */
function isRoutine({ method, url, routeOptions }: FastifyRequest, status: number): boolean {
  const route = routeOptions.url ?? ''
  if (/\/(health|metrics|activity)$/.test(route) || /\/(static|logo)/.test(route)) return true
  return status < 400 && (method === 'GET' || method === 'HEAD') && url.includes('/hub/api')
}

const secretKey = /token|auth|key|code|state|_xsrf|password|secret/i

/** The path and query with values of secret-looking keys, and tokens in the path, replaced. */
export function scrub(url: string): string {
  const mark = url.indexOf('?')
  const path = (mark === -1 ? url : url.slice(0, mark)).replace(/(\/authorizations\/\w+\/).+/, '$1[secret]')
  if (mark === -1) return path
  const query = url.slice(mark + 1).split('&')
  return `${path}?${query.map(scrubPair).join('&')}`
}

function scrubPair(pair: string): string {
  const equals = pair.indexOf('=')
  if (equals === -1) return pair
  const key = pair.slice(0, equals)
  // An encoded address inside the value may carry secrets of its own.
  const isSecret = secretKey.test(decoded(key)) || /[?&#](.*)=/.test(decoded(pair.slice(equals + 1)))
  return isSecret ? `${key}=[secret]` : pair
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * Whether a request that carries a person's cookies was meant by that person. Servers of other users may stand on the
 * same origin as the hub, so "same origin" alone is no proof: a token is needed that only pages of the hub can know.
 * The token names the session and the user, both signed; one made in an earlier session of the same user will do.
 */
import { hash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { errorCatalog } from '#base/errors.ts'
import type { HubContext } from '../context.ts'
import { type Login, loginSeconds, readCookies, xsrfCookie } from './cookies.ts'
import { originOf, type RequestOrigin } from './origin.ts'
import { signUrlSafe, verifyUrlSafe } from './signed-value.ts'

export const xsrfErrors = errorCatalog({
  XSRF_CROSS_SITE: {
    status: 403,
    message: (d: { method: string }) => `This ${d.method} request was made by a page of another site.`,
    hint: 'Open the page of the hub and try it there.',
  },
  XSRF_MISSING: {
    status: 403,
    message: (d: { method: string }) => `'_xsrf' argument missing from ${d.method}`,
    hint: 'Reload the page and try again. A program should send an API token instead of cookies.',
  },
  XSRF_STALE: {
    status: 403,
    message: (d: { method: string }) => `XSRF cookie does not match ${d.method} argument`,
    hint: 'You signed in or out since this page was opened. Reload it and try again.',
  },
})

/** `sign-in` are forms that bring their own proof (a password) and use no cookie. */
export type XsrfPlace = 'page' | 'api' | 'sign-in'

/** What the `_xsrf` of a request says: made for this very session, for another session of this user, or neither. */
export type XsrfToken = 'current' | 'same-user' | 'foreign' | 'missing'

export interface XsrfQuestion {
  readonly method: string
  readonly place: XsrfPlace
  /** How the caller was recognised. */
  readonly via: 'token' | 'cookie' | 'nothing'
  readonly origin: RequestOrigin
  /** `Sec-Fetch-Mode`. */
  readonly mode: string | null
  readonly token: XsrfToken
}

export type XsrfVerdict = 'fine' | 'XSRF_CROSS_SITE' | 'XSRF_MISSING' | 'XSRF_STALE'

export function judgeXsrf({ method, place, via, origin, mode, token }: XsrfQuestion): XsrfVerdict {
  if (via === 'token' || method === 'HEAD' || method === 'OPTIONS') return 'fine'
  if (via === 'nothing' && place !== 'sign-in') return 'fine'
  const reads = method === 'GET'
  if (reads && (place !== 'api' || mode === 'navigate' || mode === 'websocket')) return 'fine'
  if (origin === 'cross-site' || origin === 'same-site') return 'XSRF_CROSS_SITE'
  if (reads && (mode === null || (mode === 'no-cors' && origin === 'same-origin'))) return 'fine'
  if (token === 'current') return 'fine'
  if (origin === 'same-origin' && (place === 'sign-in' || token === 'same-user')) return 'fine'
  return token === 'missing' ? 'XSRF_MISSING' : 'XSRF_STALE'
}

/** Errors: XSRF_CROSS_SITE, XSRF_MISSING, XSRF_STALE. The body must have been read before. */
export function checkXsrf(
  context: HubContext,
  request: FastifyRequest,
  facts: { place: XsrfPlace; via: XsrfQuestion['via']; login: Login | null },
): void {
  const { method, headers } = request
  const mode = headers['sec-fetch-mode']
  const verdict = judgeXsrf({
    method,
    place: facts.place,
    via: facts.via,
    origin: originOf(context, request),
    mode: typeof mode === 'string' ? mode : null,
    token: judgeToken(context, request, facts.login),
  })
  if (verdict !== 'fine') throw xsrfErrors[verdict]({ method })
}

/** The token for pages of this visit: the one that the browser has, while it is right, else a new one. */
export function xsrfTokenOf(
  context: HubContext,
  request: FastifyRequest,
  login: Login | null,
): { value: string; isNew: boolean } {
  const wanted = payloadOf(request, login)
  const known = readCookies(request.headers.cookie, xsrfCookie).find((text) => opened(context, text) === wanted)
  if (known !== undefined) return { value: known, isNew: false }
  return { value: newXsrfToken(context, wanted), isNew: true }
}

/** For the answer that begins a session. */
export function xsrfTokenFor(context: HubContext, login: Login): string {
  return newXsrfToken(context, payloadOfLogin(login))
}

let last: {
  readonly payload: string
  readonly second: number
  readonly secret: Buffer
  readonly token: string
} | null = null

/** A token tells the second that it was made in; strangers who come in the same one get the same. */
function newXsrfToken({ cookieSecret: secret, clock }: HubContext, payload: string): string {
  const now = clock.now()
  const second = Math.floor(now / 1000)
  if (last?.payload === payload && last.second === second && last.secret === secret) return last.token
  const token = signUrlSafe(xsrfCookie, payload, { secret, now })
  last = { payload, second, secret, token }
  return token
}

function judgeToken(context: HubContext, request: FastifyRequest, login: Login | null): XsrfToken {
  const sent = sentToken(request)
  if (sent === null) return 'missing'
  const payload = opened(context, sent)
  if (payload === null) return 'foreign'
  if (payload === payloadOf(request, login)) {
    // Anybody can get a token for nobody; that of this browser stands in its cookie, too.
    const isOwn = login !== null || readCookies(request.headers.cookie, xsrfCookie).includes(sent)
    return isOwn ? 'current' : 'foreign'
  }
  return login !== null && payload.endsWith(`:${login.cookieId}`) ? 'same-user' : 'foreign'
}

function sentToken({ query, body, headers }: FastifyRequest): string | null {
  const fields = [query, body].map((record) => (record as Record<string, unknown> | null | undefined)?.[xsrfCookie])
  const all = [...fields, headers['x-xsrftoken'], headers['x-csrftoken']].flat()
  return all.find((text): text is string => typeof text === 'string' && text !== '') ?? null
}

function opened(context: HubContext, token: string): string | null {
  const maxAgeMs = loginSeconds(context) * 1000
  const key = { secret: context.cookieSecret, now: context.clock.now(), maxAgeMs }
  return verifyUrlSafe(xsrfCookie, token, key)?.value ?? null
}

function payloadOf(request: FastifyRequest, login: Login | null): string {
  return login ? payloadOfLogin(login) : `:${anonymousId(request)}`
}

function payloadOfLogin({ sessionId, cookieId }: Login): string {
  return `${sessionId}:${cookieId}`
}

/** Without the address: it changes on the way through several proxies and in mobile networks. */
function anonymousId(request: FastifyRequest): string {
  return hash('sha256', request.headers['user-agent'] ?? '', 'base64url')
}

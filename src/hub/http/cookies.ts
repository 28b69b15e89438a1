/** The hub's cookies: names, paths and flags as JupyterHub's, which its servers and scripts rely on. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'
import { signValue, verifyValue } from './signed-value.ts'

export const xsrfCookie = '_xsrf'
/** In plain text and for the whole site: servers and services read it. */
export const sessionCookie = 'jupyterhub-session-id'
const loginCookie = 'jupyterhub-hub-login'
/** How long a browser keeps the XSRF token of somebody who has not signed in. */
const anonymousXsrfSeconds = 3600

/** What a browser must hold to be signed in. */
export interface Login {
  readonly cookieId: string
  readonly sessionId: string
}

/** The login that the request's cookies prove, or null. Whether the session still lasts is not looked at here. */
export function readLogin(context: HubContext, request: FastifyRequest): Login | null {
  const { cookie: header } = request.headers
  const sessionId = readCookies(header, sessionCookie).find((id) => /^[\w-]{16,128}$/.test(id))
  if (sessionId === undefined) return null
  const { name } = loginPlace(context)
  const key = { secret: context.cookieSecret, now: context.clock.now(), maxAgeMs: loginSeconds(context) * 1000 }
  for (const text of readCookies(header, name)) {
    const signed = verifyValue(name, text, key)
    if (signed) return { cookieId: signed.value, sessionId }
  }
  return null
}

export function setLogin(context: HubContext, exchange: Exchange, login: Login): void {
  const { name, path } = loginPlace(context)
  const key = { secret: context.cookieSecret, now: context.clock.now() }
  const maxAgeSeconds = loginSeconds(context)
  setCookie(context, exchange, { name, path, value: signValue(name, login.cookieId, key), maxAgeSeconds })
  const session = { name: sessionCookie, path: context.urls.base, value: login.sessionId, maxAgeSeconds }
  setCookie(context, exchange, session)
}

export function clearLogin(context: HubContext, exchange: Exchange): void {
  const gone = { value: '', maxAgeSeconds: 0 }
  setCookie(context, exchange, { ...loginPlace(context), ...gone })
  setCookie(context, exchange, { name: sessionCookie, path: context.urls.base, ...gone })
  setCookie(context, exchange, { name: xsrfCookie, path: context.urls.hub, ...gone })
  // Of JupyterHub before 2.0.
  setCookie(context, exchange, { name: 'jupyterhub-services', path: `${context.urls.base}services`, ...gone })
}

/** Readable by the page's scripts, which send it back in a header. */
export function setXsrf(context: HubContext, exchange: Exchange, token: { value: string; signedIn: boolean }): void {
  const maxAgeSeconds = token.signedIn ? loginSeconds(context) : anonymousXsrfSeconds
  const cookie = { name: xsrfCookie, path: context.urls.hub, value: token.value, maxAgeSeconds }
  setCookie(context, exchange, { ...cookie, readable: true })
}

const browserCookie = 'himalia-browser'
const browserSeconds = 86_400

/** What this browser was told to show, so that steps of signing in can be known to be its own. */
export function browserCookies(request: FastifyRequest): readonly string[] {
  return readCookies(request.headers.cookie, browserCookie).filter((value) => /^[\w-]{43}$/.test(value))
}

/** Goes to the hub only: servers of other users must not see it. */
export function rememberBrowser(context: HubContext, exchange: Exchange): string {
  const value = browserCookies(exchange.request)[0] ?? context.random.bytes(32).toString('base64url')
  setCookie(context, exchange, { name: browserCookie, path: context.urls.hub, value, maxAgeSeconds: browserSeconds })
  return value
}

const wayCookie = 'himalia-way'
const waySeconds = 365 * 86_400

/** By which way this browser came in last. It proves nothing: the page only puts that way first. */
export function lastWay(request: FastifyRequest): string | null {
  return readCookies(request.headers.cookie, wayCookie).find((value) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(value)) ?? null
}

export function rememberWay(context: HubContext, exchange: Exchange, way: string): void {
  setCookie(context, exchange, { name: wayCookie, path: context.urls.hub, value: way, maxAgeSeconds: waySeconds })
}

/** How long a sign-in lasts. */
export function loginSeconds(context: HubContext): number {
  return Math.round(context.settings().hub.cookieMaxAgeDays * 86_400)
}

/** The values of all cookies of that name, in the order they came; quotes taken off. */
export function readCookies(header: string | undefined, name: string): readonly string[] {
  if (header === undefined) return []
  const values: string[] = []
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue
    const value = pair.slice(equals + 1).trim()
    values.push(/^".*"$/.test(value) ? value.slice(1, -1) : value)
  }
  return values
}

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly maxAgeSeconds: number
  readonly readable?: boolean
}

function setCookie(context: HubContext, { request, reply }: Exchange, cookie: Cookie): void {
  const secure = isSecure(context, request) || cookie.name.startsWith('__Host-')
  // What Python's cookie parser takes bare; all else must be quoted.
  const value = /^[\w!#$%&'*+.^`|~:-]*$/.test(cookie.value) ? cookie.value : `"${cookie.value}"`
  const parts = [
    `${cookie.name}=${value}`,
    `Path=${cookie.path}`,
    `Max-Age=${cookie.maxAgeSeconds}`,
    'SameSite=Lax',
    ...(cookie.readable ? [] : ['HttpOnly']),
    ...(secure ? ['Secure'] : []),
  ]
  reply.header('set-cookie', parts.join('; '))
}

/** Only this one gets the prefix: servers look for the session under its plain name. */
function loginPlace({ settings, urls }: HubContext): { name: string; path: string } {
  const { cookieHostPrefixEnabled } = settings().hub
  return cookieHostPrefixEnabled ? { name: `__Host-${loginCookie}`, path: '/' } : { name: loginCookie, path: urls.hub }
}

/** By the protocol that the browser speaks, which may differ from ours behind a proxy that ends TLS. */
function isSecure(context: HubContext, request: FastifyRequest): boolean {
  const { publicUrl } = context.settings().hub
  return publicUrl ? publicUrl.startsWith('https:') : request.protocol === 'https'
}

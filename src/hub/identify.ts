/**
 * Who makes a request. A token is tried first, then the login cookie with its session. What was found is kept until
 * anything about users, roles, tokens or sessions changes, so that a token in use costs a look into a map.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Caller } from './caller.ts'
import { CallerCache } from './caller-cache.ts'
import type { HubContext } from './context.ts'
import { type Login, readLogin, setXsrf } from './http/cookies.ts'
import { checkXsrf, type XsrfPlace, xsrfTokenOf } from './http/xsrf.ts'
import { callerOfLogin, callerOfToken, type KnownCaller } from './known-caller.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who makes this request; found out once. */
    caller(): Promise<Caller>
    /** The login that the caller was recognised by, null for tokens and strangers. After `caller()`. */
    login(): Login | null
    /** What forms and scripts of the page must send back as `_xsrf`. After `caller()`. */
    xsrfToken(): string
    identification: Identification | null
  }
  interface FastifyContextConfig {
    /** `sign-in`: see XsrfPlace. `none`: the route is meant for other sites, too, or cares for itself. */
    xsrf?: 'sign-in' | 'none'
    /** False: the request does not count as activity of its user, e.g. what forgotten tabs keep asking. */
    activity?: false
  }
}

interface Identification {
  found: Promise<KnownCaller>
  known: KnownCaller | null
  xsrfToken: { readonly value: string; readonly isNew: boolean } | null
}

/** Gives every request `caller()`, `login()` and `xsrfToken()`, and refuses those that fail the XSRF rules. */
export function registerIdentity(app: FastifyInstance, context: HubContext): void {
  const cache = new CallerCache(context)
  app.decorateRequest('identification', null)
  app.decorateRequest('caller', async function (this: FastifyRequest) {
    return (await identification(this).found).caller
  })
  app.decorateRequest('login', function (this: FastifyRequest) {
    return settled(this).login
  })
  app.decorateRequest('xsrfToken', function (this: FastifyRequest) {
    const known = settled(this)
    this.identification!.xsrfToken ??= xsrfTokenOf(context, this, known.login)
    return this.identification!.xsrfToken.value
  })
  app.addHook('preHandler', async (request) => {
    const place = xsrfPlace(context, request)
    if (place === null || !maybeForged(request, place)) return
    await request.caller()
    const { caller, login } = settled(request)
    const via = caller.kind === 'anonymous' ? 'nothing' : caller.via
    checkXsrf(context, request, { place, via, login })
  })
  app.addHook('onSend', async (request, reply) => {
    const { xsrfToken, known } = request.identification ?? {}
    if (!xsrfToken?.isNew || !isNavigation(request)) return
    setXsrf(context, { request, reply }, { value: xsrfToken.value, signedIn: known?.login != null })
  })

  function identification(request: FastifyRequest): Identification {
    if (request.identification === null) {
      const made: Identification = { found: identify(cache, request), known: null, xsrfToken: null }
      made.found = made.found.then((known) => {
        made.known = known
        return known
      })
      request.identification = made
    }
    return request.identification
  }
}

function settled(request: FastifyRequest): KnownCaller {
  const known = request.identification?.known
  if (!known) throw new Error('request.caller() must have been awaited before')
  return known
}

function xsrfPlace({ urls }: HubContext, { routeOptions, is404 }: FastifyRequest): XsrfPlace | null {
  const { url, config } = routeOptions
  // The login cookie goes to nothing outside /hub/.
  if (is404 || config.xsrf === 'none' || !url?.startsWith(urls.hub)) return null
  if (config.xsrf === 'sign-in') return 'sign-in'
  return isApi(urls, url) ? 'api' : 'page'
}

/** Saves finding out who asks for most pages. */
function maybeForged({ method }: FastifyRequest, place: XsrfPlace): boolean {
  return !(method === 'HEAD' || method === 'OPTIONS' || (method === 'GET' && place !== 'api'))
}

function isNavigation({ headers }: FastifyRequest): boolean {
  return (headers['sec-fetch-mode'] ?? 'navigate') === 'navigate'
}

/** By the route, not by the address, which can be written in many ways. The consent page is none of the API's. */
function isApi(urls: HubContext['urls'], route: string | undefined): boolean {
  return (route?.startsWith(`${urls.hub}api/`) ?? false) && !route?.startsWith(`${urls.hub}api/oauth2/`)
}

const stranger: KnownCaller = { caller: { kind: 'anonymous' }, login: null, expiresAt: null, isServer: false }

async function identify(cache: CallerCache, request: FastifyRequest): Promise<KnownCaller> {
  const { context } = cache
  const [, secret] = /^(?:token|bearer)\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  const login = secret === undefined ? readLogin(context, request) : null
  if (secret === undefined && (login === null || postsForm(context, request))) return stranger
  const key = secret === undefined ? `${login?.cookieId}:${login?.sessionId}` : digestOf(secret)
  const known = await cache.get(key, () =>
    secret === undefined ? callerOfLogin(context, login!) : callerOfToken(context, secret),
  )
  if (!known) return stranger
  if (request.routeOptions.config.activity !== false) await cache.touch(key, known)
  return known
}

/** A page of another site can make a browser post a form, but no JSON. */
function postsForm({ urls }: HubContext, request: FastifyRequest): boolean {
  const type = request.headers['content-type']
  if (request.method !== 'POST' || type === undefined || /^application\/json\b/i.test(type)) return false
  return isApi(urls, request.routeOptions.url)
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}

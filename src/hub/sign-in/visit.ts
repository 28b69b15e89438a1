/** A request as authenticators see it, with the attempts that go over several of them. */
import type { FastifyRequest } from 'fastify'
import type { Attempt, AttemptProblem, SignInForm, Visit } from '#authenticators'
import { seal, unseal } from '#base/seal.ts'
import { attemptState, browserHash, saveAttempt, takeAttempt } from '#store'
import type { HubContext } from '../context.ts'
import { browserCookies, type Exchange, rememberBrowser } from '../http/cookies.ts'
import { languageOf } from '../pages/index.ts'
import { formOf, publicOrigin, rawBodyOf, wantedPath } from './form.ts'

/** How one of the ways of signing in stands in this hub. */
export interface Mount {
  readonly id: string
  /** What stands before its paths below the hub, e.g. `auth/github/`; empty for most. */
  readonly prefix: string
}

export interface VisitOptions {
  readonly mount: Mount
  /** No cookies come with such requests, whoever sends them. */
  readonly isCookieless?: boolean
  /** Null where no browser is that could be remembered. */
  readonly reply: Exchange['reply'] | null
  readonly form?: SignInForm
}

export interface OpenVisit {
  readonly visit: Visit
  /** The hash of the browser that began an attempt which this visit took. */
  browserOf(attempt: Attempt): string
}

const lifetimeMs = 30 * 60_000

export function openVisit(context: HubContext, request: FastifyRequest, options: VisitOptions): OpenVisit {
  const { mount, isCookieless = false, reply } = options
  const origin = publicOrigin(context, request)
  const browsers = new WeakMap<Attempt, string>()
  const next = wantedPath(context, request)
  const visit: Visit = {
    clientIp: request.ip,
    hops: request.ips ?? [request.ip],
    headers: request.headers,
    method: request.method,
    url: new URL(request.url, origin),
    form: options.form ?? formOf(request),
    body: rawBodyOf(request),
    language: languageOf(request),
    hubUrl: `${origin}${context.urls.hub}`,
    next,
    routeUrl: (path) => `${origin}${routePath(context, mount, path)}`,
    begin: async (data, { lifetimeMs: ms = lifetimeMs, next: wanted = next } = {}) => {
      if (reply === null) throw new Error('A program can begin no attempt')
      const browser = browserHash(rememberBrowser(context, { request, reply }))
      return beginAttempt(context, { way: mount.id, browser, data, next: wanted, lifetimeMs: ms })
    },
    take: async (id) => {
      const taken = await takeOwn(context, request, { id, way: mount.id, isCookieless })
      if (taken.kind === 'attempt') browsers.set(taken, taken.browser)
      return taken
    },
  }
  return { visit, browserOf: (attempt) => browsers.get(attempt)! }
}

/** The path of a route on this site. */
export function routePath({ urls }: HubContext, { prefix }: Mount, path: string): string {
  return path.startsWith('/') ? `${urls.base}${path.slice(1)}` : `${urls.hub}${prefix}${path}`
}

export async function beginAttempt(
  { store, cookieSecret, clock, random }: HubContext,
  attempt: { way: string; browser: string; data: unknown; next: string | null; lifetimeMs?: number },
): Promise<string> {
  const id = random.hex32()
  const now = clock.now()
  const sealed = seal(cookieSecret, JSON.stringify({ id, data: attempt.data ?? null }), random)
  const { way, browser, next } = attempt
  const expiresAt = now + (attempt.lifetimeMs ?? lifetimeMs)
  await saveAttempt(store.db, { id, way, browser, sealed, next, now, expiresAt })
  return id
}

type Taken = Attempt & { readonly browser: string }

async function takeOwn(
  context: HubContext,
  request: FastifyRequest,
  { id, way, isCookieless }: { id: string; way: string; isCookieless: boolean },
): Promise<Taken | AttemptProblem> {
  if (!/^[0-9a-f]{32}$/.test(id)) return { kind: 'unknown' }
  const { db } = context.store
  const key = { id, way, now: context.clock.now() }
  const { kind, isSameBrowser } = await attemptState(db, key, browserCookies(request))
  if (kind !== 'open') return { kind }
  if (!isSameBrowser && !isCookieless) return { kind: 'foreign' }
  const stored = await takeAttempt(db, key)
  const opened = stored && unseal(context.cookieSecret, stored.sealed)
  if (!opened) return { kind: 'used' }
  const { id: sealedId, data } = JSON.parse(opened) as { id: string; data: unknown }
  // A row with the contents of another one would be somebody else's doing.
  if (sealedId !== id) return { kind: 'unknown' }
  return { kind: 'attempt', id, data, next: stored.next, isSameBrowser, browser: stored.browser }
}

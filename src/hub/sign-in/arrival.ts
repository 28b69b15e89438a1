/**
 * The last step of signing in where the one before was posted by another site, so that no cookie came with it: a page
 * of our own, which the browser opens with its cookies. Only the browser that began gets in, so that nobody can sign
 * another person in under a name of their own.
 */
import type { Identity } from '#authenticators'
import { browserHash } from '#store'
import type { HubContext } from '../context.ts'
import { type Exchange, rememberBrowser } from '../http/cookies.ts'
import { beginAttempt, openVisit } from './visit.ts'

const arrivals = { id: 'arrival', prefix: '' } as const
const lifetimeMs = 5 * 60_000

interface Arrival {
  readonly way: string
  readonly identity: Identity
}

export const arrivalPath = ({ urls }: HubContext): string => `${urls.hub}sign-in/arrival`

/** Where the browser goes on. `browser` null: nobody began, so it is bound to this one. */
export async function arrivalUrl(
  context: HubContext,
  exchange: Exchange,
  { way, identity, browser, next }: Arrival & { browser: string | null; next: string | null },
): Promise<string> {
  const id = await beginAttempt(context, {
    way: arrivals.id,
    browser: browser ?? browserHash(rememberBrowser(context, exchange)),
    data: { way, identity } satisfies Arrival,
    next,
    lifetimeMs,
  })
  return `${arrivalPath(context)}?attempt=${id}`
}

/** Errors: see `attemptProblem`. */
export async function takeArrival(context: HubContext, { request, reply }: Exchange, id: string) {
  const opened = openVisit(context, request, { mount: arrivals, reply })
  return { opened, taken: await opened.visit.take(id) }
}

export function arrivalOf(data: unknown): Arrival {
  // Safe: sealed by `arrivalUrl`.
  return data as Arrival
}

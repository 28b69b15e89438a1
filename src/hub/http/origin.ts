import type { FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'

/**
 * Where the page stands that made the browser send a request. `none`: a person typed the address or opened a
 * bookmark. `unknown`: neither header came, so it was a program or a very old browser.
 */
export type RequestOrigin = 'same-origin' | 'same-site' | 'cross-site' | 'none' | 'unknown'

/** `Sec-Fetch-Site` is the browser's own judgement; `Origin` is compared with our host where it is missing. */
export function originOf(context: HubContext, request: FastifyRequest): RequestOrigin {
  const site = request.headers['sec-fetch-site']
  if (site === 'same-origin' || site === 'same-site' || site === 'cross-site' || site === 'none') return site
  const { origin } = request.headers
  // `null` says that the browser hides the origin, for one of many reasons.
  if (origin === undefined || origin === 'null') return 'unknown'
  const host = hostOf(origin)
  return host !== null && ownHosts(context, request).includes(host) ? 'same-origin' : 'cross-site'
}

/** The names that browsers know the hub by, with the port where it is not the usual one. */
export function ownHosts(context: HubContext, request: FastifyRequest): readonly string[] {
  const { publicUrl } = context.settings().hub
  const own = publicUrl ? hostOf(publicUrl) : hostOf(`${request.protocol}://${request.host}`)
  return own === null ? [] : [own]
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null
}

/** The content security policy of pages. Answers of the API have one of their own. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { HubContext } from '../context.ts'

/** Forms on these pages lead on to a server, a service or an identity provider, which may live on another host. */
const leadsElsewhere = new Set(['login', 'oauth', 'spawn', 'logout', 'accept-share', 'post-on', 'second-factor'])

interface PageMark {
  readonly page: string
  readonly nonce: string
}

const marks = new WeakMap<FastifyRequest, PageMark>()

/** Notes which page answers the request; the nonce is empty unless the administrator's own templates need one. */
export function markPage(request: FastifyRequest, context: HubContext, page: string): PageMark {
  const mark = { page, nonce: isCustomised(context) ? context.random.bytes(16).toString('base64') : '' }
  marks.set(request, mark)
  return mark
}

/** Puts the headers of a page on every answer that is one, whoever rendered it. */
export function addPageHeaders(app: FastifyInstance, context: HubContext): void {
  app.addHook('onSend', async (request, reply) => {
    const mark = marks.get(request)
    if (mark === undefined || !String(reply.getHeader('content-type')).startsWith('text/html')) return
    if (!setsOwnPolicy(context)) reply.header('content-security-policy', policy(mark, context))
    reply.header('referrer-policy', 'same-origin')
    reply.header('vary', 'Accept-Language, Cookie')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
  })
}

function policy({ page, nonce }: PageMark, context: HubContext): string {
  const own = isCustomised(context)
  const parts = [
    `default-src 'self'`,
    own ? `script-src 'self' 'nonce-${nonce}'` : `script-src 'self'`,
    own ? `style-src 'self' 'unsafe-inline' https:` : `style-src 'self'`,
    own ? `font-src 'self' data: https:` : `font-src 'self'`,
    own ? `img-src 'self' data: https:` : `img-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    ...(leadsElsewhere.has(page) ? [] : [`form-action 'self'`]),
    `report-uri ${context.urls.hub}security/csp-report`,
  ]
  return parts.join('; ')
}

/** An administrator who embeds the hub elsewhere says so in the headers; those stand on the answer already. */
function setsOwnPolicy(context: HubContext): boolean {
  const names = Object.keys(context.settings().hub.extraHeaders ?? {})
  return names.some((name) => name.toLowerCase() === 'content-security-policy')
}

/** Templates and announcements of administrators use inline styles, and pictures and fonts from elsewhere. */
function isCustomised(context: HubContext): boolean {
  const { templatePaths, templateVars } = context.settings().hub
  return templatePaths.length > 0 || Object.keys(templateVars).length > 0
}

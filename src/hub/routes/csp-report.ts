/** Where browsers report what a page's content security policy stopped. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../context.ts'
import { scrub } from '../http/access-log.ts'
import type { Metrics } from '../metrics.ts'

const maxBytes = 16 * 1024

export function cspReportRoute(app: FastifyInstance, context: HubContext, metrics: Metrics): void {
  app.register(async (part) => {
    part.removeAllContentTypeParsers()
    part.addContentTypeParser('*', { parseAs: 'string', bodyLimit: maxBytes }, (_request, body, done) =>
      done(null, body),
    )
    const url = `${context.urls.hub}security/csp-report`
    part.post(url, { config: { xsrf: 'none', activity: false } }, async (request, reply) => {
      metrics.cspReported()
      context.log.warn({ ...summary(request.body), ip: request.ip }, 'A page broke its content security policy')
      return reply.code(204).send()
    })
  })
}

/** Anybody may send anything: only short texts of known fields reach the log. */
function summary(body: unknown): Record<string, string> {
  const report = parsed(body)['csp-report']
  const fields = typeof report === 'object' && report !== null ? (report as Record<string, unknown>) : {}
  const picked = ['document-uri', 'violated-directive', 'blocked-uri', 'source-file'] as const
  return Object.fromEntries(
    picked.flatMap((name) => {
      const value = fields[name]
      return typeof value === 'string' ? [[name, scrub(value.slice(0, 300))]] : []
    }),
  )
}

function parsed(body: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

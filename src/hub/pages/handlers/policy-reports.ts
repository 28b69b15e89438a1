/** What browsers report about breaches of the content security policy goes to the log, a few a minute. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'

const perMinute = 20
const types = ['application/csp-report', 'application/reports+json', 'application/json']

export function registerPolicyReports(app: FastifyInstance, context: HubContext): void {
  let minute = 0
  let count = 0
  app.register(async (reports) => {
    reports.removeAllContentTypeParsers()
    reports.addContentTypeParser(types, { parseAs: 'string', bodyLimit: 16_384 }, (_, body, done) => done(null, body))
    const config = { xsrf: 'none', activity: false } as const
    reports.post(`${context.urls.hub}security/csp-report`, { config }, async (request, reply) => {
      const now = Math.floor(context.clock.now() / 60_000)
      count = now === minute ? count + 1 : 1
      minute = now
      const report = reportOf(request.body)
      if (report !== null && count <= perMinute) context.log.warn(report, 'Content security policy was breached')
      return reply.code(204).send()
    })
  })
}

/** Addresses without their queries, which may hold secrets. */
function reportOf(body: unknown): Record<string, string> | null {
  try {
    const parsed: unknown = JSON.parse(String(body))
    const first = (Array.isArray(parsed) ? parsed[0]?.body : (parsed as Record<string, unknown>)['csp-report']) ?? {}
    const field = (...names: string[]) => {
      const value = names
        .map((name) => (first as Record<string, unknown>)[name])
        .find((each) => typeof each === 'string')
      return String(value ?? '')
        .split(/[?#]/, 1)[0]!
        .slice(0, 200)
    }
    return {
      page: field('document-uri', 'documentURL'),
      blocked: field('blocked-uri', 'blockedURL'),
      directive: field('effective-directive', 'effectiveDirective', 'violated-directive'),
    }
  } catch {
    return null // No report that a browser would send.
  }
}

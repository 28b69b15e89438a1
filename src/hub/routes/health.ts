/** For machines that watch the hub. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../context.ts'
import type { Metrics } from '../metrics.ts'
import { authorize } from './authorize.ts'

export function healthRoutes(app: FastifyInstance, context: HubContext, metrics: Metrics): void {
  const { hub } = context.urls
  const config = { activity: false } as const
  for (const prefix of [hub, `${hub}api/`]) {
    // Whether the process answers, not whether the database does: no restart of the hub would mend that.
    app.get(`${prefix}health`, { config }, async (_request, reply) => reply.code(200).send(''))
    app.get(`${prefix}metrics`, { config }, async (request, reply) => {
      if (context.settings().hub.authenticatePrometheus) {
        const access = { kind: 'scopes', anyOf: ['read:metrics'] } as const
        await authorize(context, await request.caller(), { access, target: null })
      }
      return reply.header('content-type', metrics.contentType).send(await metrics.text())
    })
  }
}

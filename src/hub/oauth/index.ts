/** The hub as OAuth 2 provider of its servers and services: authorization code grant, with and without PKCE. */
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../context.ts'
import { authorize } from './authorize/index.ts'
import type { Given } from './parameters.ts'
import { token } from './token/index.ts'

export { type ServerClient, type ServerOfClient, serverClient } from './server-client.ts'

export function registerOauth(app: FastifyInstance, context: HubContext): void {
  const at = `${context.urls.hub}api/oauth2`
  // A part of its own: forms are read here only.
  app.register(async (part) => {
    part.register(formbody)
    part.route({
      method: ['GET', 'POST'],
      url: `${at}/authorize`,
      handler: (request, reply) => authorize({ context, request, reply, given: request.query as Given }),
    })
    // Clients prove themselves by their secret; what cookies come along means nothing.
    const config = { xsrf: 'none', activity: false } as const
    part.post(`${at}/token`, { config }, (request, reply) => token(context, request, reply))
  })
}

/** `{hub}error/<code>`: the page that the proxy shows when a server does not answer. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../context.ts'
import { errors } from '../../http/errors.ts'
import { renderError } from '../render.ts'
import { sendPage } from '../send-page.ts'
import { paramOf } from '../visit.ts'

export function registerProxyErrors(app: FastifyInstance, context: HubContext): void {
  app.get(`${context.urls.hub}error/:code`, { config: { activity: false } }, async (request, reply) => {
    const code = paramOf(request, 'code')
    if (!/^[45]\d\d$/.test(code)) throw errors.NOT_FOUND(undefined)
    const status = Number(code)
    return sendPage(reply, await renderError(request, context, { status }), status)
  })
}

/** The routes that authenticators bring with them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Authenticator, type AuthenticatorRoute, attemptDenial } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import { arrivalOf, arrivalPath, takeArrival } from './arrival.ts'

import { queryText } from './form.ts'
import type { Entrance } from './login.ts'
import { answering } from './steps.ts'
import { openVisit, routePath } from './visit.ts'

const bodyBytes = 256 * 1024

export function registerWayRoutes(part: FastifyInstance, entrance: Entrance): void {
  for (const way of entrance.context.authenticators) {
    for (const route of way.routes ?? []) addRoute(part, entrance, { way, route })
  }
  part.get(arrivalPath(entrance.context), { exposeHeadRoute: false }, (request, reply) =>
    finish(entrance, request, reply),
  )
}

function addRoute(
  part: FastifyInstance,
  { context, mounts }: Entrance,
  { way, route }: { way: Authenticator; route: AuthenticatorRoute },
): void {
  const mount = mounts.get(way.id)!
  const isPeoples = route.from === 'people'
  part.route({
    method: route.method,
    url: routePath(context, mount, route.path),
    exposeHeadRoute: false,
    bodyLimit: route.maxBodyBytes ?? bodyBytes,
    config: { xsrf: isPeoples ? 'sign-in' : 'none' },
    handler: async (request, reply) => {
      // A browser that looks ahead must not use anything up.
      if (request.headers['sec-purpose'] !== undefined) return reply.code(503).send()
      const isCookieless = !isPeoples || route.path.startsWith('/')
      const isProgram = route.from === 'programs'
      const opened = openVisit(context, request, { mount, isCookieless, reply: isProgram ? null : reply })
      const stepping = {
        context,
        exchange: { request, reply },
        way,
        opened,
        route: { isUnasked: route.isUnasked === true },
      }
      if (!isProgram) return answering(stepping, () => route.run(opened.visit))
      return answerProgram(reply, async () => {
        const step = await route.run(opened.visit)
        if (step.kind !== 'answer') throw new Error(`A program was to be answered with ${step.kind}`)
        return step
      })
    },
  })
}

async function answerProgram(
  reply: FastifyReply,
  work: () => Promise<{ status: number; type: string; body: string; headers?: Readonly<Record<string, string>> }>,
): Promise<FastifyReply> {
  try {
    const { status, type, body, headers } = await work()
    return reply
      .code(status)
      .headers({ 'cache-control': 'no-store', ...headers })
      .type(type)
      .send(body)
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    return reply.code(error.status).type('text/plain; charset=utf-8').send(error.message)
  }
}

/** The browser comes with its cookies for what another site posted. */
async function finish(entrance: Entrance, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { context } = entrance
  const exchange = { request, reply }
  const { opened, taken } = await takeArrival(context, exchange, queryText(request, 'attempt') ?? '')
  const arrival = taken.kind === 'attempt' ? arrivalOf(taken.data) : null
  const way = context.authenticators.find(({ id }) => id === arrival?.way)
  const stepping = { context, exchange, opened, way: way ?? entrance.link, route: { isUnasked: false } }
  return answering(stepping, async () => {
    if (taken.kind !== 'attempt') return attemptDenial(taken)
    if (!way) return attemptDenial({ kind: 'unknown' })
    return { kind: 'identity', identity: arrival!.identity, attempt: taken }
  })
}

import type { FastifyInstance } from 'fastify'
import { errors } from '../http/errors.ts'

const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** From now on, paths that know one method answer 405 to the others, and say which they know. */
export function refuseOtherMethods(app: FastifyInstance): () => void {
  const known = new Map<string, Set<string>>()
  let done = false
  app.addHook('onRoute', ({ url, method }) => {
    if (done) return
    // `/` stands for the prefix with and without a slash.
    const path = url.slice(app.prefix.length) || '/'
    const methods = known.get(path) ?? new Set()
    known.set(path, methods)
    for (const one of [method].flat()) methods.add(one)
  })
  return () => {
    done = true
    for (const [url, methods] of known) {
      const others = all.filter((method) => !methods.has(method))
      if (others.length === 0) continue
      app.route({
        method: [...others],
        url,
        config: { xsrf: 'none' },
        ...(others.includes('HEAD') ? {} : { exposeHeadRoute: false }),
        handler: async (_request, reply) => {
          reply.header('allow', [...methods].join(', '))
          throw errors.METHOD_NOT_ALLOWED(undefined)
        },
      })
    }
  }
}

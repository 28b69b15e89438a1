import type { FastifyReply } from 'fastify'

/** Answers with HTML. */
export function sendPage(reply: FastifyReply, html: string, status = 200): FastifyReply {
  return reply.code(status).header('content-type', 'text/html; charset=utf-8').send(html)
}

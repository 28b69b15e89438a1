import type { FastifyRequest } from 'fastify'

export function xsrfOf(request: FastifyRequest): string {
  return (request as unknown as { xsrfToken?: () => string }).xsrfToken?.() ?? ''
}

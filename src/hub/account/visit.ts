import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../caller.ts'
import type { HubContext } from '../context.ts'
import { type Text, textOf } from '../pages/index.ts'
import { accountErrors as errors } from './errors.ts'

export interface AccountVisit {
  readonly context: HubContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Extract<Caller, { kind: 'user' }>
  readonly t: Text
  /** Of the form that was posted, and of the address; empty where there is none. */
  field(name: string): string
  query(name: string): string
}

/** By cookie alone: a token could otherwise end sessions, or change what guards its owner. Errors: ACCOUNT_NOT_YOURS. */
export function forOwners(context: HubContext, handle: (visit: AccountVisit) => Promise<FastifyReply>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const caller = await request.caller()
    if (caller.kind === 'anonymous') {
      const next = request.method === 'GET' ? request.url : `${context.urls.hub}account`
      return reply.redirect(`${context.urls.hub}login?next=${encodeURIComponent(next)}`, 302)
    }
    if (caller.kind !== 'user' || caller.via !== 'cookie') throw errors.ACCOUNT_NOT_YOURS(undefined)
    const text = (record: unknown, name: string) => {
      const value = (record as Record<string, unknown> | null | undefined)?.[name]
      return typeof value === 'string' ? value : ''
    }
    return handle({
      context,
      request,
      reply,
      caller,
      t: textOf(request),
      field: (name) => text(request.body, name),
      query: (name) => text(request.query, name),
    })
  }
}

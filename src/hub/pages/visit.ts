/** A page asked for by somebody who is signed in, with what its handler needs at hand. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { hasScope, hasScopeSomewhere } from '#access'
import { findUser, groupsOf } from '#store'
import type { Caller } from '../caller.ts'
import type { HubContext } from '../context.ts'
import { membershipFor } from '../effective-scopes.ts'
import { ownHosts } from '../http/origin.ts'
import { safeNext } from '../next-url.ts'
import { errors } from './errors.ts'
import { textOf } from './render.ts'
import type { Text } from './texts/language.ts'

export interface Visit {
  readonly context: HubContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly caller: Extract<Caller, { kind: 'user' }>
  readonly t: Text
}

/** Strangers are sent to the sign-in page and come back afterwards; services have no pages. */
export function forVisitors(context: HubContext, handle: (visit: Visit) => Promise<FastifyReply>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const caller = await request.caller()
    if (caller.kind === 'service') throw errors.NOT_ALLOWED(undefined)
    if (caller.kind === 'anonymous') return reply.redirect(signInUrl(context, request.url), 302)
    return handle({ context, request, reply, caller, t: textOf(request) })
  }
}

export function signInUrl(context: HubContext, next: string): string {
  return `${context.urls.hub}login?next=${encodeURIComponent(next)}`
}

export interface Owner {
  readonly userId: number
  readonly name: string
  readonly admin: boolean
  readonly groups: readonly string[]
}

/**
 * The user whose server a page is about, when the visitor holds the scope on that server. Errors: NOT_ALLOWED,
 * SERVER_NOT_FOUND (also for users that exist but may not be seen).
 */
export async function ownerOf(
  { context, caller }: Visit,
  server: { readonly user: string; readonly name: string },
  scope: string,
): Promise<Owner> {
  const membership = await membershipFor(context, caller.scopes, new Set([`${scope}!user=${server.user}`]))
  const target = { kind: 'server', name: `${server.user}/${server.name}` } as const
  if (!hasScope(caller.scopes, scope, target, membership)) {
    throw hasScopeSomewhere(caller.scopes, scope) ? errors.SERVER_NOT_FOUND(undefined) : errors.NOT_ALLOWED(undefined)
  }
  if (server.user === caller.name) return caller
  const user = await findUser(context.store.db, server.user)
  if (user === null) throw errors.SERVER_NOT_FOUND(undefined)
  return { userId: user.id, name: user.name, admin: user.admin, groups: await groupsOf(context.store.db, user.id) }
}

/** Where `?next=` leads, if that is a place on this site. */
export function nextOf({ context, request }: Pick<Visit, 'context' | 'request'>): string | null {
  return safeNext(fieldOf(request.query, 'next') ?? undefined, ownHosts(context, request))
}

/** One text field of a query or a form; null when it isn't there. Errors: FORM_INVALID for a repeated one. */
export function fieldOf(record: unknown, name: string): string | null {
  const value = (record as Record<string, unknown> | null | undefined)?.[name]
  if (value === undefined) return null
  if (typeof value !== 'string') throw errors.FORM_INVALID(undefined)
  return value
}

/** A parameter of the path, empty when it isn't there. */
export function paramOf(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? ''
}

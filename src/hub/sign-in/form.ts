import type { FastifyRequest } from 'fastify'
import type { SignInForm, Visit } from '#authenticators'
import type { HubContext } from '../context.ts'
import { xsrfCookie } from '../http/cookies.ts'
import { ownHosts } from '../http/origin.ts'
import { safeNext } from '../next-url.ts'
import { landingPath } from '../pages/index.ts'

/** The posted fields but `_xsrf`; of a field that came twice the first. The user name without spaces around it. */
export function formOf({ body }: FastifyRequest): SignInForm {
  const fields = Object.entries((body ?? {}) as Record<string, unknown>)
    .map(([name, value]) => [name, Array.isArray(value) ? value[0] : value] as const)
    .filter((field): field is [string, string] => typeof field[1] === 'string' && field[0] !== xsrfCookie)
  const form = Object.fromEntries(fields)
  return form.username === undefined ? form : { ...form, username: form.username.trim() }
}

/** One text parameter of the query. */
export function queryText({ query }: FastifyRequest, name: string): string | undefined {
  const value = (query as Record<string, unknown>)[name]
  return typeof value === 'string' ? value : undefined
}

export function visitOf(context: HubContext, request: FastifyRequest): Visit {
  const { publicUrl } = context.settings().hub
  const origin = publicUrl ? new URL(publicUrl).origin : `${request.protocol}://${request.host}`
  return { clientIp: request.ip, headers: request.headers, hubUrl: `${origin}${context.urls.hub}` }
}

/** Where the visitor wanted to go, if that is on this site. */
export function wantedPath(context: HubContext, request: FastifyRequest): string | null {
  return safeNext(queryText(request, 'next'), ownHosts(context, request))
}

export async function pathAfterSignIn(
  context: HubContext,
  request: FastifyRequest,
  user: { readonly userId: number; readonly name: string },
): Promise<string> {
  return wantedPath(context, request) ?? (await landingPath(context, user))
}

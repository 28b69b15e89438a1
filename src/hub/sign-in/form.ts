import type { FastifyRequest } from 'fastify'
import type { SignInForm } from '#authenticators'
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

/** `https://hub.example.org`, as browsers know it. */
export function publicOrigin(context: HubContext, request: FastifyRequest): string {
  const { publicUrl } = context.settings().hub
  return publicUrl ? new URL(publicUrl).origin : `${request.protocol}://${request.host}`
}

const rawBodies = new WeakMap<FastifyRequest, string>()

/** Reads forms and keeps their text: signatures cover it. A field that comes twice is a list. */
export function parseForm(request: FastifyRequest, body: string): Record<string, string | string[]> {
  rawBodies.set(request, body)
  const fields = new URLSearchParams(body)
  const names = new Set(fields.keys())
  const read = [...names].map((name) => {
    const values = fields.getAll(name)
    return [name, values.length === 1 ? values[0]! : values] as const
  })
  return Object.assign(Object.create(null), Object.fromEntries(read))
}

/** The body as it came; empty where there was none, or none that this part of the hub reads. */
export function rawBodyOf(request: FastifyRequest): string {
  return rawBodies.get(request) ?? (typeof request.body === 'string' ? request.body : '')
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

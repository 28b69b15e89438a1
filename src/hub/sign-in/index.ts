/** How people come in and go: sign-in by form, by link or over other sites, sign-up, sign-out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAuthenticators } from '#authenticators'
import type { HubContext } from '../context.ts'
import { decideApproval, showApprovals } from './approvals.ts'
import { Attempts } from './attempts.ts'
import { authenticatorDeps } from './authenticator-deps.ts'
import { parseForm } from './form.ts'
import { showSignIns } from './log-page.ts'
import { type Entrance, showLogin, submitCode, submitLogin } from './login.ts'
import { logout } from './logout.ts'
import { mountsOf } from './mounts.ts'
import { refreshUser } from './refresh.ts'
import { registerWayRoutes } from './routes.ts'
import { secondStepPath } from './second-step.ts'
import { showSignUp, submitSignUp } from './sign-up.ts'

export { authenticatorDeps } from './authenticator-deps.ts'
export { type Explanation, explain } from './explain.ts'
export { createSignInLink } from './link.ts'
export { approveSignUp, discardSignUp, setPassword } from './passwords.ts'
export { refreshBeforeStart, refreshUser } from './refresh.ts'

const formBytes = 64 * 1024

export function registerSignIn(app: FastifyInstance, context: HubContext): void {
  const { hub } = context.urls
  // A part of its own: forms are read here only.
  app.register(async (part) => {
    part.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytes },
      async (request: FastifyRequest, body: string) => parseForm(request, body),
    )
    part.addContentTypeParser(
      ['text/xml', 'application/soap+xml'],
      { parseAs: 'string' },
      async (_: FastifyRequest, body: string) => body,
    )
    const [link] = await createAuthenticators([], authenticatorDeps(context))
    const entrance: Entrance = {
      context,
      mounts: mountsOf(context.authenticators),
      link: link!,
      attempts: new Attempts(context, { what: 'sign-in', free: 10 }),
      signUps: new Attempts(context, { what: 'sign-up', free: 200 }),
    }
    const config = { xsrf: 'sign-in' } as const
    part.get(`${hub}login`, (request, reply) => showLogin(entrance, { request, reply }))
    part.post(`${hub}login`, { config }, (request, reply) => submitLogin(entrance, { request, reply }))
    part.get(`${hub}signup`, (request, reply) => showSignUp(entrance, { request, reply }))
    part.post(`${hub}signup`, { config }, (request, reply) => submitSignUp(entrance, { request, reply }))
    part.get(`${hub}authorize`, (request, reply) => showApprovals(context, { request, reply }))
    part.post(`${hub}authorize`, (request, reply) => decideApproval(context, { request, reply }))
    part.get(`${hub}sign-ins`, (request, reply) => showSignIns(context, { request, reply }))
    const leave = (request: FastifyRequest, reply: FastifyReply) => logout(entrance, { request, reply })
    part.get(`${hub}logout`, leave)
    part.post(`${hub}logout`, leave)
    part.post(secondStepPath(context), { config }, (request, reply) => submitCode(entrance, { request, reply }))
    part.get(secondStepPath(context), async (_, reply) => reply.redirect(`${hub}login`, 302))
    registerWayRoutes(part, entrance)
  })
  refreshWhileHere(app, context)
}

/** After an answer, so that nobody waits; the next request sees what came of it. */
function refreshWhileHere(app: FastifyInstance, context: HubContext): void {
  if (!context.authenticators.some(({ refresh }) => refresh)) return
  app.addHook('onResponse', async (request) => {
    const caller = request.identification?.known?.caller
    if (caller?.kind !== 'user' || caller.via !== 'cookie') return
    await refreshUser(context, caller.userId, { isForced: false })
  })
}

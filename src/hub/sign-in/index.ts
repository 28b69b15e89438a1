/** How people come in and go: sign-in by form or one-time link, sign-up, sign-out. */
import formbody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { createAuthenticators } from '#authenticators'
import type { HubContext } from '../context.ts'
import { decideApproval, showApprovals } from './approvals.ts'
import { Attempts } from './attempts.ts'
import { authenticatorDeps } from './authenticator-deps.ts'
import { type Entrance, showLogin, submitLogin } from './login.ts'
import { logout } from './logout.ts'
import { showSignUp, submitSignUp } from './sign-up.ts'

export { authenticatorDeps } from './authenticator-deps.ts'
export { createSignInLink } from './link.ts'
export { approveSignUp, discardSignUp, setPassword } from './passwords.ts'

const formBytes = 64 * 1024

export function registerSignIn(app: FastifyInstance, context: HubContext): void {
  const { hub } = context.urls
  // A part of its own: forms are read here only.
  app.register(async (part) => {
    part.register(formbody, { bodyLimit: formBytes })
    const [link] = await createAuthenticators(['local'], authenticatorDeps(context))
    const entrance: Entrance = {
      context,
      link: link!,
      attempts: new Attempts({ free: 10 }),
      signUps: new Attempts({ free: 200 }),
    }
    const config = { xsrf: 'sign-in' } as const
    part.get(`${hub}login`, (request, reply) => showLogin(entrance, { request, reply }))
    part.post(`${hub}login`, { config }, (request, reply) => submitLogin(entrance, { request, reply }))
    part.get(`${hub}signup`, (request, reply) => showSignUp(entrance, { request, reply }))
    part.post(`${hub}signup`, { config }, (request, reply) => submitSignUp(entrance, { request, reply }))
    part.get(`${hub}authorize`, (request, reply) => showApprovals(context, { request, reply }))
    part.post(`${hub}authorize`, (request, reply) => decideApproval(context, { request, reply }))
    const leave = (request: FastifyRequest, reply: FastifyReply) => logout(context, { request, reply })
    part.get(`${hub}logout`, leave)
    part.post(`${hub}logout`, leave)
  })
}

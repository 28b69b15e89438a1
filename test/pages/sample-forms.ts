/** Pages whose handlers live elsewhere, with variables as those handlers give them. */
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../../src/hub/context.ts'
import { render, sendPage } from '../../src/hub/pages/index.ts'

const form = { login_form: true, asks_password: true, login_services: [], authenticator_login_url: '/hub/login?next=' }

export const sampleForms: Readonly<Record<string, [template: string, variables: Record<string, unknown>]>> = {
  login: ['login', { ...form, user: null, signup_url: '/hub/signup', login_link: true }],
  'login-failed': [
    'login',
    {
      ...form,
      user: null,
      username: 'ada',
      login_error: 'User name or password is wrong.',
      login_services: [{ name: 'University account', url: '/hub/oauth_login' }],
    },
  ],
  signup: ['signup', { user: null, minimum_password_length: 10 }],
  logout: ['logout', { user: null }],
  approvals: ['approvals', { names: ['grace', 'emmy <noether>'], notice: 'grace' }],
  oauth: [
    'oauth',
    {
      oauth_client: {
        identifier: 'service-grader',
        description: 'Grading service',
        redirect_uri: '/services/grader/cb',
      },
      allowed_scopes: ['access:services!service=grader', 'read:users:name!user=ada'],
      scope_descriptions: [
        { scope: '', description: 'Know who you are.', filter: '' },
        { scope: 'access:services!service=grader', description: 'Use services.', filter: 'service:grader' },
      ],
    },
  ],
}

export function registerSampleForms(app: FastifyInstance, context: HubContext): void {
  for (const [name, [template, variables]] of Object.entries(sampleForms)) {
    app.get(`/hub/sample/${name}`, async (request, reply) =>
      sendPage(reply, await render(request, context, template, variables)),
    )
  }
}

/** The page of an account: where somebody is signed in, their password and their second factor. */
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'
import type { HubContext } from '../context.ts'
import { accountErrors as errors } from './errors.ts'
import { showAccount } from './page.ts'
import { changePassword } from './password.ts'
import { changeSecondFactor } from './second-factor.ts'
import { endSessions } from './sessions.ts'
import { subjectOf } from './subject.ts'
import { type AccountVisit, forOwners } from './visit.ts'

export function registerAccount(app: FastifyInstance, context: HubContext): void {
  const { hub } = context.urls
  app.register(async (part) => {
    if (!part.hasContentTypeParser('application/x-www-form-urlencoded')) await part.register(formbody)
    part.get(
      `${hub}account`,
      forOwners(context, async (visit) => showAccount(await subjectOf(visit, visit.query('user')), {})),
    )
    part.post(
      `${hub}account`,
      forOwners(context, async (visit) => act(visit)),
    )
    // Where NativeAuthenticator and FirstUseAuthenticator have it.
    for (const path of ['change-password', 'auth/change-password'])
      part.get(`${hub}${path}`, async (_, reply) => reply.redirect(`${hub}account`, 302))
  })
}

async function act(visit: AccountVisit) {
  const subject = await subjectOf(visit, visit.field('user'))
  switch (visit.field('action')) {
    case 'end-session':
    case 'end-others':
      return showAccount(subject, await endSessions(subject))
    case 'password':
      return showAccount(subject, await changePassword(subject))
    case 'second-factor':
    case 'confirm':
    case 'codes':
    case 'remove':
      return showAccount(subject, await changeSecondFactor(subject))
    default:
      throw errors.ACTION_UNKNOWN(undefined)
  }
}

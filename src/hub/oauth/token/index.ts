/** POST `/hub/api/oauth2/token`: a client exchanges the code that a browser brought it for an access token. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '#base/errors.ts'
import type { HubContext } from '../../context.ts'
import { protocolCode, protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { missing, refuseParameter } from '../refusals.ts'
import { authenticatedClient } from './client.ts'
import { exchange } from './exchange.ts'
import { checkGrantType } from './grant-type.ts'

export async function token(context: HubContext, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store').header('pragma', 'no-cache')
  try {
    return await reply.send(await granted(context, formOf(request)))
  } catch (error) {
    const code = protocolCode(error)
    if (code === null) throw error
    const status = code === 'invalid_client' ? 401 : 400
    return reply.code(status).send({ error: code, error_description: messageOf(error) })
  }
}

/** Errors: OAUTH_INVALID_REQUEST, OAUTH_INVALID_CLIENT, OAUTH_INVALID_GRANT, OAUTH_UNSUPPORTED_GRANT_TYPE. */
async function granted(context: HubContext, given: Given) {
  checkGrantType(given)
  const client = await authenticatedClient(context, given)
  const code = parameter(given, 'code', refuseParameter)
  if (code === undefined) throw missing('code')
  const redirectUri = parameter(given, 'redirect_uri', refuseParameter)
  const verifier = parameter(given, 'code_verifier', refuseParameter)
  const outcome = await exchange(context, { client, code, redirectUri, verifier })
  if (outcome.kind === 'refused') throw protocolErrors.OAUTH_INVALID_GRANT({ why: outcome.why })
  return {
    access_token: outcome.secret,
    expires_in: context.settings().hub.oauthTokenExpiresInSeconds,
    token_type: 'Bearer',
    scope: outcome.scopes.join(' '),
  }
}

function formOf({ body, headers }: FastifyRequest): Given {
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  if (isForm && typeof body === 'object' && body !== null) return body as Given
  throw protocolErrors.OAUTH_INVALID_REQUEST({ why: 'The body must be application/x-www-form-urlencoded.' })
}

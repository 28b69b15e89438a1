import { chosenRounds, findOauthClient, hashToken, matchesHash, type OauthClientRow } from '#store'
import type { HubContext } from '../../context.ts'
import { protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { refuseParameter } from '../refusals.ts'

/** Matches nothing, and takes as long to say so as a real one. */
const nobodysSecret = hashToken('nobody', chosenRounds, '0'.repeat(16)).replace(/[^:]*$/, '0'.repeat(128))

/** Knows the client by id and secret, both in the form. Errors: OAUTH_INVALID_REQUEST, OAUTH_INVALID_CLIENT. */
export async function authenticatedClient(context: HubContext, given: Given): Promise<OauthClientRow> {
  const identifier = parameter(given, 'client_id', refuseParameter) ?? ''
  const secret = parameter(given, 'client_secret', refuseParameter) ?? ''
  const client = await findOauthClient(context.store.db, identifier)
  const isRight = matchesHash(secret, client?.secret || nobodysSecret)
  if (!client || !isRight) throw protocolErrors.OAUTH_INVALID_CLIENT(undefined)
  return client
}

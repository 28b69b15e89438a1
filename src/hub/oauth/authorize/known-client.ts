import type { Target } from '#access'
import { clientTarget, findOauthClient, type OauthClientRow } from '#store'
import type { HubContext } from '../../context.ts'
import { errors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'

export interface Client extends OauthClientRow {
  /** The server or service that it stands for. */
  readonly target: Target | null
}

/** Errors: OAUTH_PARAMETER_INVALID, OAUTH_CLIENT_UNKNOWN. */
export async function knownClient(context: HubContext, given: Given): Promise<Client> {
  const { db } = context.store
  const refuse = (parameter: string) => errors.OAUTH_PARAMETER_INVALID({ parameter })
  const identifier = parameter(given, 'client_id', refuse)
  if (identifier === undefined) throw refuse('client_id')
  const client = await findOauthClient(db, identifier)
  // Without a secret it could never use what it gets.
  if (!client || client.secret === '') throw errors.OAUTH_CLIENT_UNKNOWN({ client: identifier })
  return { ...client, target: await clientTarget(db, identifier) }
}

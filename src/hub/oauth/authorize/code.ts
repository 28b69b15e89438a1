import { saveCode } from '#store'
import type { HubContext } from '../../context.ts'
import type { Challenge } from './challenge.ts'
import type { Client } from './known-client.ts'
import type { Person } from './signed-in.ts'

export const codeLifetimeMs = 300_000
const codeLength = 30

export interface Grant {
  readonly person: Person
  readonly client: Client
  readonly redirectUri: string
  readonly scopes: readonly string[]
  readonly challenge: Challenge | null
}

/** A code that the client may exchange for a token, once. */
export async function giveCode(context: HubContext, grant: Grant): Promise<string> {
  const code = context.random.alphanumeric(codeLength)
  await saveCode(context.store.db, {
    code,
    clientId: grant.client.identifier,
    userId: grant.person.userId,
    redirectUri: grant.redirectUri,
    sessionId: grant.person.sessionId,
    scopes: grant.scopes,
    codeChallenge: grant.challenge?.value ?? null,
    codeChallengeMethod: grant.challenge?.method ?? null,
    expiresAt: context.clock.now() + codeLifetimeMs,
  })
  return code
}

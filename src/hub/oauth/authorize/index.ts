/**
 * GET and POST `/hub/api/oauth2/authorize`: a server or service sent the browser here to learn who its user is. The
 * checks stand in the order they are made: nothing is sent to the client's address before that is known to be its own.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { messageOf } from '#base/errors.ts'
import type { HubContext } from '../../context.ts'
import { render, sendPage } from '../../pages/index.ts'
import { protocolCode, protocolErrors } from '../errors.ts'
import { type Given, parameter } from '../parameters.ts'
import { refuseParameter } from '../refusals.ts'
import { checkAccess } from './access.ts'
import { challenge } from './challenge.ts'
import { giveCode } from './code.ts'
import { consentPage, needsConsent } from './consent.ts'
import { type Client, knownClient } from './known-client.ts'
import { redirectUri } from './redirect-uri.ts'
import { checkResponseType } from './response-type.ts'
import { grantedScopes } from './scopes.ts'
import { type Person, signedIn } from './signed-in.ts'

interface Visit {
  readonly context: HubContext
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly given: Given
}

export async function authorize(visit: Visit): Promise<FastifyReply> {
  const { context, request, reply, given } = visit
  const person = await signedIn(request)
  if (!person) return reply.redirect(`${context.urls.hub}login?next=${encodeURIComponent(request.url)}`)
  const client = await knownClient(context, given)
  const uri = redirectUri(client, given)
  await checkAccess(context, person, client)
  const state = parameterOrNone(given, 'state')
  try {
    checkResponseType(given)
    const answer = await ask(visit, { person, client, uri })
    return answer === 'asked' ? reply : reply.redirect(withQuery(uri, { code: answer, state }))
  } catch (error) {
    const code = protocolCode(error)
    if (code === null) throw error
    return reply.redirect(withQuery(uri, { error: code, error_description: messageOf(error), state }))
  }
}

/** The code, or `asked` after the page with the question was sent. */
async function ask(
  { context, request, reply, given }: Visit,
  { person, client, uri }: { person: Person; client: Client; uri: string },
): Promise<string> {
  const isAnswer = request.method === 'POST'
  if (isAnswer && isDenial(request)) throw protocolErrors.OAUTH_ACCESS_DENIED(undefined)
  const proof = challenge(context, given)
  const words = isAnswer ? wordsOfForm(request) : wordsOfQuery(given)
  const scopes = await grantedScopes(context, { person, client, words })
  if (!isAnswer && (await needsConsent(context, { person, client, scopes }))) {
    const custom = context.settings().hub.customScopes
    await sendPage(reply, await render(request, context, 'oauth', consentPage(client, person, { scopes, custom })))
    return 'asked'
  }
  return giveCode(context, { person, client, redirectUri: uri, scopes, challenge: proof })
}

/** Absent: all that the client may have. */
function wordsOfQuery(given: Given): readonly string[] | null {
  return parameter(given, 'scope', refuseParameter)?.split(' ').filter(Boolean) ?? null
}

/** What the person left checked; nothing: only to be identified. */
function wordsOfForm({ body }: FastifyRequest): readonly string[] {
  return [(body as Given | null)?.scopes ?? []].flat().filter((word): word is string => typeof word === 'string')
}

function isDenial({ body }: FastifyRequest): boolean {
  return (body as Given | null)?.deny !== undefined
}

function parameterOrNone(given: Given, name: string): string | undefined {
  const value = given[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function withQuery(uri: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(parameters)
    .filter((pair): pair is [string, string] => pair[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return `${uri}${uri.includes('?') ? '&' : '?'}${query.join('&')}`
}

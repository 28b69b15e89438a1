/** What the token endpoint gives, of providers that speak OAuth 2 only. */
import type { Denial } from '../contract.ts'
import { denied } from './denials.ts'
import { type Http, jsonRecord } from './http.ts'
import type { Options } from './options.ts'

export type TokenAnswer = Readonly<Record<string, unknown>> & { readonly access_token: string }

export interface TokenRequest {
  readonly http: Http
  readonly options: Options
  readonly tokenUrl: string
  readonly client: { readonly id: string; readonly secret: string }
}

/** `fields` say which grant. A provider that answers an error with status 200, as GitHub does, is understood, too. */
export async function askForTokens(
  { http, options, tokenUrl, client }: TokenRequest,
  fields: Readonly<Record<string, string>>,
): Promise<TokenAnswer | Denial> {
  const secret = options.basicAuth
    ? {}
    : { client_id: client.id, ...(client.secret && { client_secret: client.secret }) }
  const more = Object.fromEntries(
    Object.entries({ ...options.extraParams, ...options.tokenParams }).map(([name, value]) => [name, String(value)]),
  )
  const answer = await http.ask(tokenUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(options.basicAuth ? { authorization: basic(client) } : {}),
    },
    body: new URLSearchParams({ ...fields, ...secret, ...more }).toString(),
  })
  const record = jsonRecord(answer)
  const error = record && (record.error_description ?? record.error)
  if (error !== undefined && error !== null) return denied.refusedByProvider(String(error))
  if (answer.status >= 400 || !record) return denied.noToken(`the token endpoint answered ${answer.status}`)
  if (typeof record.access_token !== 'string' || record.access_token === '') {
    return denied.noToken(`the token endpoint gave ${Object.keys(record).join(', ') || 'nothing'}`)
  }
  return record as TokenAnswer
}

function basic({ id, secret }: { id: string; secret: string }): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

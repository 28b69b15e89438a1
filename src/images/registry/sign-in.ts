/** How a registry wants to be asked: https://distribution.github.io/distribution/spec/auth/token/ */
import type { HimaliaError } from '#base/errors.ts'
import { messageOf } from '#base/errors.ts'
import type { Credentials } from './credentials.ts'

export interface Challenge {
  readonly scheme: string
  readonly parameters: Readonly<Record<string, string>>
}

/** `Bearer realm="https://auth.example.org/token",service="registry",scope="repository:a/b:pull,push"` */
export function parseChallenge(header: string): Challenge {
  const [, scheme = '', rest = ''] = /^\s*(\w+)\s*(.*)$/.exec(header) ?? []
  const parameters: Record<string, string> = {}
  for (const [, name = '', quoted, plain] of rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    parameters[name.toLowerCase()] = quoted ?? plain ?? ''
  }
  return { scheme: scheme.toLowerCase(), parameters }
}

export const basic = ({ username, password }: Credentials) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

interface TokenOptions {
  readonly signal: AbortSignal
  readonly fail: (why: string, cause?: unknown) => HimaliaError
}

export async function askToken(
  { parameters }: Challenge,
  credentials: Credentials | null,
  { signal, fail }: TokenOptions,
): Promise<string> {
  const url = URL.parse(parameters.realm ?? '')
  if (!url) throw fail('it asks for a token and does not say where')
  for (const name of ['service', 'scope']) if (parameters[name]) url.searchParams.set(name, parameters[name])
  const headers = credentials ? { authorization: basic(credentials) } : undefined
  try {
    const answer = await fetch(url, { signal, ...(headers && { headers }) })
    if (!answer.ok) throw new Error(`the token was refused with ${answer.status}`)
    const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string }
    return `Bearer ${token ?? access_token ?? ''}`
  } catch (error) {
    signal.throwIfAborted()
    throw fail(messageOf(error), error)
  }
}

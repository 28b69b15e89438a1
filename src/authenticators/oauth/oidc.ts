/** OpenID Connect: addresses, keys and the checks of what comes back, by the certified library. */
import * as client from 'openid-client'
import type { Clock } from '#base/clock.ts'
import { messageOf } from '#base/errors.ts'
import { errors } from '../errors.ts'
import type { Http } from './http.ts'

export type OidcConfiguration = client.Configuration

export interface OidcClient {
  readonly issuer: string
  readonly id: string
  readonly secret: string
  readonly basicAuth: boolean
}

const keptMs = 3_600_000

interface Kept {
  readonly configuration: Promise<OidcConfiguration>
  readonly until: number
}

/** Learned once an hour; anew at once when it could not be learned. */
export class Discovery {
  readonly #kept = new Map<string, Kept>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Errors: PROVIDER_UNREACHABLE. */
  get(wanted: OidcClient, http: Http): Promise<OidcConfiguration> {
    const key = JSON.stringify(wanted)
    const now = this.#clock.now()
    const known = this.#kept.get(key)
    if (known && known.until > now) return known.configuration
    const configuration = discover(wanted, http)
    this.#kept.set(key, { configuration, until: now + keptMs })
    configuration.catch(() => this.#kept.delete(key))
    return configuration
  }

  /** What was learned of this provider is learned anew the next time: it signs with a key that was not there then. */
  async forget(stale: OidcConfiguration): Promise<void> {
    for (const [key, { configuration }] of this.#kept)
      if ((await configuration.catch(() => null)) === stale) this.#kept.delete(key)
  }
}

async function discover({ issuer, id, secret, basicAuth }: OidcClient, http: Http): Promise<OidcConfiguration> {
  const url = new URL(issuer)
  const isPlain = url.protocol === 'http:'
  try {
    const configuration = await client.discovery(url, id, undefined, authentication(secret, basicAuth), {
      [client.customFetch]: http.fetch,
      execute: [client.enableNonRepudiationChecks, ...(isPlain ? [client.allowInsecureRequests] : [])],
    })
    return configuration
  } catch (error) {
    throw errors.PROVIDER_UNREACHABLE({ host: url.host, why: reasonOf(error) }, error)
  }
}

function authentication(secret: string, basicAuth: boolean): client.ClientAuth {
  if (secret === '') return client.None()
  return basicAuth ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret)
}

/** The whole story of an error of the library: it keeps what was wrong in the cause. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return messageOf(error)
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : ''
  const said = error instanceof client.ResponseBodyError ? ` (${error.error_description ?? error.error})` : ''
  const { cause } = error
  const below = cause instanceof Error && cause.message !== error.message ? `: ${cause.message}` : ''
  return `${code}${error.message}${said}${below}`
}

/** The key is none of those that were published when they were last asked for. */
export const isKeyUnknown = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'OAUTH_KEY_SELECTION_FAILED'

/** What the provider itself said, if it was an answer of its own and no failure of ours. */
export function saidByProvider(error: unknown): string | null {
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError) {
    return error.error_description ?? error.error
  }
  return null
}

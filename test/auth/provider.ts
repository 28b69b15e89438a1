/** A real OpenID provider: `oidc-provider` on loopback, with people, clients, refresh tokens and logout by both channels. */
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
// The package brings no types.
// @ts-expect-error TS7016
import Provider from 'oidc-provider'

export interface RunningProvider {
  readonly issuer: string
  /** Claims by subject. */
  readonly people: Map<string, Readonly<Record<string, unknown>>>
  /** Who is taken for the one who signs in next. */
  signsIn: string
  /** Where the hub really listens, for what the provider sends it: `http://127.0.0.1:40000`. */
  hubUrl: string
  /** From now on it signs with another key, and publishes that alone. */
  rotateKeys(): void
  close(): Promise<void>
}

export const clientId = 'hub'
export const clientSecret = 'a-secret-of-the-hub-that-is-long-enough'

export async function startProvider(redirectUris: readonly string[]): Promise<RunningProvider> {
  const people = new Map<string, Readonly<Record<string, unknown>>>()
  let handler: (request: never, response: never) => void = () => {}
  const server = createServer((request, response) => handler(request as never, response as never))
  const issuer = await listen(server)
  const running: RunningProvider = {
    issuer,
    people,
    signsIn: '',
    hubUrl: '',
    rotateKeys: () => open(),
    close: () => close(server),
  }
  let provider: InstanceType<typeof Provider>
  let callback: (request: never, response: never) => void
  const open = () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' }
    provider = new Provider(issuer, { ...settings(running, redirectUris), jwks: { keys: [key] } })
    callback = provider.callback()
  }
  open()
  handler = async (request: never, response: never) => {
    const { url = '' } = request as { url?: string }
    if (!url.startsWith('/interaction/')) return callback(request, response)
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    const result =
      prompt.name === 'login'
        ? { login: { accountId: running.signsIn } }
        : { consent: { grantId: await consent(provider, { params, session, grantId }) } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }
  return running
}

async function consent(
  provider: { Grant: new (given: object) => { addOIDCScope(scope: string): void; save(): Promise<string> } },
  {
    params,
    session,
  }: { params: { client_id: string; scope: string }; session: { accountId: string }; grantId: unknown },
): Promise<string> {
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id })
  grant.addOIDCScope(params.scope)
  return grant.save()
}

function settings(running: RunningProvider, redirectUris: readonly string[]): object {
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        post_logout_redirect_uris: redirectUris.map((uri) => uri.replace(/oauth_callback$/, 'logout')),
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: 'client_secret_post',
        backchannel_logout_uri: redirectUris[0]?.replace('oauth_callback', 'oauth_backchannel_logout'),
        backchannel_logout_session_required: true,
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['some-key'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email', 'email_verified'] },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    conformIdTokenClaims: true,
    issueRefreshToken: async () => true,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx: { body: string }, form: string) => {
          ctx.body = `<!doctype html>${form}`
        },
      },
    },
    findAccount: (_: unknown, id: string) => {
      const person = running.people.get(id)
      return person && { accountId: id, claims: async () => ({ sub: id, ...person }) }
    },
    // Not by its own dispatcher, which refuses loopback.
    fetch: (url: URL, { method, headers, body }: RequestInit) =>
      fetch(new URL(new URL(url).pathname, running.hubUrl), { method, headers, body } as RequestInit),
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

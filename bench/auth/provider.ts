/** The counterpart of both hubs: an OpenID provider that lets everybody in at once, whose page no browser has to see. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientId, json, kid, own, signed } from '../../test/auth/hostile-provider.ts'

export interface Provider {
  readonly issuer: string
  /** What the browser brings back, for the address that it was sent to. */
  approve(authorization: URL, person: string): URLSearchParams
  close(): void
}

export async function startProvider(): Promise<Provider> {
  const codes = new Map<string, { person: string; nonce: string | null }>()
  const people = new Map<string, string>()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  }
  const jwks = { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return json(response, metadata)
      case '/jwks':
        return json(response, jwks)
      case '/userinfo': {
        const person = people.get(request.headers.authorization?.replace(/^Bearer /i, '') ?? '') ?? 'nobody'
        return json(response, { sub: person, preferred_username: person })
      }
      default:
        return json(response, await token(request))
    }
  }

  async function token(request: IncomingMessage): Promise<object> {
    let body = ''
    for await (const chunk of request) body += chunk
    const { person, nonce } = codes.get(new URLSearchParams(body).get('code') ?? '')!
    const access_token = randomUUID()
    people.set(access_token, person)
    const iat = Math.floor(Date.now() / 1000)
    const claims = { iss: issuer, sub: person, aud: clientId, iat, exp: iat + 300, ...(nonce ? { nonce } : {}) }
    const id_token = signed({ header: { alg: 'RS256', typ: 'JWT', kid }, claims }, own.privateKey)
    return { access_token, token_type: 'Bearer', expires_in: 300, id_token }
  }

  return {
    issuer,
    approve({ searchParams }, person) {
      const code = randomUUID()
      codes.set(code, { person, nonce: searchParams.get('nonce') })
      return new URLSearchParams({ code, state: searchParams.get('state') ?? '' })
    },
    close: () => void server.close(),
  }
}

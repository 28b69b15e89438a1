/** A provider that does as it is told: right in everything but what a case bends. Keys, tokens and answers are its own. */
import {
  createHash,
  createHmac,
  createPublicKey,
  createSign,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export const clientId = 'hub'
export const clientSecret = 'a-secret-of-the-hub-that-is-long-enough'

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
export const own = pair()
export const rogue = pair()
export const kid = 'k1'

export interface TokenParts {
  header: Record<string, unknown>
  claims: Record<string, unknown>
}

/** What a case may bend; each is given what is right. */
export interface Bent {
  readonly claims?: (claims: Record<string, unknown>) => Record<string, unknown>
  readonly idToken?: (parts: TokenParts, right: string) => unknown
  readonly answer?: (answer: Record<string, unknown>) => Record<string, unknown>
  readonly tokenEndpoint?: (response: ServerResponse) => void
  readonly userInfo?: (response: ServerResponse, right: Record<string, unknown>) => void
  readonly metadata?: (metadata: Record<string, unknown>) => Record<string, unknown>
  readonly jwks?: (keys: Record<string, unknown>[]) => unknown
}

interface Pending {
  readonly nonce: string | null
  readonly challenge: string | null
}

export class HostileProvider {
  readonly #server = createServer((request, response) => this.#answer(request, response))
  readonly #codes = new Map<string, Pending>()
  issuer = ''
  bent: Bent = {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections()
    return new Promise((resolve) => this.#server.close(() => resolve()))
  }

  /** Where the browser would be sent back to, for a request that it made. */
  approve(authorization: URL): URLSearchParams {
    const { searchParams } = authorization
    const code = randomUUID()
    this.#codes.set(code, { nonce: searchParams.get('nonce'), challenge: searchParams.get('code_challenge') })
    return new URLSearchParams({ code, state: searchParams.get('state') ?? '', iss: this.issuer })
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', this.issuer)
    if (url.pathname === '/.well-known/openid-configuration') return void json(response, this.#metadata())
    if (url.pathname === '/jwks') return void json(response, this.#jwks())
    if (url.pathname === '/userinfo') return void this.#userInfo(response)
    if (url.pathname === '/token') return void this.#token(request, response)
    response.writeHead(404).end()
  }

  #metadata(): Record<string, unknown> {
    const at = (path: string) => `${this.issuer}${path}`
    const right = {
      issuer: this.issuer,
      authorization_endpoint: at('/auth'),
      token_endpoint: at('/token'),
      userinfo_endpoint: at('/userinfo'),
      jwks_uri: at('/jwks'),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      authorization_response_iss_parameter_supported: true,
      code_challenge_methods_supported: ['S256'],
    }
    return this.bent.metadata?.(right) ?? right
  }

  #jwks(): unknown {
    const keys = [{ ...own.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }]
    return this.bent.jwks?.(keys) ?? { keys }
  }

  #userInfo(response: ServerResponse): void {
    const right = { sub: 'eve-1', preferred_username: 'eve' }
    const answer = this.bent.userInfo ?? json
    answer(response, right)
  }

  async #token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    if (this.bent.tokenEndpoint) return this.bent.tokenEndpoint(response)
    const pending = this.#codes.get(form.get('code') ?? '')
    this.#codes.delete(form.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!pending || pending.challenge !== challenge) return json(response, { error: 'invalid_grant' }, 400)
    const id_token = this.idToken(pending.nonce)
    const right = { access_token: 'an-access-token', token_type: 'Bearer', expires_in: 300, id_token }
    json(response, this.bent.answer?.(right) ?? right)
  }

  idToken(nonce: string | null): unknown {
    const now = Math.floor(Date.now() / 1000)
    const right = { iss: this.issuer, sub: 'eve-1', aud: clientId, exp: now + 300, iat: now, nonce }
    const claims = this.bent.claims?.(right) ?? right
    const parts = { header: { alg: 'RS256', typ: 'JWT', kid }, claims }
    const token = signed(parts, own.privateKey)
    return this.bent.idToken ? this.bent.idToken(parts, token) : token
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

export const unsigned = ({ header, claims }: TokenParts): string => `${encoded(header)}.${encoded(claims)}`

export function signed(parts: TokenParts, key: KeyObject, digest = 'RSA-SHA256'): string {
  const text = unsigned(parts)
  return `${text}.${createSign(digest).update(text).sign(key).toString('base64url')}`
}

export function hmacSigned(parts: TokenParts, secret: string | Buffer): string {
  const text = unsigned({ ...parts, header: { ...parts.header, alg: 'HS256' } })
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

export const publicPem = (): string =>
  createPublicKey(own.privateKey).export({ type: 'spki', format: 'pem' }).toString()

/** Answers of a provider that must let nobody in: what is bent, and what the log says of it. */
import {
  type Bent,
  clientSecret,
  hmacSigned,
  json,
  own,
  publicPem,
  rogue,
  signed,
  type TokenParts,
  unsigned,
} from './hostile-provider.ts'

export interface HostileCase {
  readonly name: string
  readonly bent: Bent
  /** What the log must say. */
  readonly log: RegExp
  readonly code?: string
}

const header = (parts: TokenParts, more: Record<string, unknown>): TokenParts => ({
  ...parts,
  header: { ...parts.header, ...more },
})
const token = (name: string, idToken: Bent['idToken'], log: RegExp): HostileCase => ({
  name,
  bent: { idToken: idToken! },
  log,
})
const claims = (
  name: string,
  change: (right: Record<string, unknown>) => Record<string, unknown>,
  log: RegExp,
): HostileCase => ({
  name,
  bent: { claims: change },
  log,
})
const without = (name: string) => (right: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(right).filter(([key]) => key !== name))

const rogueJwk = { ...rogue.publicKey.export({ format: 'jwk' }), kid: 'k1' }

export const signatures: readonly HostileCase[] = [
  token(
    'alg none, without a signature',
    (parts) => `${unsigned(header(parts, { alg: 'none' }))}.`,
    /alg|signature|JWT/i,
  ),
  token('alg none in capitals', (parts) => `${unsigned(header(parts, { alg: 'NONE' }))}.`, /alg|JWT/i),
  token(
    'alg none, with the signature of another',
    (parts, right) => `${unsigned(header(parts, { alg: 'none' }))}.${right.split('.')[2]}`,
    /alg|JWT/i,
  ),
  token('without an alg', (parts) => signed({ ...parts, header: { kid: 'k1' } }, own.privateKey), /alg|JWT/i),
  token('HMAC with the client secret', (parts) => hmacSigned(parts, clientSecret), /alg|JWT/i),
  token('HMAC with the public key as PEM', (parts) => hmacSigned(parts, publicPem()), /alg|JWT/i),
  token(
    'HMAC with the public key as JWK',
    (parts) => hmacSigned(parts, JSON.stringify(own.publicKey.export({ format: 'jwk' }))),
    /alg|JWT/i,
  ),
  token('HMAC with nothing', (parts) => hmacSigned(parts, ''), /alg|JWT/i),
  token('signed by another key under our kid', (parts) => signed(parts, rogue.privateKey), /signature/i),
  token(
    'signed by a key that it brings along',
    (parts) => signed(header(parts, { jwk: rogueJwk }), rogue.privateKey),
    /signature/i,
  ),
  token(
    'signed by a key at an address of its own',
    (parts) => signed(header(parts, { jku: 'http://127.0.0.1:9/jwks' }), rogue.privateKey),
    /signature/i,
  ),
  token(
    'signed by a key with a certificate of its own',
    (parts) => signed(header(parts, { x5c: ['MIIB'] }), rogue.privateKey),
    /signature/i,
  ),
  token('a kid that nobody has', (parts) => signed(header(parts, { kid: 'k2' }), rogue.privateKey), /key/i),
  token('a kid that is a path', (parts) => signed(header(parts, { kid: '../../dev/null' }), rogue.privateKey), /key/i),
  token('a kid that is SQL', (parts) => signed(header(parts, { kid: "' or 1=1 --" }), rogue.privateKey), /key/i),
  token('without its signature', (_, right) => `${right.split('.').slice(0, 2).join('.')}.`, /signature|JWT/i),
  token('with half of its signature', (_, right) => right.slice(0, -100), /signature/i),
  token(
    'with claims changed after signing',
    (parts, right) => {
      const changed = unsigned({ ...parts, claims: { ...parts.claims, sub: 'root' } })
      return `${changed}.${right.split('.')[2]}`
    },
    /signature/i,
  ),
  token(
    'with a header changed after signing',
    (parts, right) => `${unsigned(header(parts, { x: 1 }))}.${right.split('.')[2]}`,
    /signature/i,
  ),
  token(
    'RS512 where RS256 was agreed',
    (parts) => signed(header(parts, { alg: 'RS512' }), own.privateKey, 'RSA-SHA512'),
    /alg/i,
  ),
  token('an alg of another kind of key', (parts) => signed(header(parts, { alg: 'ES256' }), own.privateKey), /alg/i),
  token(
    'a critical header that we do not know',
    (parts) => signed(header(parts, { crit: ['x'], x: 1 }), own.privateKey),
    /crit/i,
  ),
  token(
    'claims that are not encoded',
    (parts) => signed(header(parts, { crit: ['b64'], b64: false }), own.privateKey),
    /crit|b64/i,
  ),
  token('two parts', (parts) => unsigned(parts), /JWT/i),
  token('five parts', (_, right) => `${right}.x.y`, /JWT|decrypt|JWE/i),
  token('no token at all', () => 'not a token', /JWT/i),
  token('an empty text', () => '', /id_token/i),
  token('a number', () => 7, /id_token/i),
  token(
    'claims that are a list',
    (parts) => signed({ ...parts, claims: [] as never }, own.privateKey),
    /JWT|claim|object/i,
  ),
]

export const claimCases: readonly HostileCase[] = [
  claims('another issuer', (right) => ({ ...right, iss: 'https://evil.example' }), /iss/),
  claims('our issuer with a slash', (right) => ({ ...right, iss: `${right.iss}/` }), /iss/),
  claims('no issuer', without('iss'), /iss/),
  claims('a list of issuers', (right) => ({ ...right, iss: [right.iss] }), /iss/),
  claims('another audience', (right) => ({ ...right, aud: 'other' }), /aud/),
  claims('an audience that begins like us', (right) => ({ ...right, aud: 'hub2' }), /aud/),
  claims('no audience', without('aud'), /aud/),
  claims('no audience in a list', (right) => ({ ...right, aud: [] }), /aud/),
  claims('several audiences, and not for whom', (right) => ({ ...right, aud: ['hub', 'other'] }), /aud/),
  claims('several audiences, meant for another', (right) => ({ ...right, aud: ['hub', 'other'], azp: 'other' }), /azp/),
  claims('meant for another', (right) => ({ ...right, azp: 'other' }), /azp/),
  claims('expired', (right) => ({ ...right, exp: Math.floor(Date.now() / 1000) - 3600 }), /exp/),
  claims('without an end', without('exp'), /exp/),
  claims('with an end that is a text', (right) => ({ ...right, exp: `${right.exp}` }), /exp/),
  claims('not valid yet', (right) => ({ ...right, nbf: Math.floor(Date.now() / 1000) + 3600 }), /nbf/),
  claims('without a beginning', without('iat'), /iat/),
  claims('with another nonce', (right) => ({ ...right, nonce: 'another' }), /nonce/),
  claims('without a nonce', without('nonce'), /nonce/),
  claims('with an empty nonce', (right) => ({ ...right, nonce: '' }), /nonce/),
  claims('with a list of nonces', (right) => ({ ...right, nonce: [right.nonce] }), /nonce/),
  claims('about nobody', without('sub'), /sub/),
  claims('about an empty name', (right) => ({ ...right, sub: '' }), /sub/),
  claims('about a number', (right) => ({ ...right, sub: 1 }), /sub/),
]

const answerCase = (name: string, bent: Bent, log: RegExp, code?: string): HostileCase => ({
  name,
  bent,
  log,
  ...(code ? { code } : {}),
})

export const answers: readonly HostileCase[] = [
  answerCase('without an ID token', { answer: ({ id_token: _, ...rest }) => rest }, /id_token/),
  answerCase('without an access token', { answer: ({ access_token: _, ...rest }) => rest }, /access_token/),
  answerCase(
    'with an access token that is a list',
    { answer: (right) => ({ ...right, access_token: ['x'] }) },
    /access_token/,
  ),
  answerCase('without a kind of token', { answer: ({ token_type: _, ...rest }) => rest }, /token_type/),
  answerCase(
    'with a kind of token that nobody knows',
    { answer: (right) => ({ ...right, token_type: 'mac' }) },
    /token_type/,
  ),
  answerCase(
    'a refusal',
    { tokenEndpoint: (response) => json(response, { error: 'invalid_grant' }, 400) },
    /invalid_grant/,
    'PROVIDER_REFUSED',
  ),
  answerCase(
    'a page',
    { tokenEndpoint: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>') },
    /content-type|JSON|body/i,
  ),
  answerCase('a failure', { tokenEndpoint: (response) => void response.writeHead(500).end() }, /500|OAUTH/i),
  answerCase(
    'a way to another place',
    { tokenEndpoint: (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end() },
    /302|OAUTH|redirect/i,
  ),
  answerCase(
    'somebody else in the userdata',
    { userInfo: (response, right) => json(response, { ...right, sub: 'root' }) },
    /sub/,
  ),
  answerCase(
    'nobody in the userdata',
    { userInfo: (response) => json(response, { preferred_username: 'root' }) },
    /sub/,
  ),
  answerCase(
    'userdata that are a list',
    { userInfo: (response) => json(response, [{ sub: 'eve-1', preferred_username: 'root' }]) },
    /JSON/,
  ),
  answerCase(
    'userdata that are no JSON',
    { userInfo: (response) => void response.writeHead(200).end('<html>') },
    /JSON/,
  ),
  answerCase('no userdata', { userInfo: (response) => void response.writeHead(401).end() }, /401/),
  answerCase(
    'no name in the userdata',
    { userInfo: (response, { sub }) => json(response, { sub }) },
    /preferred_username/,
    'CLAIM_MISSING',
  ),
  answerCase(
    'a name that is a record',
    { userInfo: (response, { sub }) => json(response, { sub, preferred_username: { a: 1 } }) },
    /preferred_username/,
    'CLAIM_MISSING',
  ),
  answerCase(
    'a name that leads elsewhere',
    { userInfo: (response, { sub }) => json(response, { sub, preferred_username: '../root' }) },
    /^$/,
    'USER_NAME_INVALID',
  ),
]

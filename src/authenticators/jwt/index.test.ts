import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { exportSPKI, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { authenticatorContract } from '../contract.suite.ts'
import type { Denial, Recognised } from '../contract.ts'
import { testDeps } from '../deps.fixture.ts'
import { testBrowser, type VisitFacts } from '../visit.fixture.ts'
import { create } from './index.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-jwt-'))
after(() => rmSync(folder, { recursive: true }))
const pair = await generateKeyPair('RS256', { extractable: true })
const pem = await exportSPKI(pair.publicKey)
const certificate = join(folder, 'key.pem')
writeFileSync(certificate, pem)

const secret = 's'.repeat(32)
const defaults = {
  secret: '',
  signingCertificate: '',
  jwksUrl: null,
  headerName: 'Authorization',
  headerIsAuthorization: true,
  paramName: 'access_token',
  expectedAudience: 'hub',
  expectedIssuer: null,
  usernameClaimField: 'upn',
  extractUsername: true,
  groupsClaimField: null,
  trustedProxies: [],
  proxySecret: null,
  trustThisMachine: false,
}
const deps = (options: object) => testDeps({ id: 'jwt', options: { ...defaults, ...options } })
const bySecret = (options: object = {}) => create(deps({ secret, ...options }))
const byKey = (options: object = {}) => create(deps({ signingCertificate: certificate, ...options }))

const now = testDeps().clock.now() / 1000
const ada: JWTPayload = { upn: 'ada@example.org', aud: 'hub', exp: now + 60 }
const signed = (claims: JWTPayload = ada, key: Parameters<SignJWT['sign']>[0] = Buffer.from(secret), alg = 'HS256') =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(key)
const visit = (facts: VisitFacts) => testBrowser()(facts)
const bearer = (token: string) => visit({ headers: { authorization: `bearer ${token}` } })

authenticatorContract({ name: 'jwt', make: () => bySecret(), bad: [{ access_token: 'x' }] })

test('a token in the header or in the query says who came', async () => {
  const token = await signed()
  const url = `/hub/login?access_token=${token}`
  for (const facts of [bearer(token), visit({ headers: { authorization: `Bearer ${token}` } }), visit({ url })]) {
    const { identity } = (await (await bySecret()).authenticate({}, facts)) as Recognised
    assert.equal(identity.userName, 'ada')
  }
})

test('issuer and subject are who somebody lastingly is, and claims may name groups', async () => {
  const claims = { ...ada, iss: 'https://portal.example.org', sub: '7', roles: ['a', 'b'] }
  const way = await bySecret({ expectedIssuer: claims.iss, groupsClaimField: 'roles', extractUsername: false })
  const { identity } = (await way.authenticate({}, bearer(await signed(claims)))) as Recognised
  assert.deepEqual([identity.issuer, identity.subject], [claims.iss, '7'])
  assert.deepEqual([identity.userName, identity.groups], ['ada@example.org', ['a', 'b']])
})

test('a token by a key pair is taken with its certificate', async () => {
  const step = await (await byKey()).authenticate({}, bearer(await signed(ada, pair.privateKey, 'RS256')))
  assert.equal(step.kind, 'identity')
})

const unsecured = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(ada)).toString('base64url')}.`
const changed = async () => {
  const [head, , signature] = (await signed()).split('.')
  return `${head}.${Buffer.from(JSON.stringify({ ...ada, upn: 'root' })).toString('base64url')}.${signature}`
}
const hostile: readonly [what: string, token: () => string | Promise<string>, by?: 'key'][] = [
  ['without a signature', () => unsecured],
  ['without a signature, for a key pair', () => unsecured, 'key'],
  ['with the public key for a secret', () => signed(ada, Buffer.from(pem)), 'key'],
  ['by another secret', () => signed(ada, Buffer.alloc(32, 't'))],
  ['by another key', async () => signed(ada, (await generateKeyPair('RS256')).privateKey, 'RS256'), 'key'],
  ['by a key pair where there is a secret', () => signed(ada, pair.privateKey, 'RS256')],
  ['by a longer hash of the secret', () => signed(ada, Buffer.from(secret.repeat(2)), 'HS512')],
  ['for another service', () => signed({ ...ada, aud: 'portal' })],
  ['for nobody in particular', () => signed({ upn: 'ada', exp: now + 60 })],
  ['that has expired', () => signed({ ...ada, exp: now - 61 })],
  ['that never expires', () => signed({ upn: 'ada', aud: 'hub' })],
  ['that is not valid yet', () => signed({ ...ada, nbf: now + 61 })],
  ['whose signature was cut off', async () => (await signed()).replace(/[^.]+$/, '')],
  ['that was changed', changed],
  ['that is none', () => 'abc'],
]
for (const [what, make, by] of hostile) {
  test(`a token ${what} is not taken, and the log says why`, async () => {
    const token = await make()
    const denial = (await (by === 'key' ? await byKey() : await bySecret()).authenticate({}, bearer(token))) as Denial
    assert.equal(denial.code, 'TOKEN_NOT_TRUSTED')
    assert.match(denial.log!, /^ERR_J/)
    assert.ok(!denial.log!.includes(token))
  })
}

test('of another issuer it is not taken', async () => {
  const way = await bySecret({ expectedIssuer: 'https://portal.example.org' })
  for (const iss of ['https://evil.example.org', undefined]) {
    const token = await signed(iss === undefined ? ada : { ...ada, iss })
    assert.equal(((await way.authenticate({}, bearer(token))) as Denial).code, 'TOKEN_NOT_TRUSTED')
  }
})

test('no token, two at once, or another scheme are no sign-in', async () => {
  const token = await signed()
  const cases = [
    visit({}),
    visit({ headers: { authorization: `bearer ${token}` }, url: `/hub/login?access_token=${token}` }),
    visit({ headers: { authorization: `token ${token}` } }),
    visit({ url: `/hub/login?access_token=${'x'.repeat(20_000)}` }),
  ]
  for (const one of cases) {
    assert.equal(((await (await bySecret()).authenticate({}, one)) as Denial).code, 'TOKEN_MISSING')
  }
})

test('a token that does not name its user lets nobody in', async () => {
  for (const upn of [undefined, '', 7, ['ada']]) {
    const { upn: _, ...rest } = ada
    const token = await signed(upn === undefined ? rest : { ...rest, upn })
    assert.equal(((await (await bySecret()).authenticate({}, bearer(token))) as Denial).code, 'CLAIM_MISSING')
  }
})

test('where web servers are named, a token from elsewhere is not taken', async () => {
  const way = await bySecret({ trustedProxies: ['192.0.2.80'] })
  const comingFrom = async (peer: string) =>
    way.authenticate({}, visit({ hops: ['127.0.0.1', peer], headers: { authorization: `bearer ${await signed()}` } }))
  assert.equal((await comingFrom('192.0.2.80')).kind, 'identity')
  assert.equal(((await comingFrom('203.0.113.9')) as Denial).code, 'WEB_SERVER_UNKNOWN')
})

test('without a key, or with one that is none, it does not start', async () => {
  await assert.rejects(create(deps({})), { code: 'OPTION_MISSING' })
  await assert.rejects(create(deps({ signingCertificate: join(folder, 'none.pem') })), { code: 'JWT_KEY_UNREADABLE' })
})

/** Single logout by the institution: nothing happens without its signature over the query as it came. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import type { Step } from '../../src/authenticators/contract.ts'
import { logoutRequest } from '../../src/authenticators/saml/messages/logout.ts'
import { redirectUrl } from '../../src/authenticators/saml/messages/redirect-binding.ts'
import * as idp from './idp.ts'
import { denialIn, idpMetadata, samlWorld } from './world.ts'

const url = 'https://hub.example.org/hub/saml/logout'
const nameId = { value: 'transient-1', format: null, nameQualifier: null, spNameQualifier: null }

const request = (facts: { id?: string; at?: number; to?: string; issuer?: string } = {}) =>
  logoutRequest({
    id: facts.id ?? '_logout1',
    now: facts.at ?? idp.now,
    entityId: facts.issuer ?? idp.idpId,
    destination: facts.to ?? url,
    nameId,
    sessionIndex: '_session1',
  })

const sent = (xml: string, key: idp.TestKey | null = idp.idpKey, relayState: string | null = 'kept') =>
  redirectUrl({ to: url, field: 'SAMLRequest', xml, relayState, key: key?.key ?? null })

async function come(address: string) {
  const world = await samlWorld()
  return { world, step: await world.run('GET', 'saml/logout', { url: address }) }
}

test('a signed request ends the session that it names, and is answered', async () => {
  const { world, step } = await come(sent(request()))
  assert.deepEqual(world.deps.ended, [{ issuer: idp.idpId, subject: null, id: '_session1' }])
  assert.equal(step.kind, 'signed-out')
  const { then } = step as Extract<Step, { kind: 'signed-out' }>
  const answer = new URL((then as { url: string }).url)
  assert.equal(answer.origin + answer.pathname, 'https://idp.example.edu/slo')
  assert.deepEqual([...answer.searchParams.keys()], ['SAMLResponse', 'RelayState', 'SigAlg', 'Signature'])
  assert.equal(answer.searchParams.get('RelayState'), 'kept')
})

const bomb = deflateRawSync(Buffer.alloc(50_000_000, 32)).toString('base64')
const hostile: readonly [what: string, address: string, code: string][] = [
  ['unsigned', sent(request(), null), 'SAML_UNSIGNED'],
  ['without its signature', sent(request()).replace(/&Signature=.*/, ''), 'SAML_UNSIGNED'],
  ['with an empty signature', sent(request()).replace(/&Signature=.*/, '&Signature='), 'SAML_UNSIGNED'],
  ['without the algorithm', sent(request()).replace(/&SigAlg=[^&]*/, ''), 'SAML_UNSIGNED'],
  ['signed by a stranger', sent(request(), idp.strangerKey), 'SAML_SIGNATURE_WRONG'],
  ['with another RelayState', sent(request()).replace('RelayState=kept', 'RelayState=other'), 'SAML_SIGNATURE_WRONG'],
  ['without its RelayState', sent(request()).replace('RelayState=kept&', ''), 'SAML_SIGNATURE_WRONG'],
  [
    'with SHA-1',
    sent(request()).replace('rsa-sha256', 'rsa-sha1').replace('2001%2F04%2Fxmldsig-more', '2000%2F09%2Fxmldsig'),
    'SAML_ALGORITHM_REFUSED',
  ],
  [
    'with two requests',
    `${sent(request())}&SAMLRequest=${encodeURIComponent(deflateRawSync(request({ id: '_x' })).toString('base64'))}`,
    'SAML_FORBIDDEN',
  ],
  ['with two signatures', `${sent(request())}&Signature=AAAA`, 'SAML_FORBIDDEN'],
  ['that is also a response', `${sent(request())}&SAMLResponse=AAAA`, 'SAML_FORBIDDEN'],
  ['of the day before', sent(request({ at: idp.now - 86_400_000 })), 'SAML_EXPIRED'],
  ['of tomorrow', sent(request({ at: idp.now + 86_400_000 })), 'SAML_NOT_YET_VALID'],
  ['for another service', sent(request({ to: 'https://other.example.org/slo' })), 'SAML_DESTINATION_WRONG'],
  ['of an institution that is not known', sent(request({ issuer: 'https://evil.example.net' })), 'SAML_ISSUER_UNKNOWN'],
  ['that is a bomb', `${url}?SAMLRequest=${encodeURIComponent(bomb)}`, 'SAML_TOO_LARGE'],
  ['that is not deflated', `${url}?SAMLRequest=${encodeURIComponent(idp.posted(request()))}`, 'SAML_MALFORMED'],
  ['that is nothing', url, 'SAML_MALFORMED'],
]
for (const [what, address, code] of hostile) {
  test(`a request ${what} ends nothing, and the log says ${code}`, async () => {
    const { world, step } = await come(address)
    assert.equal(denialIn(step).code, code, denialIn(step).log ?? '')
    assert.deepEqual(world.deps.ended, [])
  })
}

test('a request works once', async () => {
  const world = await samlWorld()
  const address = sent(request())
  await world.run('GET', 'saml/logout', { url: address })
  assert.equal(denialIn(await world.run('GET', 'saml/logout', { url: address })).code, 'SAML_REPLAYED')
  assert.equal(world.deps.ended.length, 1)
})

test('a form must be signed within', async () => {
  const world = await samlWorld()
  const step = await world.run('POST', 'saml/logout', { form: { SAMLRequest: idp.posted(request()) } })
  assert.equal(denialIn(step).code, 'SAML_UNSIGNED')
})

test('a central page to choose is asked as the standard says, and brings the choice back', async () => {
  const metadata = [{ content: idpMetadata() }, { content: idpMetadata({ entityId: 'https://b.example.edu' }) }]
  const world = await samlWorld({ metadata, discovery_service: 'https://wayf.example.org/ds?x=1' })
  const step = await world.run('GET', 'saml/login', { next: '/hub/token' })
  const to = new URL((step as { url: string }).url)
  assert.equal(to.origin, 'https://wayf.example.org')
  assert.equal(to.searchParams.get('x'), '1')
  assert.equal(to.searchParams.get('entityID'), idp.entityId)
  assert.equal(to.searchParams.get('returnIDParam'), 'entityID')
  const back = new URL(to.searchParams.get('return')!)
  assert.equal(back.pathname, '/hub/saml/login')
  assert.equal(back.searchParams.get('next'), '/hub/token')
  back.searchParams.set('entityID', idp.idpId)
  const chosen = await world.run('GET', 'saml/login', { url: back.href })
  assert.match((chosen as { url: string }).url, /^https:\/\/idp\.example\.edu\/sso\?SAMLRequest=/)
  back.searchParams.delete('entityID')
  assert.equal(denialIn(await world.run('GET', 'saml/login', { url: back.href })).code, 'SAML_NOTHING_CHOSEN')
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract } from '../../src/authenticators/contract.suite.ts'
import { type Encrypting, encrypted } from './encrypt.ts'
import * as idp from './idp.ts'
import { denialIn, identityIn, idpMetadata, samlWorld } from './world.ts'

authenticatorContract({ name: 'saml', make: async () => (await samlWorld()).authenticator, bad: [{ username: 'ada' }] })

type Make = (said: idp.Said) => string

const sealed = (how: Encrypting, said: idp.Said) =>
  idp.responseXml(encrypted(idp.signed(idp.assertionXml(said), 'Assertion'), how), said)

const forms: Readonly<Record<string, Make>> = {
  'the assertion signed': (said) => idp.signedAssertion(said),
  'the response signed': (said) => idp.signedResponse(said),
  'both signed': (said) => idp.signed(idp.signedAssertion(said), 'Response'),
  'AES-256-GCM': (said) => sealed({}, said),
  'AES-128-GCM, the key beside': (said) => sealed({ cipher: 'aes128-gcm', keyPlace: 'beside' }, said),
  'OAEP with SHA-256': (said) => sealed({ transport: 'rsa-oaep', hash: 'sha256' }, said),
  'AES-256-CBC within a signed response': (said) => idp.signed(sealed({ cipher: 'aes256-cbc' }, said), 'Response'),
  'AES-128-CBC within a signed response': (said) => idp.signed(sealed({ cipher: 'aes128-cbc' }, said), 'Response'),
  'an unsigned assertion, encrypted within a signed response': (said) =>
    idp.signed(idp.responseXml(encrypted(idp.assertionXml(said)), said), 'Response'),
  'a signature with SHA-512': (said) =>
    idp.signedAssertion(said, { algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512' }),
}
for (const [name, make] of Object.entries(forms)) {
  test(`an answer lets in, with ${name}`, async () => {
    const world = await samlWorld()
    const identity = identityIn(await world.answer(idp.posted(make({ inResponseTo: await world.ask() }))))
    assert.equal(identity.userName, 'ada@example.edu')
    assert.equal(identity.subject, 'eppn:ada@example.edu')
    assert.deepEqual(identity.mail, { address: 'Ada@example.edu', isVerified: true })
    assert.equal(identity.session?.id, '_session1')
    assert.equal(identity.session?.endsAt, idp.now + 3_600_000)
  })
}

test('both of two keys decrypt, so that a key can be changed', async () => {
  const next = idp.makeKey('hub.example.org')
  const keys = [next, idp.spKey].map(({ pem, certificate }) => ({ key: pem, certificate }))
  for (const forKey of [next, idp.spKey]) {
    const world = await samlWorld({ keys })
    identityIn(await world.answer(idp.posted(sealed({ forKey }, { inResponseTo: await world.ask() }))))
  }
})

test('each of the keys in the metadata may sign', async () => {
  const next = idp.makeKey()
  const metadata = [{ content: idpMetadata({ certificates: [next.certificate, idp.idpKey.certificate] }) }]
  for (const by of [next, idp.idpKey]) {
    const world = await samlWorld({ metadata })
    const said = { inResponseTo: await world.ask() }
    identityIn(await world.answer(idp.posted(idp.signedAssertion(said, { by }))))
  }
})

test('an answer that was used, or is answered twice at once, lets in once', async () => {
  const world = await samlWorld()
  const field = idp.posted(idp.signedAssertion({ inResponseTo: await world.ask() }))
  const steps = await Promise.all([world.answer(field), world.answer(field), world.answer(field)])
  assert.deepEqual(steps.map(({ kind }) => kind).sort(), ['denied', 'denied', 'identity'])
  assert.equal(denialIn(await world.answer(field)).code, 'SAML_REPLAYED')
})

test('the same assertion for another request is refused, even if its issuer signs so', async () => {
  const world = await samlWorld()
  identityIn(await world.answer(idp.posted(idp.signedAssertion({ inResponseTo: await world.ask() }))))
  const again = await world.answer(idp.posted(idp.signedAssertion({ inResponseTo: await world.ask() })))
  assert.equal(denialIn(again).code, 'SAML_REPLAYED')
})

const scopes: readonly [values: Record<string, string[]>, userName: string | null][] = [
  [{ [idp.eppnName]: ['ada@example.edu'] }, 'ada@example.edu'],
  [{ [idp.eppnName]: ['rector@b.edu'] }, null],
  [{ [idp.eppnName]: ['rector@b.edu', 'ada@example.edu'] }, 'ada@example.edu'],
  [{ [idp.eppnName]: ['ada@EXAMPLE.edu'] }, 'ada@EXAMPLE.edu'],
  [{ [idp.eppnName]: ['ada@b.edu@example.edu'] }, null],
  [{ [idp.eppnName]: ['ada'] }, null],
  [{ [idp.mailName]: ['ada@example.edu'] }, 'ada@example.edu'],
  [{ [idp.mailName]: ['ada@physics.example.edu'] }, 'ada@physics.example.edu'],
  [{ [idp.mailName]: ['rector@b.edu'] }, null],
  [{ [idp.mailName]: ['rector@notexample.edu'] }, null],
  [{ 'urn:oasis:names:tc:SAML:attribute:subject-id': ['a1=b@example.edu'] }, 'a1=b@example.edu'],
  [{ 'urn:oasis:names:tc:SAML:attribute:subject-id': ['a/b@example.edu'] }, null],
  [{}, null],
]
for (const [attributes, userName] of scopes) {
  test(`of ${JSON.stringify(attributes)} the name is ${userName}`, async () => {
    const world = await samlWorld()
    const step = await world.answer(idp.posted(idp.signedAssertion({ attributes, inResponseTo: await world.ask() })))
    if (userName !== null) assert.equal(identityIn(step).userName, userName)
    else assert.equal(denialIn(step).code, 'SAML_IDENTIFIER_MISSING')
  })
}

test('a denial for want of an identifier tells what came and what was left out, and why', async () => {
  const world = await samlWorld()
  const attributes = { [idp.eppnName]: ['rector@b.edu'], 'urn:oid:2.5.4.3': ['Ada'] }
  const denial = denialIn(
    await world.answer(idp.posted(idp.signedAssertion({ attributes, inResponseTo: await world.ask() }))),
  )
  assert.match(denial.log!, /sent: cn; left out: eppn: the scope b\.edu is not of https:\/\/idp\.example\.edu\/idp/)
})

test('without a public address and a name of its own it does not start: both could be forged by a browser', async () => {
  await assert.rejects(samlWorld({ entity_id: '' }, { publicUrl: '' }), { code: 'SAML_PUBLIC_URL_MISSING' })
})

test('roles that are required let in those who have one, and nobody else', async () => {
  const section = {
    xpath_role_location: '//saml:Attribute[@Name="Roles"]/saml:AttributeValue/text()',
    allowed_roles: 'a, b',
  }
  for (const [role, isIn] of [
    ['b', true],
    ['c', false],
  ] as const) {
    const world = await samlWorld(section)
    const attributes = { [idp.eppnName]: ['ada@example.edu'], Roles: [role] }
    const step = await world.answer(idp.posted(idp.signedAssertion({ attributes, inResponseTo: await world.ask() })))
    assert.equal(step.kind, isIn ? 'identity' : 'denied')
  }
})

test('scopes are left out of user names where the site says so', async () => {
  const world = await samlWorld({ strip_scopes: ['example.edu'] })
  const step = await world.answer(idp.posted(idp.signedAssertion({ inResponseTo: await world.ask() })))
  assert.equal(identityIn(step).userName, 'ada')
})

test('who comes unasked from a portal is sent there with a request, where the site allows it', async () => {
  const world = await samlWorld({ idp_initiated: true })
  const step = await world.answer(idp.posted(idp.signedAssertion({ inResponseTo: null })))
  assert.deepEqual(step, {
    kind: 'redirect',
    url: `https://hub.example.org/hub/saml/login?entityID=${encodeURIComponent(idp.idpId)}`,
  })
})

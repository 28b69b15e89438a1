import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '#config'
import { authenticatorContract } from '../contract.suite.ts'
import type { Denial, Recognised, Step, Visit } from '../contract.ts'
import { testDeps } from '../deps.fixture.ts'
import { valuesOf } from '../header-values.ts'
import { testBrowser } from '../visit.fixture.ts'
import { create } from './index.ts'

const ours = '127.0.0.1'
const apache = '192.0.2.80'

async function shibboleth(section: object = { trusted_proxies: [apache] }, serversAreHere = true) {
  const hub = {
    config: {
      JupyterHub: { authenticator_class: 'jhub_shibboleth_auth.shibboleth_auth.ShibbolethAuthenticator' },
      ShibbolethAuthenticator: { allow_all: true, ...section },
    },
  }
  const { settings, problems } = await loadConfig({ text: JSON.stringify({ hub }) })
  assert.ok(settings, JSON.stringify(problems))
  return create({ ...testDeps(), serversAreHere, settings: () => settings, own: () => settings.ways[0]! })
}

authenticatorContract({ name: 'shibboleth', make: () => shibboleth(), bad: [{ username: 'ada' }] })

const visit = (headers: Visit['headers'], hops: readonly string[] = [ours, apache]) => testBrowser()({ headers, hops })
const identityOf = (step: Step) => {
  assert.equal(step.kind, 'identity', JSON.stringify(step))
  return (step as Recognised).identity
}

const ada = { mail: 'Ada@example.edu', eppn: 'ada@example.edu', cn: 'Ada Lovelace', givenname: 'Ada', sn: 'Lovelace' }

test('the first header is the user name, and auth_state has the keys of jhub_shibboleth_auth in its order', async () => {
  const identity = identityOf(await (await shibboleth()).authenticate({}, visit(ada)))
  assert.equal(identity.userName, 'Ada@example.edu')
  assert.deepEqual(Object.entries(identity.authState!), [
    ['mail', 'Ada@example.edu'],
    ['jh_name', 'Ada@example.edu'],
    ['Eppn', 'ada@example.edu'],
    ['cn', 'Ada Lovelace'],
    ['Givenname', 'Ada'],
    ['sn', 'Lovelace'],
  ])
  assert.equal(identity.subject, null)
  assert.equal(identity.groups, null)
})

test('what is absent or empty is an absent key', async () => {
  const identity = identityOf(await (await shibboleth()).authenticate({}, visit({ mail: 'a@b.de', sn: '' })))
  assert.deepEqual(identity.authState, { mail: 'a@b.de', jh_name: 'a@b.de' })
})

test('UTF-8 in a header that HTTP takes for Latin-1 is read; other bytes stay as they are', async () => {
  const asLatin1 = Buffer.from('Jürgen Müller').toString('latin1')
  const one = identityOf(await (await shibboleth()).authenticate({}, visit({ ...ada, cn: asLatin1 })))
  assert.equal(one.authState!.cn, 'Jürgen Müller')
  const other = identityOf(await (await shibboleth()).authenticate({}, visit({ ...ada, cn: 'M\xfcller' })))
  assert.equal(other.authState!.cn, 'Müller')
})

test('headers are kept under the spelling of the configuration, whatever the web server makes of them', async () => {
  const way = await shibboleth({ trusted_proxies: [apache], headers: ['EPPN', 'isMemberOf'] })
  const identity = identityOf(await way.authenticate({}, visit({ eppn: 'ada@x.de', ismemberof: 'a;b\\;c' })))
  assert.deepEqual(identity.authState, { EPPN: 'ada@x.de', jh_name: 'ada@x.de', isMemberOf: 'a;b\\;c' })
  assert.deepEqual(identity.groups, ['a', 'b;c'])
})

test('a lasting identifier among the headers is the subject, at the identity provider', async () => {
  const way = await shibboleth({ trusted_proxies: [apache], headers: ['mail', 'pairwise-id'] })
  const headers = { ...ada, 'pairwise-id': 'x1@example.edu', 'shib-identity-provider': 'https://idp.example.edu' }
  const identity = identityOf(await way.authenticate({}, visit(headers)))
  assert.deepEqual([identity.issuer, identity.subject], ['https://idp.example.edu', 'x1@example.edu'])
})

for (const name of ['', '(null)', '-', 'ada\tb', 'ada\x01', '(NULL)']) {
  test(`${JSON.stringify(name)} is no user name`, async () => {
    const denial = (await (await shibboleth()).authenticate({}, visit({ ...ada, mail: name }))) as Denial
    assert.equal(denial.code, 'SHIBBOLETH_NAME_MISSING')
    assert.match(denial.log!, /mail is missing, empty or no name; the web server sent .*Eppn, cn/)
  })
}

const outside: readonly [what: string, hops: readonly string[], headers: Visit['headers']][] = [
  ['from the outside, through our proxy', [ours, '203.0.113.9'], ada],
  ['from the outside, who says to be the web server', [ours, '203.0.113.9', apache], ada],
  ['from this machine, which is not configured', [ours, '127.0.0.1'], ada],
  ['from a neighbour of the web server', [ours, '192.0.2.81'], ada],
  ['from a pod that speaks to the hub itself', ['10.1.2.3'], ada],
  ['from the web server itself, past our proxy', [apache], ada],
  ['from nowhere', [], ada],
  ['from an address that is none', [ours, 'unix:'], ada],
  [
    'with a header of forwarding',
    [ours, '203.0.113.9'],
    { ...ada, 'x-forwarded-for': apache, forwarded: `for=${apache}` },
  ],
  ['with a header of the real address', [ours, '203.0.113.9'], { ...ada, 'x-real-ip': apache }],
]
for (const [what, hops, headers] of outside) {
  test(`headers ${what} are not believed`, async () => {
    const denial = (await (await shibboleth()).authenticate({}, visit(headers, hops))) as Denial
    assert.equal(denial.code, 'WEB_SERVER_UNKNOWN')
    assert.ok(denial.log)
  })
}

const spellings = ['Mail_', 'HTTP_MAIL', 'mail ', 'x-mail', 'm\u0430il', 'mail\0']
for (const spelling of spellings) {
  test(`a header spelt ${JSON.stringify(spelling)} is not the one that is configured`, async () => {
    const denial = (await (await shibboleth()).authenticate({}, visit({ [spelling]: 'admin@x.de' }))) as Denial
    assert.equal(denial.code, 'SHIBBOLETH_NAME_MISSING')
  })
}

test('without trusted_proxies only this machine is believed, where no servers of users are', async () => {
  await assert.rejects(shibboleth({}), {
    code: 'HEADERS_OF_THIS_MACHINE',
    message: /ShibbolethAuthenticator.*127.0.0.1/,
  })
  const way = await shibboleth({}, false)
  assert.equal((await way.authenticate({}, visit(ada, [ours, '127.0.0.1']))).kind, 'identity')
  assert.equal((await way.authenticate({}, visit(ada, [ours, '10.1.2.3']))).kind, 'denied')
})

test('where a secret is set, an address is not enough', async () => {
  const way = await shibboleth({ trusted_proxies: ['192.0.2.0/24'], proxy_secret: 'open sesame' })
  const sent = (secret?: string) => visit({ ...ada, ...(secret !== undefined && { 'x-himalia-proxy-secret': secret }) })
  assert.equal((await way.authenticate({}, sent('open sesame'))).kind, 'identity')
  for (const wrong of [undefined, '', 'open sesam', 'close sesame']) {
    const denial = (await way.authenticate({}, sent(wrong))) as Denial
    assert.equal(denial.code, 'WEB_SERVER_UNKNOWN')
    assert.ok(!JSON.stringify(denial).includes('sesame'))
  }
})

test('without any header it does not start', async () => {
  await assert.rejects(shibboleth({ headers: [] }), { code: 'SHIBBOLETH_HEADERS_EMPTY' })
})

const joined: readonly [text: string | undefined, values: readonly string[]][] = [
  [undefined, []],
  ['', []],
  ['a', ['a']],
  ['a;b', ['a', 'b']],
  ['a\\;b;c', ['a;b', 'c']],
  ['a\\\\;b', ['a\\', 'b']],
  [';;a; b ;', ['a', 'b']],
]
for (const [text, values] of joined)
  test(`${text} are the values ${JSON.stringify(values)}`, () => assert.deepEqual(valuesOf(text), values))

/** Names and passwords of a real directory. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Denial, Identity, Step } from '#authenticators'
import { authenticatorContract } from '../../src/authenticators/contract.suite.ts'
import { testDeps } from '../../src/authenticators/deps.fixture.ts'
import { create } from '../../src/authenticators/ldap/index.ts'
import { testBrowser } from '../../src/authenticators/visit.fixture.ts'
import { base, type RunningDirectory, service, startDirectory } from './directory.ts'
import { settingsOf } from './world.ts'

let directory: RunningDirectory
before(async () => {
  directory = await startDirectory()
})
after(() => directory.stop())

const templates = { bind_dn_template: `uid={username},ou=people,${base}` }
const lookup = {
  lookup_dn: true,
  lookup_dn_search_user: service.dn,
  lookup_dn_search_password: service.password,
  user_search_base: `ou=people,${base}`,
  user_attribute: 'uid',
}

async function ldap(given: object = templates, rules: object = {}) {
  const section = {
    server_address: '127.0.0.1',
    server_port: directory.port,
    tls_kwargs: { ca_certs_file: directory.caFile },
    allow_all: true,
    ...given,
    ...rules,
  }
  const config = { hub: { config: { JupyterHub: { authenticator_class: 'ldap' }, LDAPAuthenticator: section } } }
  const [way] = (await settingsOf(JSON.stringify(config))).ways
  return create(testDeps(way))
}

async function signIn(username: string, password: string, given?: object, rules?: object): Promise<Step> {
  return (await ldap(given, rules)).authenticate({ username, password }, testBrowser()())
}

async function identity(...words: Parameters<typeof signIn>): Promise<Identity> {
  const step = await signIn(...words)
  assert.equal(step.kind, 'identity', JSON.stringify(step))
  return (step as Extract<Step, { kind: 'identity' }>).identity
}

async function denial(...words: Parameters<typeof signIn>): Promise<Denial> {
  const step = await signIn(...words)
  assert.equal(step.kind, 'denied', JSON.stringify(step))
  return step as Denial
}

authenticatorContract({
  name: 'ldap',
  make: () => ldap(),
  good: { form: { username: 'ada', password: 'ada-secret' }, userName: 'ada' },
  bad: [
    { username: 'ada', password: 'bob-secret' },
    { username: 'ada', password: '' },
    { username: 'nobody', password: 'x' },
    { username: 'ada,ou=people', password: 'ada-secret' },
    { username: '*', password: 'ada-secret' },
  ],
})

test('by StartTLS, by LDAPS, and unencrypted only where that is said', async () => {
  for (const given of [
    { tls_strategy: 'before_bind' },
    { tls_strategy: 'on_connect', server_port: directory.tlsPort },
    { use_ssl: true, server_port: directory.tlsPort },
    { tls_strategy: 'insecure' },
  ]) {
    assert.equal((await identity('ada', 'ada-secret', { ...templates, ...given })).userName, 'ada')
  }
})

test('a certificate of nobody we know is refused, unless that is said', async () => {
  for (const given of [{}, { tls_strategy: 'on_connect', server_port: directory.tlsPort }]) {
    const error = { code: 'DIRECTORY_UNREACHABLE', message: /certificate/ }
    await assert.rejects(signIn('ada', 'ada-secret', { ...templates, tls_kwargs: {}, ...given }), error)
    const taken = { ...templates, ...given, tls_kwargs: { validate: 0 } }
    assert.equal((await identity('ada', 'ada-secret', taken)).userName, 'ada')
  }
})

test('of several servers the first that answers is asked', async () => {
  const given = { ...templates, server_address: ['127.0.0.1:1', `127.0.0.1:${directory.port}`] }
  assert.equal((await identity('ada', 'ada-secret', given)).userName, 'ada')
  await assert.rejects(signIn('ada', 'ada-secret', { ...templates, server_port: 1 }), { code: 'DIRECTORY_UNREACHABLE' })
})

test('templates are tried in their order, with names made harmless', async () => {
  const several = { bind_dn_template: [`uid={username},ou=other,${base}`, templates.bind_dn_template] }
  assert.equal((await identity('ada', 'ada-secret', several)).userName, 'ada')
  const byName = { bind_dn_template: `cn={username},ou=people,${base}`, valid_username_regex: '.' }
  await denial('Bob, the Builder', 'wrong', byName)
})

test('the name is looked up first, as the service or with an attribute for the template', async () => {
  assert.equal((await identity('bob', 'bob-secret', lookup)).userName, 'bob')
  const byMail = { ...lookup, user_attribute: 'mail', valid_username_regex: '.', lookup_dn_user_dn_attribute: 'uid' }
  assert.equal(
    (await identity('zoe@example.org', 'zoe-secret', { ...byMail, ...templates })).userName,
    'zoe@example.org',
  )
  const renamed = { ...byMail, ...templates, use_lookup_dn_username: true }
  assert.equal((await identity('zoe@example.org', 'zoe-secret', renamed)).userName, 'zoe')
  const locked = { ...lookup, lookup_dn_search_password: 'wrong' }
  assert.match((await denial('bob', 'bob-secret', locked)).log ?? '', /lookup_dn_search_user/)
})

for (const name of [
  '*',
  'a*',
  '*)(uid=*',
  '*)(uid=*))(|(uid=*',
  'ada)(cn=*',
  '\\2a',
  'ada\0',
  'ada,',
  '#ada',
  'ada"',
  'ada+cn=x',
]) {
  test(`${JSON.stringify(name)} is a name, not a question`, async () => {
    const anyName = { valid_username_regex: '' }
    await denial(name, 'ada-secret', { ...lookup, ...anyName })
    await denial(name, 'ada-secret', { ...templates, ...anyName })
  })
}

test('names that the pattern does not take are not even asked for', async () => {
  assert.match((await denial('Ada', 'ada-secret')).log ?? '', /valid_username_regex/)
})

test('exactly one entry must match the filter', async () => {
  const search = { ...templates, user_search_base: `ou=people,${base}`, user_attribute: 'uid' }
  assert.equal(
    (await identity('ada', 'ada-secret', { ...search, search_filter: '(&({userattr}={username})(sn=ada))' })).userName,
    'ada',
  )
  assert.equal((await denial('ada', 'ada-secret', { ...search, search_filter: '(sn=bob)' })).code, 'ACCOUNT_NOT_TAKEN')
})

test('groups that a rule names are asked for, by member, uniqueMember and memberUid', async () => {
  const groups = ['lab', 'heads', 'posix'].map((name) => `cn=${name},ou=groups,${base}`)
  const ada = await identity('ada', 'ada-secret', templates, { allowed_groups: groups, admin_groups: [groups[1]] })
  assert.deepEqual(ada.groups, [groups[0], groups[1]])
  assert.deepEqual(ada.authState?.ldap_groups, [groups[0], groups[1]])
  assert.deepEqual((await identity('bob', 'bob-secret', templates, { allowed_groups: groups })).groups, [groups[2]])
})

test('all groups come into the hub where their place is named', async () => {
  const given = { ...templates, group_search_base: `ou=groups,${base}` }
  assert.deepEqual((await identity('ada', 'ada-secret', given)).groups, ['heads', 'lab'])
})

test('attributes are kept, and the person has an id that outlives the name', async () => {
  const ada = await identity('ada', 'ada-secret', { ...templates, auth_state_attributes: ['sn', 'mail'] })
  assert.deepEqual(ada.authState?.user_attributes, { sn: ['ada'], mail: ['ada@example.org'] })
  assert.match(ada.subject ?? '', /^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  assert.deepEqual(ada.mail, { address: 'ada@example.org', isVerified: true })
})

test('what is missing in the configuration is said at the start', async () => {
  await assert.rejects(ldap({ server_address: [] }), { code: 'OPTION_MISSING', message: /server_address/ })
  await assert.rejects(ldap({}), { code: 'OPTION_MISSING', message: /bind_dn_template/ })
})

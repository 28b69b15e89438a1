import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authenticatorContract } from '../contract.suite.ts'
import type { Denial, Recognised, Visit } from '../contract.ts'
import { testDeps } from '../deps.fixture.ts'
import { testBrowser } from '../visit.fixture.ts'
import { create } from './index.ts'

const [ours, apache] = ['127.0.0.1', '192.0.2.80']
const make = (options: object = {}, serversAreHere = true) =>
  create({
    ...testDeps({
      id: 'remote-user',
      className: 'RemoteUserAuthenticator',
      options: {
        headerName: 'REMOTE_USER',
        groupsHeader: null,
        mailHeader: null,
        trustedProxies: [apache],
        proxySecret: null,
        trustThisMachine: false,
        ...options,
      },
    }),
    serversAreHere,
  })
const visit = (headers: Visit['headers'], hops: readonly string[] = [ours, apache]) => testBrowser()({ headers, hops })

authenticatorContract({ name: 'remote-user', make: async () => make(), bad: [{ username: 'ada' }] })

test('the header says who came', async () => {
  const { identity } = (await make().authenticate({}, visit({ remote_user: 'ada' }))) as Recognised
  assert.deepEqual([identity.userName, identity.groups, identity.mail], ['ada', null, null])
})

test('groups and address come in headers of their own', async () => {
  const way = make({ groupsHeader: 'X-Groups', mailHeader: 'X-Mail' })
  const headers = { remote_user: 'ada', 'x-groups': 'a;b', 'x-mail': 'ada@example.org' }
  const { identity } = (await way.authenticate({}, visit(headers))) as Recognised
  assert.deepEqual(identity.groups, ['a', 'b'])
  assert.deepEqual(identity.mail, { address: 'ada@example.org', isVerified: true })
})

for (const headers of [
  {},
  { remote_user: '' },
  { remote_user: '(null)' },
  { 'remote-user': 'ada' },
  { http_remote_user: 'ada' },
]) {
  test(`${JSON.stringify(headers)} says nothing`, async () => {
    assert.equal(((await make().authenticate({}, visit(headers))) as Denial).code, 'REMOTE_USER_MISSING')
  })
}

test('the header of anybody else is not believed', async () => {
  for (const hops of [[ours, '203.0.113.9'], [apache], [ours, '127.0.0.1']]) {
    const denial = (await make().authenticate({}, visit({ remote_user: 'root' }, hops))) as Denial
    assert.equal(denial.code, 'WEB_SERVER_UNKNOWN')
  }
})

const here = ['127.0.0.0/8', '::1']

test('where servers run on this machine it does not start with that alone trusted', async () => {
  assert.throws(() => make({ trustedProxies: here }), { code: 'HEADERS_OF_THIS_MACHINE', message: /RemoteUserAuth/ })
  assert.throws(() => make({ trustedProxies: ['0.0.0.0/0'] }), { code: 'HEADERS_OF_THIS_MACHINE' })
  for (const more of [{ proxySecret: 'open sesame' }, { trustThisMachine: true }])
    make({ trustedProxies: here, ...more })
})

test('where servers are pods this machine may be trusted', async () => {
  const way = make({ trustedProxies: here }, false)
  assert.equal((await way.authenticate({}, visit({ remote_user: 'ada' }, [ours, '127.0.0.1']))).kind, 'identity')
})

test('a configuration that turns unsafe while the hub runs lets nobody in from here', async () => {
  const options = { headerName: 'REMOTE_USER', groupsHeader: null, mailHeader: null, trustedProxies: [apache] }
  const deps = testDeps({ options: { ...options, proxySecret: null, trustThisMachine: false } })
  const way = create(deps)
  Object.assign(deps.own().options, { trustedProxies: here })
  const denial = (await way.authenticate({}, visit({ remote_user: 'ada' }, [ours, '127.0.0.1']))) as Denial
  assert.equal(denial.code, 'WEB_SERVER_UNKNOWN')
})

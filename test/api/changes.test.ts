/** Users, groups, tokens and activity: what changes, and what is refused. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAuthenticators } from '#authenticators'
import { authenticatorDeps } from '../../src/hub/sign-in/index.ts'
import { testHub } from './hub.ts'

type Context = Parameters<typeof testHub>[0]

async function hubWithRoot(t: Context, given: Parameters<typeof testHub>[1] = {}) {
  const hub = await testHub(t, given)
  const root = await hub.addUser('root', { admin: true })
  const token = await hub.token(root)
  const status = async (method: string, path: string, body?: unknown) =>
    (await hub.call(method, path, { token, ...(body === undefined ? {} : { body }) })).statusCode
  return { hub, root, token, status }
}

describe('users', () => {
  test('are created many at once under their normalised names; known ones are left out', async (t) => {
    const { hub, token } = await hubWithRoot(t, { authenticator: { usernameMap: { bobby: 'bob' } } })
    await hub.addUser('ada')

    const made = await hub.call('POST', '/users', { token, body: { usernames: ['ADA', 'Bobby', 'eve', 'eve'] } })
    const again = await hub.call('POST', '/users', { token, body: { usernames: ['ada', 'bob'] } })

    assert.equal(made.statusCode, 201)
    assert.deepEqual(
      made.json().map(({ name }: { name: string }) => name),
      ['bob', 'eve'],
    )
    assert.equal(again.statusCode, 409)
  })

  test('with a bad name among them are not created at all', async (t) => {
    const { hub, token, status } = await hubWithRoot(t, { authenticator: { usernamePattern: '[a-z]+$' } })
    for (const bad of ['', 'a/b', 'a\u0007', '..', 'x'.repeat(256), 'x1', '\ud800']) {
      assert.equal(await status('POST', '/users', { usernames: ['fine', bad] }), 400, JSON.stringify(bad))
    }
    assert.equal(await status('POST', '/users', { usernames: [] }), 400)

    assert.equal((await hub.call('GET', '/users/fine', { token })).statusCode, 404)
  })

  test('are created one by one under exactly the given name', async (t) => {
    const { status } = await hubWithRoot(t)

    assert.equal(await status('POST', '/users/ada@example.org', { admin: true }), 201)
    assert.equal(await status('POST', '/users/ada@example.org'), 409)
    assert.equal(await status('GET', '/users/ada%40example.org'), 200)
    assert.equal(await status('POST', '/users/bob', { groups: [] }), 400)
    assert.equal(await status('POST', '/users/bob', { colour: 'blue' }), 400)
    assert.equal(await status('POST', '/users/bob', { admin: 'yes' }), 400)
  })

  test('become administrators only through administrators', async (t) => {
    const { hub } = await hubWithRoot(t)
    const helper = await hub.addUser('helper')
    await hub.addUser('ada')
    const { assignRole, saveRole } = await import('#store')
    await saveRole(hub.context.store.db, { name: 'helper', description: '', scopes: ['admin:users'] })
    await assignRole(hub.context.store.db, { role: 'helper', holder: 'user', id: helper.id })
    const token = await hub.token(helper)
    const status = async (method: string, path: string, body: unknown) =>
      (await hub.call(method, path, { token, body })).statusCode

    assert.equal(await status('POST', '/users', { usernames: ['x'], admin: true }), 403)
    assert.equal(await status('POST', '/users/x', { admin: true }), 403)
    assert.equal(await status('PATCH', '/users/ada', { admin: true }), 403)
    assert.equal(await status('PATCH', '/users/root', { name: 'toor' }), 403)
    assert.equal(await status('PATCH', '/users/ada', { name: 'eda' }), 200)
  })

  test('keep their servers and tokens under a new name, which must be free', async (t) => {
    const { hub, token, status } = await hubWithRoot(t)
    const ada = await hub.addUser('ada')
    const own = await hub.token(ada)
    await hub.call('PUT', '/users/ada/servers/x', { token })

    assert.equal(await status('PATCH', '/users/ada', { name: 'root' }), 400)
    assert.equal(await status('PATCH', '/users/ada', { name: 'eda' }), 200)

    assert.equal((await hub.call('GET', '/user', { token: own })).json().name, 'eda')
    assert.equal(await status('GET', '/users/eda/servers/x'), 200)
  })

  test('with a running server are not renamed', async (t) => {
    const { hub, status } = await hubWithRoot(t)
    const ada = await hub.addUser('ada')
    await hub.call('POST', '/users/ada/server', { token: await hub.token(ada) })

    assert.equal(await status('PATCH', '/users/ada', { name: 'eda' }), 400)
  })

  test('are deleted with their servers, but not by themselves', async (t) => {
    const { hub, token, status } = await hubWithRoot(t)
    const ada = await hub.addUser('ada')
    const own = await hub.token(ada)
    await hub.call('POST', '/users/ada/server', { token: own })
    await hub.call('POST', '/users/ada/servers/x', { token: own })

    assert.equal(await status('DELETE', '/users/ada'), 204)

    assert.equal(await status('GET', '/users/ada'), 404)
    assert.equal((await hub.call('GET', '/user', { token: own })).statusCode, 403)
    assert.deepEqual(Object.keys((await hub.call('GET', '/proxy', { token })).json()), ['/'])
    assert.equal(await status('DELETE', '/users/root'), 400)
  })

  test('have no auth_state where it is not kept', async (t) => {
    const { hub, status } = await hubWithRoot(t, { authenticator: { enableAuthState: false } })
    await hub.addUser('ada')

    assert.equal(await status('PATCH', '/users/ada', { auth_state: {} }), 400)
  })
})

describe('activity', () => {
  test('moves forward and never back, for the user and the server', async (t) => {
    const { hub, token } = await hubWithRoot(t)
    const ada = await hub.addUser('ada')
    const own = await hub.token(ada, 'users:activity!user')
    await hub.call('PUT', '/users/ada/servers/x', { token })
    const later = '2025-03-01T10:00:00.500000Z'
    const report = (at: string) => ({ last_activity: at, servers: { x: { last_activity: at } } })
    const times = async () => {
      const user = (await hub.call('GET', '/users/ada?include_stopped_servers', { token })).json()
      return [user.last_activity, user.servers.x.last_activity]
    }

    const first = await hub.call('POST', '/users/ada/activity', { token: own, body: report(later) })
    assert.deepEqual([first.statusCode, first.body], [200, ''])
    assert.deepEqual(await times(), [later, later])

    await hub.call('POST', '/users/ada/activity', { token: own, body: report('2025-02-01T00:00:00Z') })
    assert.deepEqual(await times(), [later, later])
  })

  test('is read in any form of a date, and refused when it is none or in the future', async (t) => {
    const { hub, status } = await hubWithRoot(t)
    await hub.addUser('ada')
    for (const text of [
      '2025-01-01',
      '2025-01-01T00:00:00',
      '2025-01-01T00:00:00+02:00',
      '2025-01-01 00:00:00.123456',
    ]) {
      assert.equal(await status('POST', '/users/ada/activity', { last_activity: text }), 200, text)
    }
    const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString()
    assert.equal(await status('POST', '/users/ada/activity', { last_activity: soon(50) }), 200)
    for (const text of ['', 'yesterday', 'NaN', soon(61), '9'.repeat(1000), '-000001-01-01T00:00:00Z']) {
      assert.equal(await status('POST', '/users/ada/activity', { last_activity: text }), 400, text)
    }
  })

  test('of a server that does not exist, of nothing, or of the wrong type is refused', async (t) => {
    const { hub, status } = await hubWithRoot(t)
    await hub.addUser('ada')
    const at = { last_activity: '2025-01-01T00:00:00Z' }
    for (const body of [{}, { servers: { gone: at } }, { servers: [] }, { servers: { '': 1 } }, { last_activity: 5 }]) {
      assert.equal(await status('POST', '/users/ada/activity', body), 400, JSON.stringify(body))
    }
    assert.equal(await status('POST', '/users/ada/activity'), 400)
  })
})

describe('tokens', () => {
  test('are shown once with their secret, and then without', async (t) => {
    const { hub, token } = await hubWithRoot(t)

    const made = (
      await hub.call('POST', '/users/root/tokens', { token, body: { note: 'mine', expires_in: 60 } })
    ).json()
    const listed = (await hub.call('GET', '/users/root/tokens', { token })).json().api_tokens
    const one = (await hub.call('GET', `/users/root/tokens/${made.id}`, { token })).json()

    assert.match(made.token, /^[0-9a-f]{32}$/)
    assert.equal((await hub.call('GET', '/user', { token: made.token })).json().name, 'root')
    assert.deepEqual([made.note, made.roles, made.user, made.kind], ['mine', [], 'root', 'api_token'])
    assert.ok(Date.parse(made.expires_at) - Date.parse(made.created) === 60_000)
    assert.ok(!JSON.stringify([listed, one]).includes(made.token))
    assert.equal(one.id, made.id)
  })

  test('carry a note that tells who asked for them', async (t) => {
    const { hub, token } = await hubWithRoot(t)
    await hub.addUser('ada')

    const own = await hub.call('POST', '/users/root/tokens', { token })
    const other = await hub.call('POST', '/users/ada/tokens', { token })

    assert.equal(own.json().note, 'Requested via api')
    assert.equal(other.json().note, 'Requested via api by user root')
  })

  test('are never given more than their owner has', async (t) => {
    const { hub } = await hubWithRoot(t)
    const token = await hub.token(await hub.addUser('ada'))
    const status = async (body: unknown) => (await hub.call('POST', '/users/ada/tokens', { token, body })).statusCode

    assert.equal(await status({ scopes: ['read:users!user=ada'] }), 201)
    assert.equal(await status({ scopes: ['read:users'] }), 400)
    assert.equal(await status({ scopes: ['read:users!user=root'] }), 400)
    assert.equal(await status({ scopes: ['nonsense'] }), 400)
    assert.equal(await status({ scopes: ['all'] }), 400)
    assert.equal(await status({ roles: ['admin'] }), 400)
    assert.equal(await status({ roles: ['nobody'] }), 400)
    assert.equal(await status({ roles: ['user'] }), 201)
    assert.equal(await status({ roles: ['user'], scopes: [] }), 400)
  })

  test('live no longer than is allowed', async (t) => {
    const { hub, token, status } = await hubWithRoot(t, { hub: { tokenExpiresInMaxSeconds: 100 } })

    assert.equal(await status('POST', '/users/root/tokens', { expires_in: 101 }), 400)
    assert.equal(await status('POST', '/users/root/tokens', { expires_in: -1 }), 400)
    assert.equal(await status('POST', '/users/root/tokens', { expires_in: '60' }), 400)
    assert.equal(await status('POST', '/users/root/tokens', { expires_in: 1.5 }), 400)
    const forever = (await hub.call('POST', '/users/root/tokens', { token, body: { expires_in: 0 } })).json()
    assert.equal(Date.parse(forever.expires_at) - Date.parse(forever.created), 100_000)
  })

  test('of other users are nothing that a path can reach', async (t) => {
    const { hub, token, status } = await hubWithRoot(t)
    await hub.addUser('ada')
    const { token_id } = (await hub.call('GET', '/user', { token })).json()

    assert.equal(await status('GET', `/users/ada/tokens/${token_id}`), 404)
    assert.equal(await status('DELETE', `/users/ada/tokens/${token_id}`), 404)
    for (const id of ['a', '1', 'a0x1', 'a-1', 'a99999999999999999999']) {
      assert.equal(await status('GET', `/users/root/tokens/${id}`), 404, id)
    }
  })

  test('come for a name and password in the body, for nobody but their owner', async (t) => {
    const { hub } = await hubWithRoot(t, { authenticator: { allowAll: true }, dummyPassword: 'secret' })
    const authenticators = await createAuthenticators(hub.context.settings().ways, authenticatorDeps(hub.context))
    Object.assign(hub.context, { authenticators })
    await hub.addUser('ada')
    const ask = (user: string, auth: unknown) => hub.call('POST', `/users/${user}/tokens`, { body: { auth } })

    const made = await ask('ada', { username: 'ada', password: 'secret' })

    assert.equal(made.statusCode, 201)
    assert.equal((await hub.call('GET', '/user', { token: made.json().token })).json().name, 'ada')
    assert.equal((await ask('ada', { username: 'ada', password: 'wrong' })).statusCode, 403)
    assert.equal((await ask('root', { username: 'ada', password: 'secret' })).statusCode, 404)
    assert.equal((await hub.call('POST', '/users/ada/tokens')).statusCode, 403)
  })

  test('are not guessed for by many passwords in the body', async (t) => {
    const { hub } = await hubWithRoot(t, { authenticator: { allowAll: true }, dummyPassword: 'secret' })
    const authenticators = await createAuthenticators(hub.context.settings().ways, authenticatorDeps(hub.context))
    Object.assign(hub.context, { authenticators })
    await hub.addUser('ada')
    const codes: number[] = []
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const body = { auth: { username: 'ada', password: `wrong ${attempt}` } }
      codes.push((await hub.call('POST', '/users/ada/tokens', { body })).statusCode)
    }

    assert.equal(codes[0], 403)
    assert.equal(codes.at(-1), 429)
  })
})

describe('groups', () => {
  test('are made, filled, emptied, given properties and deleted', async (t) => {
    const { hub, token, status } = await hubWithRoot(t)
    await hub.addUser('ada')
    const group = async () => (await hub.call('GET', '/groups/g', { token })).json()

    assert.equal(await status('POST', '/groups/g', { users: ['ada'] }), 201)
    assert.equal(await status('POST', '/groups/g'), 409)
    assert.equal(await status('POST', '/groups/g/users', { users: ['Root'] }), 200)
    assert.deepEqual((await group()).users, ['ada', 'root'])
    assert.equal(await status('DELETE', '/groups/g/users', { users: ['ada'] }), 200)
    assert.deepEqual((await group()).users, ['root'])
    assert.equal(await status('PUT', '/groups/g/properties', { a: { b: 1 } }), 200)
    assert.deepEqual((await group()).properties, { a: { b: 1 } })
    assert.equal(await status('DELETE', '/groups/g'), 204)
    assert.equal(await status('GET', '/groups/g'), 404)
  })

  test('take no users that do not exist, and then change nothing', async (t) => {
    const { hub, token, status } = await hubWithRoot(t)
    await status('POST', '/groups/g')

    assert.equal(await status('POST', '/groups/g/users', { users: ['root', 'nobody'] }), 400)
    assert.equal(await status('POST', '/groups/h', { users: ['nobody'] }), 400)
    assert.equal(await status('POST', '/groups/g/users', {}), 400)
    assert.equal(await status('POST', '/groups', { groups: ['new', 'g'] }), 409)

    assert.deepEqual((await hub.call('GET', '/groups/g', { token })).json().users, [])
    assert.equal(await status('GET', '/groups/h'), 404)
    assert.equal(await status('GET', '/groups/new'), 404)
  })

  test('stay as they are where the sign-in decides about them', async (t) => {
    const { status } = await hubWithRoot(t, { authenticator: { manageGroups: true } })

    assert.equal(await status('POST', '/groups/g'), 400)
    assert.equal(await status('POST', '/groups', { groups: ['g'] }), 400)
  })
})

test('deeds stand in the audit log with who did them, without secrets', async (t) => {
  const { hub, token, status } = await hubWithRoot(t)
  await status('POST', '/users/ada')
  const made = (await hub.call('POST', '/users/ada/tokens', { token })).json()
  await status('PATCH', '/users/ada', { auth_state: { password: 'hidden' } })
  await status('DELETE', '/users/ada')

  const lines = await hub.context.store.db.selectFrom('audit').selectAll().orderBy('id').execute()

  const api = lines.filter(({ actor }) => actor === 'user root').map(({ action, target }) => `${action} ${target}`)
  assert.deepEqual(api, [
    'user.create user ada',
    'token.create user ada',
    'user.change user ada',
    'user.delete user ada',
  ])
  assert.ok(!JSON.stringify(lines).includes(made.token))
  assert.ok(!JSON.stringify(lines).includes('hidden'))
})

test('the hub is asked to stop, and to bring its routes in line', async (t) => {
  const { hub, status } = await hubWithRoot(t)

  assert.equal(await status('POST', '/proxy'), 200)
  assert.equal(await status('POST', '/shutdown', { servers: false, proxy: true }), 202)
  assert.equal(await status('POST', '/shutdown', { servers: 'yes' }), 400)

  assert.deepEqual(hub.asked, ['check routes', 'shut down {"proxy":true,"servers":false}'])
})

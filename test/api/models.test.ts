/** Which fields a caller sees, and lists in pages. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { groupFields, paginationMediaType, userFields } from '#api'
import { createGroup } from '#store'
import { testHub } from './hub.ts'

describe('the fields of a record are those that the scopes on it show', () => {
  for (const [scope, fields] of Object.entries(userFields)) {
    test(`${scope} of a user`, async (t) => {
      const hub = await testHub(t)
      await hub.addUser('ada')
      // The scope that lets one look, and the scope in question on top.
      const token = await hub.token(
        await hub.addUser('root', { admin: true }),
        `${scope}!user=ada`,
        'list:users!user=ada',
      )

      const [listed] = (await hub.call('GET', '/users?include_stopped_servers', { token })).json()

      const expected = new Set<string>([...fields, ...userFields['read:users:name']!])
      assert.deepEqual(Object.keys(listed).sort(), [...expected].sort())
    })
  }

  for (const [scope, fields] of Object.entries(groupFields)) {
    test(`${scope} of a group`, async (t) => {
      const hub = await testHub(t)
      await createGroup(hub.context.store.db, { name: 'g' })
      const token = await hub.token(await hub.addUser('root', { admin: true }), `${scope}!group=g`)

      const group = (await hub.call('GET', '/groups/g', { token })).json()

      // What shows a group shows its name, too, by a scope it contains or by itself.
      assert.deepEqual(Object.keys(group).sort(), [...fields].sort())
    })
  }

  test('state of a server needs admin:server_state', async (t) => {
    const hub = await testHub(t)
    const ada = await hub.addUser('ada')
    await hub.call('POST', '/users/ada/server', { token: await hub.token(ada) })
    const token = await hub.token(ada)
    const admin = await hub.token(await hub.addUser('root', { admin: true }))

    const own = (await hub.call('GET', '/users/ada/server', { token })).json()
    const full = (await hub.call('GET', '/users/ada/server', { token: admin })).json()

    assert.ok(!('state' in own))
    assert.deepEqual(full.state, { n: 1 })
    assert.equal(own.url, '/user/ada/')
    assert.equal(own.full_name, 'ada/')
  })

  test('auth_state is real for one user, and null in lists', async (t) => {
    const hub = await testHub(t)
    await hub.addUser('ada')
    const token = await hub.token(await hub.addUser('root', { admin: true }))

    const changed = await hub.call('PATCH', '/users/ada', { token, body: { auth_state: { key: 'value' } } })
    const list = (await hub.call('GET', '/users', { token })).json<{ name: string; auth_state: unknown }[]>()

    assert.deepEqual(changed.json().auth_state, { key: 'value' })
    assert.equal(list.find(({ name }) => name === 'ada')?.auth_state, null)
    assert.deepEqual((await hub.call('GET', '/users/ada', { token })).json().auth_state, { key: 'value' })
  })
})

describe('GET /user', () => {
  test('tells a token without scopes whose it is, and the scopes without what was added to tell it', async (t) => {
    const hub = await testHub(t)
    const ada = await hub.addUser('ada')
    const token = await hub.token(ada, 'access:servers!server=ada/')

    const me = (await hub.call('GET', '/user', { token })).json()

    assert.equal(me.kind, 'user')
    assert.equal(me.name, 'ada')
    assert.deepEqual(me.groups, [])
    assert.match(me.token_id, /^a\d+$/)
    assert.deepEqual(me.scopes, [
      'access:servers!server=ada/',
      'read:users:groups!user=ada',
      'read:users:name!user=ada',
    ])
    assert.ok(!('last_activity' in me) && !('servers' in me))
  })

  test('shows a change of groups and of servers at once', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    assert.deepEqual((await hub.call('GET', '/user', { token })).json().groups, [])

    await hub.call('POST', '/groups/g', { token, body: { users: ['root'] } })
    await hub.call('POST', '/users/root/server', { token })

    const me = (await hub.call('GET', '/user', { token })).json()
    assert.deepEqual(me.groups, ['g'])
    assert.equal(me.server, '/user/root/')
    assert.equal(me.servers[''].ready, true)
  })

  test('answers a deleted token with 403', async (t) => {
    const hub = await testHub(t)
    const token = await hub.token(await hub.addUser('ada'))
    const { token_id } = (await hub.call('GET', '/user', { token })).json()

    assert.equal((await hub.call('DELETE', `/users/ada/tokens/${token_id}`, { token })).statusCode, 204)
    assert.equal((await hub.call('GET', '/user', { token })).statusCode, 403)
  })

  test('is what old servers get for a token in the path', async (t) => {
    const hub = await testHub(t)
    const server = await hub.token(await hub.addUser('root', { admin: true }))
    const visitor = await hub.token(await hub.addUser('ada'))

    const answer = await hub.call('GET', `/authorizations/token/${visitor}`, { token: server })

    assert.equal(answer.json().name, 'ada')
    assert.equal((await hub.call('GET', '/authorizations/token/wrong', { token: server })).statusCode, 404)
    assert.equal((await hub.call('GET', `/authorizations/token/${visitor}`)).statusCode, 403)
    assert.ok(!JSON.stringify(hub.logged).includes(visitor))
  })
})

describe('lists', () => {
  const headers = { accept: paginationMediaType }

  async function hubWithUsers(t: Parameters<typeof testHub>[0], count: number, settings: object = {}) {
    const hub = await testHub(t, { hub: settings })
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    const usernames = Array.from({ length: count - 1 }, (_, index) => `u${String(index).padStart(3, '0')}`)
    await hub.call('POST', '/users', { token, body: { usernames } })
    return { hub, token }
  }

  test('are bare and cut at the largest page without the media type', async (t) => {
    const { hub, token } = await hubWithUsers(t, 8, { apiPageMaxLimit: 5 })

    assert.equal((await hub.call('GET', '/users', { token })).json().length, 5)
    assert.equal((await hub.call('GET', '/users?limit=100', { token })).json().length, 5)
    assert.equal((await hub.call('GET', '/users?limit=-2', { token })).json().length, 2)
    assert.equal((await hub.call('GET', '/users?limit=0', { token })).json().length, 1)
  })

  test('tell the way to the next page with the media type, and null on the last', async (t) => {
    const { hub, token } = await hubWithUsers(t, 7, { apiPageDefaultLimit: 3 })

    const first = (await hub.call('GET', '/users?name_filter=U0&sort=-name', { token, headers })).json()
    const next = new URL(first._pagination.next.url)
    const second = (await hub.call('GET', `${next.pathname.slice(8)}${next.search}`, { token, headers })).json()

    assert.deepEqual(
      first.items.map((user: { name: string }) => user.name),
      ['u005', 'u004', 'u003'],
    )
    assert.deepEqual({ ...first._pagination, next: null }, { offset: 0, limit: 3, total: 6, next: null })
    assert.deepEqual(
      second.items.map((user: { name: string }) => user.name),
      ['u002', 'u001', 'u000'],
    )
    assert.equal(second._pagination.next, null)
  })

  test('refuse numbers that are none, and words that are not known', async (t) => {
    const { hub, token } = await hubWithUsers(t, 1)
    for (const query of ['limit=x', 'offset=1.5', 'limit=', 'state=sleeping', 'sort=age', 'sort=--name', 'limit=1e9']) {
      assert.equal((await hub.call('GET', `/users?${query}`, { token })).statusCode, 400, query)
    }
  })

  test('pass over parameters that nobody knows', async (t) => {
    const { hub, token } = await hubWithUsers(t, 1)

    assert.equal((await hub.call('GET', '/users?colour=blue', { token })).statusCode, 200)
  })

  test('need a filter that can apply to rows', async (t) => {
    const { hub } = await hubWithUsers(t, 1)
    const token = await hub.token(await hub.addUser('admin2', { admin: true }), 'list:users!server=root/')

    assert.equal((await hub.call('GET', '/users', { token })).statusCode, 403)
  })

  test('of groups and proxy routes come in pages, too', async (t) => {
    const { hub, token } = await hubWithUsers(t, 2)
    await hub.call('POST', '/groups', { token, body: { groups: ['a', 'b', 'c'], users: ['root'] } })

    const groups = (await hub.call('GET', '/groups?limit=2', { token, headers })).json()
    const routes = (await hub.call('GET', '/proxy?limit=1', { token, headers })).json()

    assert.deepEqual(
      groups.items.map((group: { name: string }) => group.name),
      ['a', 'b'],
    )
    assert.equal(groups._pagination.next.offset, 2)
    assert.equal(typeof routes.items, 'object')
    assert.ok(!Array.isArray(routes.items))
  })

  test('by state know active, ready and inactive', async (t) => {
    const { hub, token } = await hubWithUsers(t, 3, { slowSpawnTimeoutSeconds: 0 })
    await hub.call('POST', '/users/u000/server', { token })
    await hub.settled('u000')
    hub.spawner.hold = true
    const starting = await hub.call('POST', '/users/u001/server', { token })
    assert.equal(starting.statusCode, 202)

    const inState = async (state: string) =>
      (await hub.call('GET', `/users?state=${state}`, { token })).json().map(({ name }: { name: string }) => name)

    assert.deepEqual(await inState('active'), ['u000', 'u001'])
    assert.deepEqual(await inState('ready'), ['u000'])
    assert.deepEqual(await inState('inactive'), ['root'])
  })
})

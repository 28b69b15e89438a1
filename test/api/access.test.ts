/** Every route of the contract: who gets an answer, who is refused, and who must not learn what exists. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { scopeEntry } from '#access'
import { allRoutes, paramNames, type Route } from '#api'
import { createGroup } from '#store'
import { type TestHub, testHub } from './hub.ts'

const names: Record<string, string> = { user: 'ada', server: 'x', group: 'g', service: 's', token: 'a1', owner: 'bob' }

function pathFor(route: Route, replaced: Record<string, string> = {}): string {
  return route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => replaced[name] ?? names[name] ?? 'x')
}

/** The filter that fits what the path names, or null where the route is about everything. */
function fittingFilter(route: Route): string | null {
  const params = paramNames(route.path)
  if (params.includes('group')) return 'group=g'
  if (params.includes('service')) return 'service=s'
  return params.includes('user') ? 'user=ada' : null
}

async function hubWithPeople(t: Parameters<typeof testHub>[0]): Promise<TestHub> {
  const hub = await testHub(t)
  await hub.addUser('ada')
  await hub.addUser('bob')
  await createGroup(hub.context.store.db, { name: 'g' })
  return hub
}

const scoped = allRoutes.filter(({ access }) => access.kind === 'scopes' || access.kind === 'rows')

describe('every route of the contract', () => {
  test('names scopes that exist', () => {
    for (const { id, access } of scoped) {
      const anyOf = 'anyOf' in access ? access.anyOf : []
      for (const scope of anyOf) assert.ok(scopeEntry(scope), `${id}: ${scope}`)
    }
  })

  test('refuses strangers with 403, unless it is open', async (t) => {
    const hub = await hubWithPeople(t)
    for (const route of allRoutes.filter(({ access }) => access.kind !== 'open')) {
      const answer = await hub.call(route.method, pathFor(route))

      assert.equal(answer.statusCode, 403, route.id)
      assert.deepEqual([answer.json().status, answer.json().message], [403, 'Missing or invalid credentials.'])
    }
  })

  test('refuses a token without its scope with 403, and says which would do', async (t) => {
    const hub = await hubWithPeople(t)
    const token = await hub.token(await hub.addUser('eve'), '(no_scope)')
    for (const route of scoped) {
      const answer = await hub.call(route.method, pathFor(route), { token })

      const anyOf = 'anyOf' in route.access ? route.access.anyOf : []
      // Everybody holds the identify scopes on themselves, which is a filtered scope on others.
      const isIdentify = anyOf.some((scope) => scope === 'read:users:name' || scope === 'read:users:groups')
      assert.equal(answer.statusCode, isIdentify ? 404 : 403, route.id)
      if (!isIdentify) assert.match(answer.json().message, new RegExp(`requires any of \\[${anyOf.join(', ')}\\]`))
    }
  })

  test('hides behind 404 what a filtered scope does not reach, whether it exists or not', async (t) => {
    const hub = await hubWithPeople(t)
    const root = await hub.addUser('root', { admin: true })
    for (const route of scoped.filter((one) => one.access.kind === 'scopes' && fittingFilter(one))) {
      const filter = fittingFilter(route)!.replace(/=.*/, '=other')
      const anyOf = 'anyOf' in route.access ? route.access.anyOf : []
      const token = await hub.token(root, `${anyOf[0]}!${filter}`)
      const there = await hub.call(route.method, pathFor(route), { token })
      const missing = await hub.call(route.method, pathFor(route, { user: 'nobody', group: 'no', service: 'no' }), {
        token,
      })

      assert.equal(there.statusCode, 404, route.id)
      assert.equal(there.body, missing.body, route.id)
      assert.equal(there.json().message, 'No access to resources or resources not found')
    }
  })

  test('takes no filtered scope where it is about everything', async (t) => {
    const hub = await hubWithPeople(t)
    const root = await hub.addUser('root', { admin: true })
    for (const route of scoped.filter((one) => one.access.kind === 'scopes' && !fittingFilter(one))) {
      const anyOf = 'anyOf' in route.access ? route.access.anyOf : []
      const token = await hub.token(root, ...anyOf.map((scope) => `${scope}!user=ada`))

      assert.equal((await hub.call(route.method, pathFor(route), { token })).statusCode, 403, route.id)
    }
  })

  test('lets a scope with the fitting filter through', async (t) => {
    const hub = await hubWithPeople(t)
    const root = await hub.addUser('root', { admin: true })
    // These make something new, for which a filter is never enough.
    const makers = new Set(['createUser', 'createGroup'])
    for (const route of scoped.filter((one) => fittingFilter(one) && !makers.has(one.id))) {
      const anyOf = 'anyOf' in route.access ? route.access.anyOf : []
      for (const scope of anyOf) {
        const token = await hub.token(root, `${scope}!${fittingFilter(route)}`)
        const answer = await hub.call(route.method, pathFor(route), { token, body: 'no JSON' })

        assert.notEqual(answer.statusCode, 403, `${route.id} ${scope}`)
        const hidden = answer.json<{ message?: string } | null>
        if (answer.statusCode === 404) assert.doesNotMatch(hidden()?.message ?? '', /No access/, `${route.id} ${scope}`)
      }
    }
  })

  test('answers 404 where the caller may see everything and it is not there', async (t) => {
    const hub = await hubWithPeople(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    const missing = { user: 'nobody', group: 'none', service: 'none' }
    const made = new Set(['createUser', 'createGroup'])
    const bodies: Record<string, unknown> = {
      changeUser: { admin: false },
      reportActivity: { last_activity: '2026-01-01T00:00:00Z' },
      changeServer: { display_name: 'x' },
      addMembers: { users: [] },
      removeMembers: { users: [] },
      setGroupProperties: {},
    }
    for (const route of scoped.filter((one) => fittingFilter(one) && !one.notBuilt && !made.has(one.id))) {
      const body = bodies[route.id]
      const answer = await hub.call(route.method, pathFor(route, missing), { token, ...(body ? { body } : {}) })

      assert.equal(answer.statusCode, 404, `${route.id} ${answer.body}`)
      assert.equal(answer.json().status, 404)
    }
  })

  test('answers 501 with a sentence where it is not built', async (t) => {
    const hub = await hubWithPeople(t)
    const token = await hub.token(await hub.addUser('root', { admin: true }))
    for (const route of allRoutes.filter(({ notBuilt }) => notBuilt !== null)) {
      const answer = await hub.call(route.method, pathFor(route), { token, body: {} })

      assert.equal(answer.statusCode, 501, route.id)
      assert.equal(answer.json().message, route.notBuilt)
    }
  })

  test('answers other methods with 405, and with the methods it has', async (t) => {
    const hub = await hubWithPeople(t)
    for (const path of new Set(allRoutes.map((route) => route.path))) {
      const known = allRoutes.filter((route) => route.path === path).map(({ method }) => method)
      const other = (['POST', 'PUT', 'PATCH', 'DELETE'] as const).find((method) => !known.includes(method))
      if (!other) continue
      const answer = await hub.call(other, pathFor({ path } as Route))

      assert.equal(answer.statusCode, 405, `${other} ${path}`)
      for (const method of known) assert.match(String(answer.headers.allow), new RegExp(method))
    }
  })
})

test('a group filter reaches the members of the group, and nobody else', async (t) => {
  const hub = await hubWithPeople(t)
  const root = await hub.addUser('root', { admin: true })
  const all = await hub.token(root)
  await hub.call('POST', '/groups/g/users', { token: all, body: { users: ['ada'] } })
  const token = await hub.token(root, 'read:users!group=g', 'list:users!group=g')

  assert.equal((await hub.call('GET', '/users/ada', { token })).statusCode, 200)
  assert.equal((await hub.call('GET', '/users/bob', { token })).statusCode, 404)
  const list = (await hub.call('GET', '/users', { token })).json<{ name: string }[]>()
  assert.deepEqual(
    list.map(({ name }) => name),
    ['ada'],
  )
})

test('a filtered scope makes no users and no groups', async (t) => {
  const hub = await hubWithPeople(t)
  const root = await hub.addUser('root', { admin: true })
  const token = await hub.token(root, 'admin:users!user=new', 'admin:users!group=g', 'admin:groups!group=new')

  assert.equal((await hub.call('POST', '/users/new', { token })).statusCode, 403)
  assert.equal((await hub.call('POST', '/users', { token, body: { usernames: ['new'] } })).statusCode, 403)
  assert.equal((await hub.call('POST', '/groups/new', { token })).statusCode, 403)
  const all = await hub.token(root)
  assert.equal((await hub.call('GET', '/users/new', { token: all })).statusCode, 404)
})

test('a scope on one server shows that server and nothing else of its user', async (t) => {
  const hub = await hubWithPeople(t)
  const root = await hub.addUser('root', { admin: true })
  const all = await hub.token(root)
  for (const name of ['x', 'y']) await hub.call('PUT', `/users/ada/servers/${name}`, { token: all })
  const token = await hub.token(root, 'read:servers!server=ada/x')

  assert.equal((await hub.call('GET', '/users/ada/servers/x', { token })).statusCode, 200)
  assert.equal((await hub.call('GET', '/users/ada/servers/y', { token })).statusCode, 404)
  assert.equal((await hub.call('GET', '/users/ada', { token })).statusCode, 404)
})

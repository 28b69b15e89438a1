/** What users ask for comes about, whatever else they ask for in between. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findToken } from '#store'
import type { ProgressEvent } from '../../src/hub/servers/contract.ts'
import { inPhase, makeWorld, profile, until, type World } from './harness.ts'

async function rowsLeft(world: World): Promise<{ tokens: number; clients: number; routes: readonly string[] }> {
  const { db } = world.store
  const tokens = await db.selectFrom('api_tokens').selectAll().execute()
  const clients = await db.selectFrom('oauth_clients').selectAll().where('server_id', 'is not', null).execute()
  const routes = [...(await world.proxy.list()).keys()].filter((path) => path !== '/')
  return { tokens: tokens.length, clients: clients.length, routes }
}

const nothing = { tokens: 0, clients: 0, routes: [] }

test('a wanted server becomes ready, is routed, and knows its token', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')

  await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  const server = await inPhase(servers, ada, { phase: 'ready' })

  const live = world.servers.live('ada')
  assert.equal(server.state.url, live?.url)
  const route = (await world.proxy.list()).get('/user/ada/')
  assert.equal(route?.target, live?.url)
  assert.equal(route?.data.user, 'ada')
  const token = await findToken(world.store.db, live?.environment.JUPYTERHUB_API_TOKEN ?? '', Date.now())
  assert.equal(token?.user_id, ada.id)
  assert.deepEqual(token?.scopes, ['users:activity!user', 'access:servers!server=ada/'])
  assert.equal((await fetch(`${world.proxyUrl}/user/ada/api`)).status, 200)
})

test('a server that is not wanted any more is gone with its route, token and client', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  await servers.settled(id, 600_000)

  await servers.stop(ada.id, '')
  const stopped = await servers.settled(id, 600_000)

  assert.equal(stopped?.state.phase, 'stopped')
  assert.equal(world.servers.servers.size, 0)
  assert.deepEqual(await rowsLeft(world), nothing)
})

test('a stop while the server starts is obeyed at once', async (t) => {
  const world = await makeWorld(t, { spawner: { startTimeoutSeconds: 100_000 } })
  world.servers.faults.set('ada', { launchHangs: true })
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  await until('it is being launched', async () => (await events(world, id)).includes('The memory is being filled'))

  await servers.stop(ada.id, '')

  await inPhase(servers, ada, { phase: 'stopped' })
  assert.deepEqual(await rowsLeft(world), nothing)
})

test('another environment replaces the one that runs; viewers follow through to the end', async (t) => {
  const profiles = [profile('minimal', {}, true), profile('spark', { environment: { ENGINE: 'spark' } })]
  const world = await makeWorld(t, { profiles })
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  await servers.start({ userId: ada.id, serverName: '', userOptions: { profile: 'minimal' } })
  const before = await inPhase(servers, ada, { phase: 'ready' })

  const wish = { userId: ada.id, serverName: '', userOptions: { profile: 'spark' } }
  await assert.rejects(servers.start(wish), { code: 'SERVER_ALREADY_RUNNING' })
  await servers.start(wish, { replace: true })
  const told = await all(servers.progress(before.id, 0, t.signal))

  assert.equal(told.at(-1)?.kind, 'ready')
  assert.equal(told.filter(({ kind }) => kind !== 'progress').length, 1)
  assert.equal(told[0]?.message, 'Server requested')
  assert.equal(world.servers.live('ada')?.environment.ENGINE, 'spark')
  assert.equal(world.servers.launched, 2)
  assert.deepEqual(world.servers.violations, [])
  assert.equal((await rowsLeft(world)).tokens, 1)
})

test('a switch while the first environment still starts ends with the second only', async (t) => {
  const spawner = { httpTimeoutSeconds: 100_000 }
  const world = await makeWorld(t, {
    spawner,
    profiles: [profile('a', {}, true), profile('b', { environment: { P: 'b' } })],
  })
  world.servers.faults.set('ada', { neverAnswers: true })
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  await until('the first one runs', async () => world.servers.live('ada'))
  world.servers.faults.delete('ada')

  await servers.start({ userId: ada.id, serverName: '', userOptions: { profile: 'b' } }, { replace: true })
  const server = await servers.settled(id, 600_000)

  assert.equal(server?.state.phase, 'ready')
  assert.equal(world.servers.live('ada')?.environment.P, 'b')
  assert.deepEqual(world.servers.violations, [])
})

test('a named server that is removed leaves no row, and its storage is given up', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.start({ userId: ada.id, serverName: 'gpu', userOptions: null })
  await inPhase(servers, ada, { phase: 'ready', name: 'gpu' })

  await servers.stop(ada.id, 'gpu', { remove: true })

  assert.equal(await servers.settled(id, 600_000), null)
  assert.deepEqual(world.servers.deletedStorage, [id])
  assert.deepEqual(await rowsLeft(world), nothing)
})

test('a stopped named server is removed, too', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.create({ userId: ada.id, serverName: 'gpu', userOptions: null, displayName: 'My GPU' })

  await servers.stop(ada.id, 'gpu', { remove: true })

  assert.equal(await servers.settled(id, 600_000), null)
})

test('rules of named servers: off, limit, name', async (t) => {
  const off = await makeWorld(t, { hub: { allowNamedServers: false } })
  const ada = await off.addUser('ada')
  const few = await makeWorld(t, { hub: { namedServerLimitPerUser: 1 } })
  const bob = await few.addUser('bob')
  const hubOff = await off.hub()
  const { servers } = await few.hub()
  const named = (serverName: string) => ({ userId: bob.id, serverName, userOptions: null })

  await assert.rejects(hubOff.servers.start({ userId: ada.id, serverName: 'x', userOptions: null }), {
    code: 'NAMED_SERVERS_OFF',
  })
  await assert.rejects(servers.start(named('Not Good')), { code: 'SERVER_NAME_INVALID' })
  await servers.create(named('one'))
  await servers.start(named(''))
  await assert.rejects(servers.start(named('two')), { code: 'NAMED_SERVER_LIMIT' })
  await servers.start(named('one'))
  await assert.rejects(servers.create(named('one')), { code: 'SERVER_EXISTS' })
})

test('a server is renamed and given other options only while nothing of it runs', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  await servers.create({ userId: ada.id, serverName: 'one', userOptions: null })

  const changed = await servers.update(ada.id, 'one', { name: 'two', displayName: 'Zwei', userOptions: { a: 1 } })
  assert.deepEqual([changed.name, changed.displayName, changed.userOptions], ['two', 'Zwei', { a: 1 }])
  assert.equal(await servers.find(ada.id, 'one'), null)
  await servers.start({ userId: ada.id, serverName: 'two', userOptions: null })
  await assert.rejects(servers.update(ada.id, 'two', { name: 'three' }), { code: 'SERVER_ACTIVE' })
})

test('more servers than may be active are refused', async (t) => {
  const world = await makeWorld(t, { hub: { activeServerLimit: 1 } })
  const { servers } = await world.hub()
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  await servers.start({ userId: ada.id, serverName: '', userOptions: null })

  await assert.rejects(servers.start({ userId: bob.id, serverName: '', userOptions: null }), {
    code: 'ACTIVE_SERVER_LIMIT',
    status: 429,
  })
})

test('a viewer who comes back hears only what is new, and always how it ended', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const { id } = await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  const [first, second] = await Promise.all([
    all(servers.progress(id, 0, t.signal)),
    all(servers.progress(id, 0, t.signal)),
  ])

  const middle = first[2]?.id ?? 0
  const rest = await all(servers.progress(id, middle, t.signal))
  const again = await all(servers.progress(id, first.at(-1)?.id ?? 0, t.signal))

  assert.deepEqual(second, first)
  assert.deepEqual(rest, first.slice(3))
  assert.equal(first.at(-1)?.message, 'Server ready at /user/ada/')
  assert.deepEqual(
    again.map(({ kind }) => kind),
    ['ready'],
  )
})

async function all(stream: AsyncIterable<ProgressEvent>): Promise<ProgressEvent[]> {
  const events: ProgressEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

async function events(world: World, serverId: number): Promise<string[]> {
  const rows = await world.store.db
    .selectFrom('server_events')
    .select('message')
    .where('server_id', '=', serverId)
    .execute()
  return rows.map(({ message }) => message)
}

test('what a start now would change is told of a running server, until it is started again', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  const wish = { userId: ada.id, serverName: '', userOptions: null }
  const { id } = await servers.start(wish)
  const ready = await servers.settled(id, 600_000)
  assert.deepEqual((await servers.compared(ready!)).newer, [])

  world.servers.edition = { image: 'memory:2' }

  const change = { what: 'image', before: 'memory:1', after: 'memory:2' }
  assert.deepEqual((await servers.compared(ready!)).newer, [change])
  await servers.start(wish, { replace: true })
  const again = await servers.settled(id, 600_000)
  assert.deepEqual((await servers.compared(again!)).newer, [])
})

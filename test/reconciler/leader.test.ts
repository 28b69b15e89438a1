/** One hub keeps the proxy right for all; any other takes over. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addServerEvent, createToken, findServer, userById } from '#store'
import { createServers } from '../../src/hub/servers/index.ts'
import { Leader } from '../../src/hub/servers/leader.ts'
import { inPhase, makeWorld, until } from './harness.ts'

test('routes are put right: a missing one, a wrong one, a stray one', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  const { state } = await inPhase(servers, ada, { phase: 'ready' })
  await until('the hub has its route', async () => (await world.proxy.list()).has('/'))

  await world.proxy.remove('/user/ada/')
  await world.proxy.add('/', 'http://127.0.0.1:1', { hub: true })
  await world.proxy.add('/user/gone/', 'http://127.0.0.1:1', { user: 'gone', server_name: '' })

  await until('all is right again', async () => {
    const routes = await world.proxy.list()
    return (
      routes.get('/')?.target === 'http://127.0.0.1:9' &&
      routes.get('/user/ada/')?.target === state.url &&
      !routes.has('/user/gone/')
    )
  })
})

test('whoever asks for it has the routes put right at once, and takes the hub route from nobody', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  const { state } = await inPhase(servers, ada, { phase: 'ready' })
  await until('the hub has its route', async () => (await world.proxy.list()).has('/'))
  const other = createServers(world.deps({ hubTarget: 'http://127.0.0.1:12', replica: 'two' }))
  await world.proxy.remove('/user/ada/')
  await world.proxy.add('/user/gone/', 'http://127.0.0.1:1', { user: 'gone', server_name: '' })

  await other.checkRoutes()

  const routes = await world.proxy.list()
  assert.deepEqual([...routes.keys()].sort(), ['/', '/user/ada/'])
  assert.equal(routes.get('/')?.target, 'http://127.0.0.1:9')
  assert.equal(routes.get('/user/ada/')?.target, state.phase === 'ready' && state.url)
})

test('a hub that leads and dies is followed by another, which takes the hub route', async (t) => {
  const world = await makeWorld(t)
  const first = new AbortController()
  const dead = { ...world.store, now: () => (first.signal.aborted ? new Promise<never>(() => {}) : world.store.now()) }
  const one = world.deps({ store: dead, hubTarget: 'http://127.0.0.1:11', replica: 'one' })
  void new Leader(one).run(new AbortController().signal)
  await until('the first one leads', async () => (await world.proxy.list()).get('/')?.target === 'http://127.0.0.1:11')
  first.abort()

  const ending = new AbortController()
  const running = new Leader(world.deps({ hubTarget: 'http://127.0.0.1:12', replica: 'two' })).run(ending.signal)

  await until('the second one leads', async () => (await world.proxy.list()).get('/')?.target === 'http://127.0.0.1:12')
  ending.abort()
  await running
})

test('what the proxy saw of a server moves its activity and its user on, never back', async (t) => {
  const world = await makeWorld(t)
  const { servers } = await world.hub()
  const ada = await world.addUser('ada')
  await servers.start({ userId: ada.id, serverName: '', userOptions: null })
  await inPhase(servers, ada, { phase: 'ready' })
  const { db } = world.store
  await db.updateTable('servers').set({ last_activity: 1 }).execute()
  await db.updateTable('users').set({ last_activity: 1 }).execute()

  await until('activity has come through', async () => {
    const server = await findServer(db, ada.id, '')
    const user = await userById(db, ada.id)
    return (server?.last_activity ?? 0) > 1 && (user?.last_activity ?? 0) > 1
  })

  const far = 9_000_000_000_000
  await db.updateTable('servers').set({ last_activity: far }).execute()
  const route = (await world.proxy.list()).get('/user/ada/')
  assert.ok(route?.lastActivity !== null)
  await until('it was read again', async () => (await servers.find(ada.id, ''))?.lastActivity === far)
})

test('what has expired and what is long past is cleared away by the one who leads', async (t) => {
  const world = await makeWorld(t)
  const ada = await world.addUser('ada')
  const { db } = world.store
  await createToken(db, { userId: ada.id, secret: 'a'.repeat(32), scopes: [], note: '', now: 1, expiresAt: 2 })
  const hub = await world.hub()
  const { id } = await hub.servers.start({ userId: ada.id, serverName: '', userOptions: null })
  await inPhase(hub.servers, ada, { phase: 'ready' })
  await hub.stop()
  const old = { serverId: id, at: 1, kind: 'progress' as const, progress: 0, message: 'long ago' }
  await addServerEvent(db, { ...old, attempt: 0 })
  await addServerEvent(db, { ...old, attempt: 1 })

  await world.hub('next')

  await until('the old attempt is forgotten', async () => {
    const rows = await db.selectFrom('server_events').select('attempt').where('message', '=', 'long ago').execute()
    return rows.length === 1 && rows[0]?.attempt === 1
  })
  const notes = await db.selectFrom('api_tokens').select('note').execute()
  assert.deepEqual(notes, [{ note: 'Server at /user/ada/' }])
})

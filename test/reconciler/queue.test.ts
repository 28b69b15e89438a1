/** When many start at once, each waits for its turn and is told its place. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { UserRow } from '#store'
import type { RunningServers } from '../../src/hub/servers/index.ts'
import { inPhase, makeWorld, until } from './harness.ts'

const start = (servers: RunningServers, user: UserRow, serverName = '') =>
  servers.start({ userId: user.id, serverName, userOptions: null })

test('starts beyond the limit wait in the order of asking, and hear their place', async (t) => {
  const world = await makeWorld(t, { hub: { concurrentSpawnLimit: 2 } })
  const { servers } = await world.hub()
  const users: UserRow[] = []
  for (const name of ['ada', 'bob', 'eve', 'kim']) {
    world.servers.faults.set(name, { neverRuns: true })
    users.push(await world.addUser(name))
  }
  const [ada, bob, eve, kim] = users as [UserRow, UserRow, UserRow, UserRow]

  for (const user of users) await start(servers, user)

  assert.deepEqual((await servers.find(eve.id, ''))?.state, { phase: 'queued', position: 1 })
  assert.deepEqual((await servers.find(kim.id, ''))?.state, { phase: 'queued', position: 2 })
  assert.equal((await servers.find(bob.id, ''))?.state.phase, 'starting')
  const told: string[] = []
  const listening = (async () => {
    const { id } = (await servers.find(kim.id, ''))!
    for await (const { message } of servers.progress(id, 0, t.signal)) told.push(message)
  })()
  await until('kim hears the place', async () => told.includes('Waiting in the queue, at place 2'))

  world.servers.faults.clear()
  await listening

  assert.ok(told.includes('Next in the queue') || told.includes('Launching the server'))
  assert.equal(told.at(-1), 'Server ready at /user/kim/')
  for (const user of [ada, bob, eve]) await inPhase(servers, user, { phase: 'ready' })
})

test('who has fewer starts under way comes first', async (t) => {
  const world = await makeWorld(t, { hub: { concurrentSpawnLimit: 1 } })
  const { servers } = await world.hub()
  const [ada, bob] = [await world.addUser('ada'), await world.addUser('bob')]
  world.servers.faults.set('ada', { neverRuns: true })
  await start(servers, ada)
  await start(servers, ada, 'one')
  await start(servers, ada, 'two')

  await start(servers, bob)

  assert.deepEqual((await servers.find(bob.id, ''))?.state, { phase: 'queued', position: 1 })
  assert.deepEqual((await servers.find(ada.id, 'one'))?.state, { phase: 'queued', position: 2 })
})

test('a stop takes a server out of the queue, and the others move up', async (t) => {
  const world = await makeWorld(t, { hub: { concurrentSpawnLimit: 1 } })
  const { servers } = await world.hub()
  const [ada, bob, eve] = [await world.addUser('ada'), await world.addUser('bob'), await world.addUser('eve')]
  world.servers.faults.set('ada', { neverRuns: true })
  for (const user of [ada, bob, eve]) await start(servers, user)

  await servers.stop(bob.id, '')

  await inPhase(servers, bob, { phase: 'stopped' })
  await until('eve is next', async () => {
    const { state } = (await servers.find(eve.id, ''))!
    return state.phase === 'queued' && state.position === 1
  })
  assert.equal(world.servers.launched, 1)
})

test('the limit holds over two hubs, and a failed start makes room', async (t) => {
  const world = await makeWorld(t, { hub: { concurrentSpawnLimit: 3 } })
  const hubs = [(await world.hub('one')).servers, (await world.hub('two')).servers]
  const users = await Promise.all(Array.from({ length: 12 }, (_, index) => world.addUser(`user-${index}`)))
  for (const user of users) {
    if (user.id % 3 === 0) world.servers.faults.set(user.name, { diesAtStart: { code: 'EXITED', message: 'No.' } })
  }
  let most = 0
  const watching = new AbortController()
  const watch = (async () => {
    while (!watching.signal.aborted) {
      const rows = await world.store.db.selectFrom('servers').select('phase').execute()
      most = Math.max(most, rows.filter(({ phase }) => ['starting', 'waiting', 'routing'].includes(phase)).length)
      await new Promise((resolve) => setImmediate(resolve))
    }
  })()

  await Promise.all(users.map((user, index) => start(hubs[index % 2]!, user)))
  for (const user of users) await inPhase(hubs[0]!, user, { phase: user.id % 3 === 0 ? 'failed' : 'ready' })
  watching.abort()
  await watch

  assert.ok(most > 0 && most <= 3, `${most} at once`)
})

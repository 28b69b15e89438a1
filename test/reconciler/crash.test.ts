/** A hub dies after each of its effects on the world, in turn; the next one ends where an unharmed one would have. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { findToken, type UserRow } from '#store'
import { inPhase, type Mortal, makeWorld, profile, until, type World } from './harness.ts'

const profiles = [profile('a', { environment: { P: 'a' } }, true), profile('b', { environment: { P: 'b' } })]
const forEver = 1_000_000

/** One server, ready, routed to, with the only token and client there are. */
async function assertOneServer(world: World, user: UserRow, picked: string): Promise<void> {
  const { db } = world.store
  const live = [...world.servers.servers.values()]
  assert.equal(live.length, 1)
  assert.deepEqual(world.servers.violations, [])
  assert.equal(live[0]?.environment.P, picked)
  const secret = live[0]?.environment.JUPYTERHUB_API_TOKEN ?? ''
  assert.equal((await findToken(db, secret, Date.now()))?.user_id, user.id)
  assert.equal((await db.selectFrom('api_tokens').selectAll().execute()).length, 1)
  const clients = await db.selectFrom('oauth_clients').select('identifier').where('server_id', 'is not', null).execute()
  assert.deepEqual(clients, [{ identifier: 'jupyterhub-user-ada' }])
  const routes = await world.proxy.list()
  assert.deepEqual(
    [...routes.keys()].filter((path) => path !== '/'),
    ['/user/ada/'],
  )
  assert.equal(routes.get('/user/ada/')?.target, live[0]?.url)
  const events = await db.selectFrom('server_events').select('kind').where('kind', '=', 'ready').execute()
  assert.ok(events.length >= 1)
}

async function assertNothing(world: World): Promise<void> {
  const { db } = world.store
  assert.equal(world.servers.servers.size, 0)
  assert.deepEqual(world.servers.violations, [])
  assert.deepEqual(await db.selectFrom('api_tokens').selectAll().execute(), [])
  assert.deepEqual(await db.selectFrom('oauth_clients').selectAll().where('server_id', 'is not', null).execute(), [])
  assert.deepEqual(
    [...(await world.proxy.list()).keys()].filter((path) => path !== '/'),
    [],
  )
}

interface Story {
  readonly name: string
  /** Brings the world to where the story begins, with a hub that lives. */
  readonly before: (world: World, user: UserRow, hub: Mortal) => Promise<void>
  readonly wish: (hub: Mortal, user: UserRow) => Promise<unknown>
  readonly isOver: (world: World, user: UserRow) => Promise<boolean>
  readonly check: (world: World, user: UserRow) => Promise<void>
}

const start = (hub: Pick<Mortal, 'servers'>, user: UserRow) =>
  hub.servers.start({ userId: user.id, serverName: '', userOptions: { profile: 'a' } })
const isReadyWith = (picked: string) => async (world: World) => {
  const row = await world.store.db.selectFrom('servers').select(['phase', 'lease_owner']).executeTakeFirst()
  return row?.phase === 'ready' && row.lease_owner === null && world.servers.live('ada')?.environment.P === picked
}

const stories: readonly Story[] = [
  {
    name: 'a start',
    before: async () => {},
    wish: start,
    isOver: isReadyWith('a'),
    check: (world, user) => assertOneServer(world, user, 'a'),
  },
  {
    name: 'a stop',
    before: async (_, user, hub) => {
      await start(hub, user)
      await inPhase(hub.servers, user, { phase: 'ready' })
    },
    wish: (hub, user) => hub.servers.stop(user.id, ''),
    isOver: async (world) => {
      const row = await world.store.db.selectFrom('servers').select('phase').executeTakeFirst()
      return row?.phase === 'stopped'
    },
    check: assertNothing,
  },
  {
    name: 'a switch',
    before: async (_, user, hub) => {
      await start(hub, user)
      await inPhase(hub.servers, user, { phase: 'ready' })
    },
    wish: (hub, user) =>
      hub.servers.start({ userId: user.id, serverName: '', userOptions: { profile: 'b' } }, { replace: true }),
    isOver: isReadyWith('b'),
    check: (world, user) => assertOneServer(world, user, 'b'),
  },
]

for (const story of stories) {
  // Most of the time goes by until leases run out, so the cases wait side by side.
  test(`${story.name} ends well though the hub dies after any of its effects`, { concurrency: 8 }, async (t) => {
    const count = await effectsOf(t, story)
    assert.ok(count >= 5, `${count} effects`)

    const numbers = Array.from({ length: count }, (_, index) => index + 1)
    await Promise.all(numbers.map((effects) => t.test(`after effect ${effects} of ${count}`, dies(story, effects))))
  })
}

function dies({ before, wish, isOver, check }: Story, effects: number): (t: TestContext) => Promise<void> {
  return async (t) => {
    const world = await makeWorld(t, { profiles, speed: 10 })
    const user = await world.addUser('ada')
    const first = await world.mortal(forEver)
    await before(world, user, first)
    first.life.dieAfter(effects)
    await wish(first, user)
    // The last effects need not come in each run alike.
    await Promise.race([first.life.over, until('it died or finished', () => isOver(world, user))])
    first.life.end()

    await world.hub('second')
    await until('the second hub has finished', () => isOver(world, user))

    await check(world, user)
  }
}

async function effectsOf(t: TestContext, { before, wish, isOver, check }: Story): Promise<number> {
  const world = await makeWorld(t, { profiles })
  const user = await world.addUser('ada')
  const hub = await world.mortal(forEver)
  await before(world, user, hub)
  const had = hub.life.effects
  await wish(hub, user)
  await until('an unharmed hub has finished', () => isOver(world, user))
  await check(world, user)
  return hub.life.effects - had
}

test('a hub that was frozen and comes back after its lease ran out changes nothing', async (t) => {
  const world = await makeWorld(t, { profiles })
  const user = await world.addUser('ada')
  const frozen = await world.frozen()
  await start(frozen, user)
  await frozen.asleep

  const second = await world.hub('second')
  await inPhase(second.servers, user, { phase: 'ready' })
  const before = await world.store.db.selectFrom('servers').selectAll().executeTakeFirstOrThrow()
  frozen.thaw()
  await frozen.settled

  assert.deepEqual(await world.store.db.selectFrom('servers').selectAll().executeTakeFirstOrThrow(), before)
  await assertOneServer(world, user, 'a')
})

test('of two hubs one is killed during twenty starts; all twenty become ready, each once', async (t) => {
  const world = await makeWorld(t, { profiles, speed: 10 })
  const users = await Promise.all(Array.from({ length: 20 }, (_, index) => world.addUser(`student-${index}`)))
  const first = await world.mortal(60)
  const second = await world.hub('second')

  await Promise.all(users.map((user) => start(first, user)))
  await first.life.over
  for (const user of users) await inPhase(second.servers, user, { phase: 'ready' })

  assert.equal(world.servers.servers.size, 20)
  assert.deepEqual(world.servers.violations, [])
  assert.equal((await world.store.db.selectFrom('api_tokens').selectAll().execute()).length, 20)
  const routes = await world.proxy.list()
  for (const user of users) assert.equal(routes.get(`/user/${user.name}/`)?.target, world.servers.live(user.name)?.url)
})

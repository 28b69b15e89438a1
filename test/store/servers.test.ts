import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acquireLease,
  addServerEventUnder,
  admitServers,
  claimServers,
  createServer,
  createUser,
  type Database,
  deleteServer,
  makeDueIfReady,
  never,
  queueOrder,
  recordActivity,
  releaseLease,
  releaseLeases,
  renewLeases,
  serverById,
  serverEventsAfter,
  takeNote,
  userById,
  wishRunning,
  wishStopped,
  writeAndRelease,
  writeObserved,
} from '#store'
import { everyEngine, now, onEngines } from './engines.ts'

let count = 0

async function aServer(db: Database, { name = '', userId }: { name?: string; userId?: number } = {}): Promise<number> {
  count += 1
  const owner = userId ?? (await aUser(db))
  return (await createServer(db, { userId: owner, name, displayName: name, now })).id
}

async function aUser(db: Database): Promise<number> {
  count += 1
  const cookieId = `${count}`.padStart(32, '0')
  return (await createUser(db, { name: `user-${count}`, admin: false, now, cookieId })).id
}

const claim = { owner: 'one', now, ttlMs: 6_000, limit: 10 }

onEngines(everyEngine, (engine) => {
  test('a wish makes a server due; of two that claim it one gets it, until the lease runs out', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    assert.deepEqual(await claimServers(db, claim), [])
    await wishRunning(db, { id, userOptions: { a: 1 }, now })

    const [one, two] = await Promise.all([claimServers(db, claim), claimServers(db, { ...claim, owner: 'two' })])
    assert.equal(one.length + two.length, 1)
    assert.deepEqual(await claimServers(db, { ...claim, now: now + 5_999 }), [])
    const [later] = await claimServers(db, { ...claim, owner: 'three', now: now + 6_000 })
    assert.deepEqual(later, { serverId: id, owner: 'three', fence: 2 })
  })

  test('who lost the lease writes nothing and learns it', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    const [old] = await claimServers(db, claim)
    await claimServers(db, { ...claim, now: now + 6_000 })
    const before = await serverById(db, id)
    const event = { serverId: id, attempt: 1, at: now, kind: 'progress' as const, progress: 1, message: '' }

    assert.equal(await writeObserved(db, old!, { phase: 'ready' }), false)
    assert.equal(await writeAndRelease(db, old!, { phase: 'ready' }), false)
    assert.equal(await takeNote(db, old!), false)
    assert.equal(await deleteServer(db, old!), false)
    assert.equal(await addServerEventUnder(db, old!, event), false)
    assert.deepEqual(await serverById(db, id), before)
    const renewed = await renewLeases(db, { owner: 'one', ids: [id], now, ttlMs: 6_000 })
    assert.deepEqual(renewed, [{ serverId: id, fence: 2, generation: 1 }])
  })

  test('a lease that is prolonged is not claimed by others', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    await claimServers(db, claim)

    await renewLeases(db, { owner: 'one', ids: [id], now: now + 5_000, ttlMs: 6_000 })

    assert.deepEqual(await claimServers(db, { ...claim, now: now + 10_999 }), [])
    assert.deepEqual(await renewLeases(db, { owner: 'one', ids: [], now, ttlMs: 1 }), [])
  })

  test('a lease is not given back while there is news; once noted, it is', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    const [lease] = await claimServers(db, claim)
    await wishStopped(db, { id, remove: false })
    await renewLeases(db, { owner: 'one', ids: [id], now, ttlMs: 6_000 })

    assert.equal(await writeAndRelease(db, lease!, {}), false)
    assert.equal(await deleteServer(db, lease!), false)
    assert.equal(await takeNote(db, lease!), true)
    assert.equal(await writeAndRelease(db, lease!, { phase: 'stopped' }), true)

    const row = await serverById(db, id)
    assert.deepEqual([row?.phase, row?.lease_owner, row?.due_at], ['stopped', null, never])
  })

  test('a wish that came to its end is over, but a newer one stands', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    const [lease] = await claimServers(db, claim)
    await wishRunning(db, { id, userOptions: {}, now })

    await writeObserved(db, lease!, { spentGeneration: 1 })
    assert.equal((await serverById(db, id))?.desired, 'running')
    await writeObserved(db, lease!, { spentGeneration: 2, failure: { code: 'X' } })

    const row = await serverById(db, id)
    assert.deepEqual([row?.desired, row?.failure], ['stopped', { code: 'X' }])
  })

  test('the queue lets in as many as there are places, first come first served, users in turn', async (t) => {
    const store = await engine.open(t)
    const { db } = store
    const [ada, bob] = [await aUser(db), await aUser(db)]
    const first = await aServer(db, { userId: ada })
    const second = await aServer(db, { userId: ada, name: 'a' })
    const third = await aServer(db, { userId: bob })
    for (const [index, id] of [first, second, third].entries()) {
      await wishRunning(db, { id, userOptions: {}, now: now + index })
    }
    const admit = (limit: number) => store.transaction((tx) => admitServers(tx, { limit, now }))

    assert.deepEqual(await queueOrder(db), [first, third, second])
    assert.deepEqual(await admit(1), [first])
    assert.deepEqual(await queueOrder(db), [third, second])
    assert.deepEqual(await admit(1), [])
    assert.deepEqual(await admit(2), [third])
    assert.deepEqual(await admit(0), [second])
    const row = await serverById(db, second)
    assert.deepEqual([row?.phase, row?.run_generation, row?.attempt, row?.due_at], ['starting', 1, 1, 0])
  })

  test('who is no longer wanted is not let in', async (t) => {
    const store = await engine.open(t)
    const id = await aServer(store.db)
    await wishRunning(store.db, { id, userOptions: {}, now })
    await wishStopped(store.db, { id, remove: false })

    assert.deepEqual(await store.transaction((tx) => admitServers(tx, { limit: 5, now })), [])
  })

  test('only a ready server is made due by what was seen of it', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    assert.equal(await makeDueIfReady(db, id), false)
    await db.updateTable('servers').set({ phase: 'ready' }).execute()
    assert.equal(await makeDueIfReady(db, id), true)
  })

  test('a process that ends in order leaves its servers due', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    await claimServers(db, claim)

    await releaseLeases(db, 'one')

    assert.equal((await claimServers(db, { ...claim, owner: 'two' })).length, 1)
  })

  test('events of an attempt come in order, after the one that is known', async (t) => {
    const { db } = await engine.open(t)
    const id = await aServer(db)
    await wishRunning(db, { id, userOptions: {}, now })
    const [lease] = await claimServers(db, claim)
    for (const message of ['a', 'b']) {
      const event = { serverId: id, attempt: 1, at: now, kind: 'progress' as const, progress: null, message }
      assert.equal(await addServerEventUnder(db, lease!, { ...event, rawEvent: { message } }), true)
    }

    const [a, b] = await serverEventsAfter(db, { serverId: id, attempt: 1, afterId: 0 })

    assert.deepEqual([a?.message, b?.message, b?.raw_event], ['a', 'b', { message: 'b' }])
    assert.deepEqual(await serverEventsAfter(db, { serverId: id, attempt: 1, afterId: a!.id }), [b])
    assert.deepEqual(await serverEventsAfter(db, { serverId: id, attempt: 2, afterId: 0 }), [])
  })

  test('activity moves forward only, and the user moves with the last of the servers', async (t) => {
    const { db } = await engine.open(t)
    const userId = await aUser(db)
    const { name: userName } = (await userById(db, userId))!
    const one = await aServer(db, { userId })
    const two = await aServer(db, { userId, name: 'two' })
    await recordActivity(db, [
      { userName, serverName: '', at: 10 },
      { userName, serverName: 'two', at: 30 },
      { userName: 'nobody', serverName: '', at: 99 },
    ])
    await recordActivity(db, [{ userName, serverName: 'two', at: 20 }])

    assert.equal((await serverById(db, one))?.last_activity, 10)
    assert.equal((await serverById(db, two))?.last_activity, 30)
    assert.equal((await userById(db, userId))?.last_activity, 30)
  })

  test('a named lease is held by one, passes on when it ran out or was given back, and counts its holders', async (t) => {
    const { db } = await engine.open(t)
    const ask = (owner: string, at: number) => acquireLease(db, { name: 'routes', owner, now: at, ttlMs: 6_000 })

    assert.equal(await ask('one', now), 1)
    assert.equal(await ask('two', now + 5_999), null)
    assert.equal(await ask('one', now + 5_000), 1)
    assert.equal(await ask('two', now + 6_000), null)
    assert.equal(await ask('two', now + 11_000), 2)
    await releaseLease(db, { name: 'routes', owner: 'one' })
    assert.equal(await ask('one', now + 11_001), null)
    await releaseLease(db, { name: 'routes', owner: 'two' })
    assert.equal(await ask('one', now + 11_001), 3)
  })
})

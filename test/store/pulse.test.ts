import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createServer, createUser, touchUser, userPulse } from '#store'
import { everyEngine, now, onEngines } from './engines.ts'

onEngines(everyEngine, ({ open }) => {
  test('the pulse of each user is their own, and up to date', async (t) => {
    const { db } = await open(t)
    const ada = await createUser(db, { name: 'ada', admin: false, cookieId: 'a'.repeat(32), now })
    const bob = await createUser(db, { name: 'bob', admin: false, cookieId: 'b'.repeat(32), now })
    assert.deepEqual(await userPulse(db, ada.id), { last_activity: null, hasServers: false })

    await touchUser(db, ada.id, now + 1)
    for (const name of ['', 'x']) await createServer(db, { userId: ada.id, name, displayName: name, now })

    assert.deepEqual(await userPulse(db, ada.id), { last_activity: now + 1, hasServers: true })
    assert.deepEqual(await userPulse(db, bob.id), { last_activity: null, hasServers: false })
    assert.equal(await userPulse(db, 999_999), null)
  })

  test('the pulse and the revision can be asked for by many at once, and in a transaction', async (t) => {
    const store = await open(t)
    const ada = await createUser(store.db, { name: 'ada', admin: false, cookieId: 'a'.repeat(32), now })
    const before = await store.revision('access')

    const within = await store.transaction(async (db) => {
      await touchUser(db, ada.id, now + 5)
      return userPulse(db, ada.id)
    })
    await createUser(store.db, { name: 'bob', admin: false, cookieId: 'b'.repeat(32), now })
    const revisions = await Promise.all(Array.from({ length: 20 }, () => store.revision('access')))

    assert.equal(within?.last_activity, now + 5)
    assert.equal(new Set(revisions).size, 1)
    assert.ok(revisions[0]! > before)
  })
})

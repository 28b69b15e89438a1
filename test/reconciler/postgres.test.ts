/** The same on PostgreSQL, with its own clock and its notices between hubs. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { postgresBinaries, startPostgres } from '../harness/postgres.ts'
import { inPhase, makeWorld } from './harness.ts'

const skip = postgresBinaries() === null && 'PostgreSQL is not installed'

test('two hubs on one PostgreSQL: one is killed during twenty starts, all twenty become ready', { skip }, async (t) => {
  await using cleanup = new AsyncDisposableStack()
  const postgres = await startPostgres()
  t.after(() => postgres.stop())
  const world = await makeWorld(t, { url: postgres.url, clock: systemClock, hub: { concurrentSpawnLimit: 10 } })
  const users = await Promise.all(Array.from({ length: 20 }, (_, index) => world.addUser(`student-${index}`)))
  const first = await world.mortal(70)
  cleanup.defer(() => first.life.end())
  const second = await world.hub('second')

  await Promise.all(users.map((user) => first.servers.start({ userId: user.id, serverName: '', userOptions: null })))
  await first.life.over
  for (const user of users) await inPhase(second.servers, user, { phase: 'ready' })

  assert.equal(world.servers.servers.size, 20)
  assert.deepEqual(world.servers.violations, [])
  assert.equal((await world.store.db.selectFrom('api_tokens').selectAll().execute()).length, 20)
})

/** The culler against a hub's REST API. */
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { apiClient } from '#api'
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { type CullOptions, cull } from '#services'
import { findUser } from '#store'
import { type TestHub, testHub } from '../api/hub.ts'

const options: CullOptions = {
  timeoutSeconds: 600,
  everySeconds: 0,
  maxAgeSeconds: 0,
  concurrency: 2,
  users: false,
  adminUsers: true,
  removeNamedServers: true,
}

interface Made {
  readonly hub: TestHub
  readonly round: (changes?: Partial<CullOptions>) => Promise<void>
}

/** Ada's servers have been idle for long, Bob's is busy; an administrator's token culls. */
async function made(t: TestContext): Promise<Made> {
  const hub = await testHub(t, { hub: { allowNamedServers: true, slowStopTimeoutSeconds: 10 } })
  const root = await hub.addUser('root', { admin: true })
  const { db } = hub.context.store
  for (const [name, serverName] of [
    ['ada', ''],
    ['ada', 'gpu'],
    ['bob', ''],
  ] as const) {
    const user = (await findUser(db, name)) ?? (await hub.addUser(name))
    await hub.context.servers.start({ userId: user.id, serverName, userOptions: null })
    await hub.settled(name, serverName)
  }
  const ada = (await findUser(db, 'ada'))!
  const longAgo = Date.now() - 3_600_000
  await db.updateTable('servers').set({ last_activity: longAgo }).where('user_id', '=', ada.id).execute()
  await db.updateTable('users').set({ last_activity: longAgo, created_at: longAgo }).where('id', '=', ada.id).execute()
  await hub.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = hub.app.server.address() as AddressInfo
  const client = apiClient({ url: `http://127.0.0.1:${port}/hub/api`, token: await hub.token(root) })
  const deps = { client, clock: systemClock, log: silentLog }
  return { hub, round: (changes = {}) => cull({ ...deps, options: () => ({ ...options, ...changes }) }, t.signal) }
}

test('idle servers are stopped, named ones removed, busy ones left', async (t) => {
  const { hub, round } = await made(t)

  await round()

  const { servers, store } = hub.context
  const [ada, bob] = [(await findUser(store.db, 'ada'))!, (await findUser(store.db, 'bob'))!]
  assert.deepEqual(
    (await servers.ofUser(ada.id)).map(({ name, state }) => [name, state.phase]),
    [['', 'stopped']],
  )
  assert.equal((await servers.find(bob.id, ''))?.state.phase, 'ready')
})

test('with users, an idle user goes with the servers, and nobody else', async (t) => {
  const { hub, round } = await made(t)

  await round({ users: true, adminUsers: false })

  const { db } = hub.context.store
  assert.equal(await findUser(db, 'ada'), null)
  assert.ok(await findUser(db, 'bob'))
  assert.ok(await findUser(db, 'root'))
})

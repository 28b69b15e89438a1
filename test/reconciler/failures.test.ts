/** What goes wrong is told in words, cleaned up, and does not stand in the way of the next start. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { FailureReason } from '#spawners'
import type { UserRow } from '#store'
import type { Faults } from '../harness/memory-spawner.ts'
import { type Hub, inPhase, type Knobs, makeWorld, until, type World } from './harness.ts'

async function made(t: TestContext, knobs: Knobs = {}): Promise<{ world: World; hub: Hub; ada: UserRow }> {
  const world = await makeWorld(t, { speed: 25, ...knobs })
  return { world, hub: await world.hub(), ada: await world.addUser('ada') }
}

const start = (hub: Hub, user: UserRow) => hub.servers.start({ userId: user.id, serverName: '', userOptions: null })

interface Case {
  readonly name: string
  readonly faults: Faults
  readonly knobs?: Knobs
  readonly reason: Partial<FailureReason>
}

const short = { spawner: { startTimeoutSeconds: 5, httpTimeoutSeconds: 5 } }

const cases: readonly Case[] = [
  {
    name: 'a command that is not there',
    faults: { launchFails: { code: 'COMMAND_NOT_FOUND', message: 'There is no command "nope".' } },
    reason: { code: 'COMMAND_NOT_FOUND', message: 'There is no command "nope".', logTail: ['first line', 'last line'] },
  },
  {
    name: 'a server that dies at its start',
    faults: { diesAtStart: { code: 'PORT_TAKEN', message: 'Its port is taken.' } },
    reason: { code: 'PORT_TAKEN', message: 'Its port is taken.', logTail: ['its last words'] },
  },
  {
    name: 'a launch that takes too long',
    faults: { launchHangs: true },
    knobs: short,
    reason: {
      code: 'TIMEOUT',
      message: 'The server did not start within 5 seconds: The memory is being filled.',
    },
  },
  {
    name: 'a server that never runs',
    faults: { neverRuns: true },
    knobs: short,
    reason: {
      code: 'TIMEOUT',
      message: 'The server did not start within 5 seconds: Waiting for a place in the memory.',
    },
  },
  {
    name: 'a server that never answers',
    faults: { neverAnswers: true },
    knobs: { spawner: { startTimeoutSeconds: 5, httpTimeoutSeconds: 8 } },
    reason: {
      code: 'TIMEOUT',
      message: 'The server runs, but did not answer within 8 seconds: it took the connection but gave no answer.',
    },
  },
]

for (const { name, faults, knobs = {}, reason } of cases) {
  test(`${name}: the reason is told, nothing is left, the next start works`, async (t) => {
    const { world, hub, ada } = await made(t, knobs)
    world.servers.faults.set('ada', faults)

    const { id } = await start(hub, ada)
    const failed = await inPhase(hub.servers, ada, { phase: 'failed' })

    for (const [key, value] of Object.entries(reason)) {
      assert.deepEqual(failed.state.reason[key as keyof FailureReason], value)
    }
    const story = []
    for await (const event of hub.servers.progress(id, 0, t.signal)) story.push(event)
    assert.equal(story.at(-1)?.kind, 'failed')
    assert.equal(story.at(-1)?.message, `Spawn failed: ${failed.state.reason.message}`)
    assert.equal(world.servers.servers.size, 0)
    assert.deepEqual(await world.store.db.selectFrom('api_tokens').selectAll().execute(), [])

    world.servers.faults.clear()
    await start(hub, ada)
    await inPhase(hub.servers, ada, { phase: 'ready' })
  })
}

test('a ready server that dies is noticed at once, unrouted, and its reason is shown', async (t) => {
  const { world, hub, ada } = await made(t)
  await start(hub, ada)
  await inPhase(hub.servers, ada, { phase: 'ready' })

  await world.servers.end('ada', 137)

  const failed = await inPhase(hub.servers, ada, { phase: 'failed' })
  assert.equal(failed.state.reason.message, 'The server ended with exit code 137.')
  assert.equal((await world.proxy.list()).has('/user/ada/'), false)
  const last = await Array.fromAsync(hub.servers.progress(failed.id, 0, t.signal))
  assert.equal(last.at(-1)?.message, 'The server is gone: The server ended with exit code 137.')
})

test('a server that its owner ends from inside is stopped, not failed', async (t) => {
  const { world, hub, ada } = await made(t)
  await start(hub, ada)
  await inPhase(hub.servers, ada, { phase: 'ready' })

  await world.servers.end('ada', 0)

  await inPhase(hub.servers, ada, { phase: 'stopped' })
})

test('a server that died while no hub was there is found out by the next one', async (t) => {
  const { world, hub, ada } = await made(t)
  await start(hub, ada)
  await inPhase(hub.servers, ada, { phase: 'ready' })
  await hub.stop()

  await world.servers.end('ada', 3)

  const next = await world.hub('next')
  const failed = await inPhase(next.servers, ada, { phase: 'failed' })
  assert.equal(failed.state.reason.code, 'EXITED')
})

test('a hub that comes back leaves ready servers alone, also when it can not tell how they are', async (t) => {
  const { world, hub, ada } = await made(t, { spawner: { pollIntervalSeconds: 1 } })
  await start(hub, ada)
  await inPhase(hub.servers, ada, { phase: 'ready' })
  const before = world.servers.live('ada')
  await hub.stop()
  world.servers.faults.set('ada', { unknown: true })

  const next = await world.hub('next')
  world.servers.tell(before?.id ?? 0)
  await until('it was looked at', async () => {
    const row = await world.store.db.selectFrom('servers').select(['lease_fence', 'lease_owner']).executeTakeFirst()
    return (row?.lease_fence ?? 0) > 1 && row?.lease_owner === null
  })

  assert.equal((await next.servers.find(ada.id, ''))?.state.phase, 'ready')
  assert.equal(world.servers.live('ada'), before)
  assert.equal(world.servers.launched, 1)
})

test('a stop that hangs is forced in the end', async (t) => {
  const { world, hub, ada } = await made(t, { speed: 40 })
  world.servers.faults.set('ada', { stopHangs: true })
  await start(hub, ada)
  await inPhase(hub.servers, ada, { phase: 'ready' })

  await hub.servers.stop(ada.id, '')

  await inPhase(hub.servers, ada, { phase: 'stopped' })
  assert.equal(world.servers.servers.size, 0)
})

test('what answers without the marks of Jupyter is believed once it lasts', async (t) => {
  const { world, hub, ada } = await made(t)
  world.servers.faults.set('ada', { plain: true })

  const { startedAt } = await start(hub, ada)
  const server = await inPhase(hub.servers, ada, { phase: 'ready' })

  assert.ok(server.state.since - (startedAt ?? 0) >= 5_000)
})

test('options that are not offered are refused before anything is written', async (t) => {
  const { world, hub, ada } = await made(t, { profiles: [] })
  const book = { userId: ada.id, serverName: '', userOptions: { book: 'x'.repeat(70_000) } }

  await assert.rejects(hub.servers.start(book), { code: 'OPTIONS_INVALID' })

  assert.deepEqual(await world.store.db.selectFrom('servers').selectAll().execute(), [])
})

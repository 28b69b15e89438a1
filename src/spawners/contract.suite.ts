/** What every spawner must do, as tests. Each implementation's `index.test.ts` calls it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LaunchRequest, Observation, ServerRef, Spawner } from './contract.ts'

export interface Subject extends AsyncDisposable {
  readonly spawner: Spawner
  readonly server: ServerRef
  /** A request for a server that listens and stays; `attempt` is free to choose. */
  request(attempt: number): Promise<LaunchRequest>
  /** How many processes, pods … of the server there are. */
  count(): Promise<number>
}

export function spawnerSuite(name: string, make: () => Promise<Subject>): void {
  describe(`${name} as a Spawner`, () => {
    test('a server that was never launched is absent', async () => {
      await using subject = await make()

      assert.deepEqual(await subject.spawner.observe(subject.server, null), { phase: 'absent' })
    })

    test('a launched server is observed running, with an address', async () => {
      await using subject = await make()

      await launch(subject, 1)

      const seen = await until(subject, 'running')
      assert.match(seen.phase === 'running' ? seen.url : '', /^http:\/\/[^/]+:\d+$/)
    })

    test('a server is not absent right after its launch', async () => {
      await using subject = await make()

      await launch(subject, 1)

      assert.notEqual((await subject.spawner.observe(subject.server, null)).phase, 'absent')
    })

    test('an attempt launched twice yields one server', async () => {
      await using subject = await make()

      await Promise.all([launch(subject, 1), launch(subject, 1)])
      await until(subject, 'running')
      await launch(subject, 1)

      assert.equal(await subject.count(), 1)
    })

    test('a server launched twice is gone after one stop', async () => {
      await using subject = await make()
      await launch(subject, 1)
      await until(subject, 'running')
      await launch(subject, 1)

      await stop(subject)

      assert.deepEqual(
        [await subject.count(), (await subject.spawner.observe(subject.server, null)).phase],
        [0, 'absent'],
      )
    })

    test('stopping an absent server is fine', async () => {
      await using subject = await make()

      await stop(subject)
      await stop(subject)

      assert.equal(await subject.count(), 0)
    })

    test('a server is launched again after a stop', async () => {
      await using subject = await make()
      await launch(subject, 1)
      await until(subject, 'running')
      await stop(subject)

      await launch(subject, 2)

      await until(subject, 'running')
      assert.equal(await subject.count(), 1)
    })
  })
}

async function launch({ spawner, request }: Subject, attempt: number): Promise<void> {
  await spawner.launch(await request(attempt), () => {}, new AbortController().signal)
}

async function stop({ spawner, server }: Subject): Promise<void> {
  await spawner.stop(server, null, { now: false }, new AbortController().signal)
}

/** Waits until the server is in a phase; the test's own time limit ends a wait in vain. */
export async function until({ spawner, server }: Subject, phase: Observation['phase']): Promise<Observation> {
  for (;;) {
    const seen = await spawner.observe(server, null)
    if (seen.phase === phase) return seen
    assert.notEqual(seen.phase, 'exited', JSON.stringify(seen))
    await sleep(20)
  }
}

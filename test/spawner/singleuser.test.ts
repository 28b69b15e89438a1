/** The process spawner with unmodified `jupyterhub-singleuser` of several years. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { loadConfig, type Settings } from '#config'
import { createSpawner, type ServerRef, type Spawner } from '#spawners'
import { processesMarked } from '../../src/spawners/process/identity.ts'
import { eventually } from '../harness/hub.ts'
import { pythonEnvironment, type SingleUserVersion, singleUserVersions } from '../harness/python.ts'
import { hubEnvironment, ownerToken, type StubHub, startStubHub } from './stub-hub.ts'

const server: ServerRef = { id: 1, userId: 1, userName: 'ada', serverName: '' }
const never = new AbortController().signal

interface Bench extends AsyncDisposable {
  readonly spawner: Spawner
  readonly hub: StubHub
  readonly listenUrl: string
  launch(): Promise<void>
  /** Processes that belong to the server. */
  processes(): readonly number[]
}

async function makeBench(version: SingleUserVersion): Promise<Bench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'himalia-singleuser-'))
  const { settings } = await loadConfig({ files: [], text: '' })
  assert.ok(settings)
  const quick: Settings = { ...settings, localProcess: { ...settings.localProcess, interruptTimeoutSeconds: 20 } }
  const spawner = await createSpawner('process', {
    settings: () => quick,
    log: silentLog,
    clock: systemClock,
    dataDir,
    binFolder: join(pythonEnvironment(version), 'bin'),
  })
  const hub = await startStubHub(`${version}.0`)
  const listenUrl = await spawner.listenUrl(server, 1)
  return {
    spawner,
    hub,
    listenUrl,
    processes: () => processesMarked(`HIMALIA_SERVER=${join(dataDir, 'servers')}:1`),
    async launch() {
      const environment = hubEnvironment(hub, listenUrl)
      const command = ['jupyterhub-singleuser']
      const limits = { memLimitBytes: null, cpuLimit: null }
      const picked = { userOptions: {}, overrides: [], edition: null }
      const facts = { server, attempt: 1, environment, hubEnvironment: environment, command, handle: null }
      const request = { ...facts, ...limits, ...picked }
      await spawner.launch(request, () => {}, never)
    },
    async [Symbol.asyncDispose]() {
      await spawner.stop(server, null, { now: true }, never)
      await hub[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Resolves when the server answers; fails with its own words when it ended instead. */
async function answering({ spawner, listenUrl }: Bench): Promise<Response> {
  for (;;) {
    const seen = await spawner.observe(server, null)
    assert.notEqual(seen.phase, 'exited', JSON.stringify(seen, null, 2))
    const answer = await fetch(`${listenUrl}/user/ada/api`).catch(() => null)
    if (answer) return answer
    await sleep(100)
  }
}

const asOwner = { authorization: `token ${ownerToken}` }

for (const version of singleUserVersions) {
  describe(`jupyterhub-singleuser ${version}`, () => {
    test('it reaches the hub, answers at its address, and a stop leaves nothing', async () => {
      await using bench = await makeBench(version)

      await bench.launch()
      const answer = await answering(bench)

      assert.equal(answer.status, 200)
      assert.ok(answer.headers.get('x-jupyterhub-version')?.startsWith(version))
      // Some versions ask after they answer.
      await eventually('it asks the hub', async () =>
        bench.hub.requests.some((line) => /^GET \/hub\/api\/?$/.test(line)),
      )

      await bench.spawner.stop(server, null, { now: false }, never)
      assert.deepEqual(bench.processes(), [])
      assert.equal((await bench.spawner.observe(server, null)).phase, 'absent')
    })

    test('a port that another program took meanwhile is named as the reason', async () => {
      await using bench = await makeBench(version)
      await bench.launch()
      const thief = createServer().listen(Number(new URL(bench.listenUrl).port), '127.0.0.1')

      try {
        let seen = await bench.spawner.observe(server, null)
        for (; seen.phase !== 'exited'; seen = await bench.spawner.observe(server, null)) await sleep(100)

        assert.equal(seen.reason.code, 'PORT_TAKEN', JSON.stringify(seen.reason, null, 2))
      } finally {
        thief.close()
      }
    })
  })
}

test('a stop ends the kernels and terminals of a server, and what was started in them', async () => {
  await using bench = await makeBench('6.1')
  await bench.launch()
  await answering(bench)
  const post = (path: string, body: object) =>
    fetch(`${bench.listenUrl}/user/ada/api/${path}`, { method: 'POST', headers: asOwner, body: JSON.stringify(body) })
  assert.equal((await post('kernels', { name: 'python3' })).status, 201)
  assert.equal((await post('terminals', {})).status, 200)
  // The server, the kernel and the terminal.
  while (bench.processes().length < 3) await sleep(50)

  await bench.spawner.stop(server, null, { now: true }, never)

  assert.deepEqual(bench.processes(), [])
})

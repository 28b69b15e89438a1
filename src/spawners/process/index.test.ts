import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import type { Settings } from '#config'
import { type Subject, spawnerSuite, until } from '../contract.suite.ts'
import type { LaunchRequest, Observation } from '../contract.ts'
import { processesMarked, startOf } from './identity.ts'
import { createProcessSpawner } from './index.ts'
import { findLimiter } from './limits.ts'

const settings = {
  spawner: { envKeep: [], memLimitBytes: null, cpuLimit: null },
  localProcess: {
    interruptTimeoutSeconds: 5,
    termTimeoutSeconds: 5,
    killTimeoutSeconds: 5,
    systemUsers: false,
    createSystemUsers: false,
  },
} as unknown as Settings

interface Made extends Subject {
  readonly dataDir: string
  requestOf(attempt: number, own: Partial<LaunchRequest>): Promise<LaunchRequest>
  exited(): Promise<Extract<Observation, { phase: 'exited' }>>
  again(): Made
}

/** A server that listens where it is told to, with a child in a session of its own, as a kernel has. */
const listening = `
const { spawn } = require('node:child_process')
spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
require('node:http').createServer((_, r) => r.end('ok')).listen(new URL(process.env.JUPYTERHUB_SERVICE_URL).port)
process.on('SIGINT', () => process.exit(0))`

function make(dataDir = mkdtempSync(join(tmpdir(), 'himalia-spawner-'))): Made {
  const spawner = createProcessSpawner({
    settings: () => settings,
    log: silentLog,
    clock: systemClock,
    dataDir,
    binFolder: null,
  })
  const server = { id: 7, userId: 1, userName: 'ada', serverName: '' }
  const requestOf: Made['requestOf'] = async (attempt, own) => ({
    server,
    attempt,
    environment: { JUPYTERHUB_SERVICE_URL: `${await spawner.listenUrl(server, attempt)}/user/ada/` },
    command: [process.execPath, '-e', listening],
    memLimitBytes: null,
    cpuLimit: null,
    userOptions: {},
    hubEnvironment: {},
    overrides: [],
    edition: null,
    handle: null,
    ...own,
  })
  const subject: Made = {
    spawner,
    server,
    dataDir,
    requestOf,
    request: (attempt) => requestOf(attempt, {}),
    // Its child is not counted: one server, two processes.
    count: async () => processesMarked(`HIMALIA_SERVER=${join(dataDir, 'servers')}:7`).filter(isLeader).length,
    async exited() {
      for (;;) {
        const seen = await spawner.observe(server, null)
        if (seen.phase === 'exited') return seen
        await sleep(20)
      }
    },
    again: () => make(dataDir),
    async [Symbol.asyncDispose]() {
      await spawner.stop(server, null, { now: true }, new AbortController().signal)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return subject
}

function isLeader(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('createServer')
}

const start = async (made: Made, own: Partial<LaunchRequest> = {}) =>
  made.spawner.launch(await made.requestOf(1, own), () => {}, new AbortController().signal)
const shell = (script: string) => ({ command: ['/bin/sh', '-c', script] })

spawnerSuite('The process spawner', async () => make())

describe('the process spawner', () => {
  test('a server outlives its hub and is found by the next one', async () => {
    await using made = make()
    await start(made)
    const before = await until(made, 'running')

    const after = await until(made.again(), 'running')

    assert.deepEqual(after, before)
  })

  test('a stop ends the children of a server in sessions of their own, too', async () => {
    await using made = make()
    await start(made)
    await until(made, 'running')
    const mark = `HIMALIA_SERVER=${join(made.dataDir, 'servers')}:7`
    while (processesMarked(mark).length < 2) await sleep(20)

    await made.spawner.stop(made.server, null, { now: false }, new AbortController().signal)

    assert.deepEqual(processesMarked(mark), [])
  })

  test('a stop ends what has cleaned its environment and left the session, too', async () => {
    await using made = make()
    await start(made, shell('env -i setsid sleep 611 & exec sleep 612'))
    const sleeping = () => processesMarked(`HIMALIA_SERVER=${join(made.dataDir, 'servers')}:7`)
    while (sleeping().length < 2) await sleep(20)
    const before = sleeping()

    await made.spawner.stop(made.server, null, { now: false }, new AbortController().signal)

    for (const pid of before) assert.equal(startOf(pid), null)
  })

  test('a port that is taken already is not started at', async () => {
    await using made = make()
    const thief = createServer().listen(Number(new URL(await made.spawner.listenUrl(made.server, 1)).port), '127.0.0.1')
    await once(thief, 'listening')

    await assert.rejects(start(made), { code: 'PORT_TAKEN' })

    thief.close()
  })

  test('a pid that belongs to another process by now is neither observed nor stopped', async () => {
    await using made = make()
    await start(made)
    await until(made, 'running')
    await made.spawner.stop(made.server, null, { now: true }, new AbortController().signal)
    const stranger = spawn('sleep', ['60'])
    const [boot] = [readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()]
    const folder = join(made.dataDir, 'servers', '7')
    writeFileSync(join(folder, 'record-2'), `${stranger.pid}\n${boot}\n12345\n`)

    const seen = await made.spawner.observe(made.server, { attempt: 2 })
    await made.spawner.stop(made.server, { attempt: 2 }, { now: true }, new AbortController().signal)

    assert.equal(seen.phase, 'exited')
    assert.equal(stranger.exitCode, null, 'the stranger still runs')
    stranger.kill()
  })

  test('an exit is heard at once by the watch', async () => {
    await using made = make()
    const signal = new AbortController()
    const heard = new Promise<number>((resolve) => made.spawner.watch(resolve, signal.signal))

    await start(made, shell('exit 3'))

    assert.equal(await heard, 7)
    signal.abort()
  })

  const deaths: { what: string; script: string; code: string; sentence: RegExp }[] = [
    { what: 'ends with a code', script: 'echo out of ideas; exit 3', code: 'EXITED', sentence: /exit code 3/ },
    {
      what: 'finds no space',
      script: 'echo "OSError: [Errno 28] No space left on device"; exit 1',
      code: 'DISK_FULL',
      sentence: /no space/i,
    },
    {
      what: 'finds its port taken',
      script: 'echo "the port 8888 is already in use"; exit 1',
      code: 'PORT_TAKEN',
      sentence: /port/,
    },
    {
      what: 'may not read a file',
      script: 'echo "PermissionError: [Errno 13] Permission denied"; exit 1',
      code: 'NOT_PERMITTED',
      sentence: /not permitted/,
    },
    { what: 'is killed', script: 'kill -9 $$', code: 'EXITED', sentence: /SIGKILL/ },
  ]
  for (const { what, script, code, sentence } of deaths) {
    test(`a server that ${what} says so: ${code}`, async () => {
      await using made = make()

      await start(made, shell(script))

      const { reason } = await made.exited()
      assert.equal(reason.code, code)
      assert.match(reason.message, sentence)
    })
  }

  test('the last lines of a dead server are kept, without its tokens', async () => {
    await using made = make()
    const token = 'd4f1'.repeat(8)

    await start(made, shell(`echo started with token=${token}; echo ${token}; exit 1`))

    const { reason } = await made.exited()
    assert.deepEqual(reason.logTail, ['started with token=[hidden]', '[hidden]'])
  })

  test('a program that is not there is named', async () => {
    await using made = make()

    await assert.rejects(start(made, { command: ['jupyterhub-nosuch'] }), (error: Error & { code: string }) => {
      assert.equal(error.code, 'COMMAND_NOT_FOUND')
      assert.match(error.message, /"jupyterhub-nosuch"/)
      return true
    })
  })

  test('a server beyond its memory limit is ended, and the limit named', {
    skip: findLimiter() ? false : 'no control groups here',
  }, async () => {
    await using made = make()
    const greedy = 'const all = []; for (;;) all.push(Buffer.alloc(1 << 20, 1))'

    await start(made, { command: [process.execPath, '-e', greedy], memLimitBytes: 128 * 1024 ** 2 })

    const { reason } = await made.exited()
    assert.equal(reason.code, 'OUT_OF_MEMORY')
    assert.match(reason.message, /128 MiB/)
  })

  test('a chatty server does not fill the disk', async () => {
    await using made = make()
    const signal = new AbortController()
    made.spawner.watch(() => {}, signal.signal)
    const log = join(made.dataDir, 'servers', '7', 'log')

    await start(made, shell('head -c 20000000 /dev/zero | tr "\\\\0" "x" | fold -w 100; echo; echo end; exec sleep 60'))

    while ((await made.spawner.log(made.server, null, 1))[0] !== 'end' || readFileSync(log).length > 9_000_000)
      await sleep(50)
    signal.abort()
  })

  test('the address of an attempt stays, that of the next is another', async () => {
    await using made = make()

    const [first, again, second] = [
      await made.spawner.listenUrl(made.server, 1),
      await made.again().spawner.listenUrl(made.server, 1),
      await made.spawner.listenUrl(made.server, 2),
    ]

    assert.equal(again, first)
    assert.notEqual(second, first)
  })
})

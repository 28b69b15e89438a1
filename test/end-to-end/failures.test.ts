/** Starts that fail: the API, the event stream and the page say why, nothing is left over, and the next start works. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findLimiter } from '../../src/spawners/process/limits.ts'
import { smallDisk } from '../harness/full-disk.ts'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { serverProcesses } from '../harness/processes.ts'
import { pythonEnvironment } from '../harness/python.ts'
import { Visitor } from '../harness/visitor.ts'

interface Failing {
  /** Of the profile, and the name of the user who picks it. */
  readonly slug: string
  readonly override: Readonly<Record<string, unknown>>
  readonly code: string
  readonly sentence: RegExp
  /** Stands in the last lines of the log. */
  readonly log?: RegExp
  readonly skip?: string | false
}

interface Reason {
  readonly code: string
  readonly message: string
  readonly log_tail: readonly string[]
}

const python = join(pythonEnvironment('6.1'), 'bin', 'python')
const shell = (script: string) => ({ cmd: ['/bin/sh', '-c', script] })
const singleUser = 'exec jupyterhub-singleuser --allow-root'
/** A program that is no Jupyter, at the server's own port. */
const stranger = `${python} -c "
import http.server, os, urllib.parse
address = urllib.parse.urlparse(os.environ['JUPYTERHUB_SERVICE_URL'])
server = http.server.HTTPServer((address.hostname, address.port), http.server.BaseHTTPRequestHandler)
open('bound', 'w').close()
server.serve_forever()"`
const patience = { http_timeout: 120 }

const failing: readonly Failing[] = [
  {
    slug: 'dies',
    override: shell('sleep 7201 & echo the dog ate it; exit 3'),
    code: 'EXITED',
    sentence: /exit code 3/,
    log: /the dog ate it/,
  },
  {
    slug: 'missing',
    override: { cmd: ['jupyterhub-nosuch'] },
    code: 'COMMAND_NOT_FOUND',
    sentence: /no program .*jupyterhub-nosuch/,
  },
  {
    slug: 'squatted',
    override: {
      ...shell(`${stranger} & until [ -e bound ]; do sleep 0.1; done; ${singleUser}`),
      ...patience,
    },
    code: 'PORT_TAKEN',
    sentence: /port of the server is taken/,
    log: /port \d+ is not available/,
  },
  {
    slug: 'mute',
    override: { ...shell('echo thinking; sleep 7203'), http_timeout: 3 },
    code: 'TIMEOUT',
    sentence: /did not answer within 3 seconds: nothing listens/,
    log: /thinking/,
  },
  {
    slug: 'greedy',
    override: {
      cmd: [python, '-c', 'print("eating", flush=True)\nfood = []\nwhile True: food.append(b"x" * 2**20)'],
      mem_limit: '128M',
    },
    code: 'OUT_OF_MEMORY',
    sentence: /memory of 128 MiB was used up/,
    log: /eating/,
    skip: findLimiter() ? false : 'no control groups here',
  },
]

/** Says where it shall listen, and starts when it is told to. */
const waiting = shell(
  `echo "$JUPYTERHUB_SERVICE_URL" > url.new; mv url.new url; until [ -e go ]; do sleep 0.1; done; ${singleUser}`,
)

const profiles = [
  { display_name: 'good', slug: 'good', default: true },
  { display_name: 'waiting', slug: 'waiting', kubespawner_override: { ...waiting, ...patience } },
  ...failing.map(({ slug, override }) => ({ display_name: slug, slug, kubespawner_override: override })),
]

function configWith(hub: Record<string, unknown> = {}): string {
  const config = {
    JupyterHub: { authenticator_class: 'dummy' },
    Authenticator: { allow_all: true },
    // A shell that waits for its child heeds no SIGINT.
    LocalProcessSpawner: { interrupt_timeout: 1 },
  }
  return JSON.stringify({ hub: { ...hub, config }, singleuser: { profileList: profiles } })
}

async function start(hub: RunningHub, user: string, profile: string): Promise<void> {
  await hub.api(`/users/${user}`, { method: 'POST' })
  const answer = await hub.api(`/users/${user}/server`, { method: 'POST', body: JSON.stringify({ profile }) })
  assert.ok([201, 202].includes(answer.status), `${answer.status} ${await answer.text()}`)
}

async function serverOf(hub: RunningHub, user: string): Promise<{ ready: boolean; failure?: Reason } | null> {
  const answer = await hub.api(`/users/${user}?include_stopped_servers`)
  assert.equal(answer.status, 200)
  const { servers } = (await answer.json()) as { servers: Record<string, { ready: boolean; failure?: Reason }> }
  return servers[''] ?? null
}

/** Why the start failed by the server's model; the event stream and the page must say the same. */
async function failureOf(hub: RunningHub, user: string): Promise<Reason> {
  const failed = async () => (await serverOf(hub, user))?.failure ?? null
  const reason = await eventually(`the start of ${user} has failed`, failed, 180_000)
  const stream = await (await hub.api(`/users/${user}/server/progress`)).text()
  const last = [...stream.matchAll(/^data: (.*)$/gm)].at(-1)?.[1] ?? '{}'
  const event = JSON.parse(last) as { failed?: boolean; message: string; reason?: Reason }
  assert.equal(event.failed, true)
  assert.deepEqual(event.reason, reason)

  const visitor = new Visitor(hub.url)
  await visitor.signIn(user)
  for (const path of [`/hub/spawn-pending/${user}`, '/hub/home']) {
    const page = unescaped((await visitor.open(path)).text)
    for (const text of [reason.code, reason.message, ...reason.log_tail.slice(-1)])
      assert.ok(page.includes(text), `${path} says "${text}"`)
  }
  return reason
}

function unescaped(html: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#34': '"', '#39': "'", amp: '&' }
  return html.replace(/&(lt|gt|quot|#34|#39|amp);/g, (_, name: string) => characters[name] ?? '')
}

async function becomesReady(hub: RunningHub, user: string): Promise<void> {
  await start(hub, user, 'good')
  await eventually(`${user}'s server is ready`, async () => (await serverOf(hub, user))?.ready ?? false, 180_000)
}

test('a start that fails says why, leaves nothing, and the next start works', async (t) => {
  await using hub = await startHub({ config: configWith() })
  const users: string[] = []

  for (const { slug, code, sentence, log, skip } of failing) {
    await t.test(`${slug}: ${code}`, { skip: skip ?? false }, async () => {
      users.push(slug)
      await start(hub, slug, slug)

      const reason = await failureOf(hub, slug)
      assert.equal(reason.code, code, JSON.stringify(reason))
      assert.match(reason.message, sentence)
      if (log) assert.match(reason.log_tail.join('\n'), log)
      assert.deepEqual(serverProcesses(hub.dataDir), [])
    })
  }

  await t.test('a program that took the port before the server could: PORT_TAKEN', async () => {
    users.push('late')
    const home = join(hub.dataDir, 'homes', 'late')
    await start(hub, 'late', 'waiting')
    await eventually('the server has its address', async () => existsSync(join(home, 'url')))
    const stranger = await strangerAt(Number(new URL(readFileSync(join(home, 'url'), 'utf8')).port))
    try {
      writeFileSync(join(home, 'go'), '')

      const reason = await failureOf(hub, 'late')
      assert.equal(reason.code, 'PORT_TAKEN', JSON.stringify(reason))
      assert.deepEqual(serverProcesses(hub.dataDir), [])
    } finally {
      stranger.close()
      stranger.closeAllConnections()
    }
  })

  await t.test('after all that, a good start of each of them is ready', async () => {
    await Promise.all(users.map((user) => becomesReady(hub, user)))
  })
})

/** An HTTP server that is no Jupyter. */
function strangerAt(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((_, response) => response.writeHead(404).end('Not here'))
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve(server))
  })
}

test('a full disk is named as the reason, and the next start works once it has room', async (t) => {
  using disk = smallDisk(64)
  if (!disk) return t.skip('no disk can be mounted here')
  const elsewhere = mkdtempSync(join(tmpdir(), 'himalia-database-'))
  t.after(() => rmSync(elsewhere, { recursive: true, force: true }))
  const db = { type: 'other', url: `sqlite:///${join(elsewhere, 'hub.sqlite')}` }
  await using hub = await startHub({ config: configWith({ db }), dataDir: disk.path })

  await t.test('full before the start', async () => {
    disk.fill()
    await start(hub, 'ada', 'good')

    const reason = await failureOf(hub, 'ada')
    assert.equal(reason.code, 'DISK_FULL', JSON.stringify(reason))
    assert.deepEqual(serverProcesses(hub.dataDir), [])
  })

  await t.test('full when the server writes its first file', async () => {
    disk.makeRoom()
    await start(hub, 'grace', 'waiting')
    const home = join(disk.path, 'homes', 'grace')
    await eventually('the server runs', async () => existsSync(join(home, 'url')))
    disk.fill()
    // An empty file needs no room here.
    writeFileSync(join(home, 'go'), '')

    const reason = await failureOf(hub, 'grace')
    assert.equal(reason.code, 'DISK_FULL', JSON.stringify(reason))
    assert.deepEqual(serverProcesses(hub.dataDir), [])
  })

  await t.test('with room again', async () => {
    disk.makeRoom()
    await Promise.all(['ada', 'grace'].map((user) => becomesReady(hub, user)))
  })
})

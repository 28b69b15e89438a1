/** Processes are killed at the worst moment; nobody loses a start, a server, a websocket or a session. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import WebSocket from 'ws'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { startPostgres } from '../harness/postgres.ts'
import { Visitor } from '../harness/visitor.ts'

const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
    Authenticator:
      allow_all: true
    Spawner:
      http_timeout: 300
`

const names = (count: number) => Array.from({ length: count }, (_, index) => `student-${index}`)

async function addUsers(hub: RunningHub, users: readonly string[]): Promise<void> {
  const answer = await hub.api('/users', { method: 'POST', body: JSON.stringify({ usernames: users }) })
  assert.equal(answer.status, 201, await answer.text())
}

async function start(hub: RunningHub, user: string): Promise<void> {
  const answer = await hub.api(`/users/${user}/server`, { method: 'POST' })
  assert.ok([201, 202].includes(answer.status), `${user}: ${answer.status} ${await answer.text()}`)
}

interface Seen {
  readonly ready: boolean
  readonly pending: string | null
  readonly failure?: { readonly message: string }
}

/** Null while no hub answers. */
async function seen(hub: RunningHub, user: string): Promise<Seen | null> {
  try {
    const answer = await hub.api(`/users/${user}?include_stopped_servers`)
    const model = (await answer.json()) as { servers?: Record<string, Seen> }
    return model.servers?.[''] ?? null
  } catch {
    return null
  }
}

/** As long as it takes twenty servers of Python on a busy machine: each needs some five seconds of a processor to start. */
const startMs = 400_000

async function allReady(hub: RunningHub, users: readonly string[], ms = startMs): Promise<void> {
  let servers: readonly (Seen | null)[] = []
  const isDone = async () => {
    servers = await Promise.all(users.map((user) => seen(hub, user)))
    // A start that failed stays so: no need to wait for the rest.
    if (servers.some((server) => server?.failure)) throw new Error(JSON.stringify(servers))
    return servers.every((server) => server?.ready)
  }
  await eventually(`${users.length} servers are ready`, isDone, ms).catch((error: Error) => {
    throw new Error(`${error.message}; seen last: ${JSON.stringify(servers)}\n${hub.output()}`)
  })
}

/** The server's own word, through the proxy. */
async function serverAnswers(hub: RunningHub, user: string): Promise<boolean> {
  const answer = await fetch(`${hub.url}/user/${user}/api`)
  await answer.arrayBuffer()
  return answer.status === 200
}

test('a hub killed while servers start finishes every start after its restart', async () => {
  await using first = await startHub({ config })
  const users = names(4)
  await addUsers(first, users)
  await Promise.all(users.map((user) => start(first, user)))
  await first.kill()

  await using second = await startHub({ config, dataDir: first.dataDir })
  await allReady(second, users)

  for (const user of users) assert.ok(await serverAnswers(second, user), `${user}'s server answers`)
})

test('a hub killed while ten servers run cuts no websocket and loses no route and no session', async () => {
  await using first = await startHub({ config })
  const users = names(10)
  const visitor = new Visitor(first.url)
  await visitor.signIn('student-0')
  await addUsers(first, users.slice(1))
  await Promise.all(users.map((user) => start(first, user)))
  await allReady(first, users)
  const lab = await visitor.open('/user/student-0/lab')
  assert.equal(lab.status, 200)
  const socket = await openEvents(first, visitor)
  const pids = await serverPids(first, users)

  await first.kill()
  for (const user of users) assert.ok(await serverAnswers(first, user), `${user}'s server answers without a hub`)
  await using second = await startHub({ config, dataDir: first.dataDir })

  await allReady(second, users, 30_000)
  assert.equal(socket.readyState, WebSocket.OPEN, 'the websocket is still open')
  assert.deepEqual(await serverPids(second, users), pids, 'the same processes serve')
  const home = await visitor.open('/hub/home')
  assert.equal(home.status, 200)
  assert.match(home.url, /\/hub\/home$/, 'still signed in')
  socket.terminate()
})

test('a proxy killed while servers run has its routes again before it answers', async () => {
  await using hub = await startHub({ config })
  const users = names(2)
  await addUsers(hub, users)
  await Promise.all(users.map((user) => start(hub, user)))
  await allReady(hub, users)
  const record = JSON.parse(readFileSync(join(hub.dataDir, 'proxy', 'process.json'), 'utf8')) as { pid: number }

  process.kill(record.pid, 'SIGKILL')
  const first = await eventually('the proxy answers again', async () => {
    try {
      return (await fetch(`${hub.url}/user/student-0/api`)).status
    } catch {
      return null
    }
  })

  assert.equal(first, 200, 'its first answer comes from the server')
  assert.ok(await serverAnswers(hub, 'student-1'))
})

for (const victim of ['first', 'second'] as const) {
  test(`two hubs on one PostgreSQL: the ${victim} is killed during 20 starts, all 20 become ready`, async (t) => {
    const postgres = await startPostgres()
    t.after(() => postgres.stop())
    const both = `${config}${databaseOf(postgres.url)}`
    const users = names(20)
    await using first = await startHub({ config: both })
    await using second = await startHub({ config: both, dataDir: first.dataDir })
    await addUsers(first, users)
    await Promise.all(users.map((user) => start(first, user)))

    await (victim === 'first' ? first : second).kill()

    await allReady(first, users)
    for (const user of users) assert.ok(await serverAnswers(first, user), `${user}'s server answers`)
  })
}

function databaseOf(url: string): string {
  return `
  db:
    type: postgres
    url: ${url}
`
}

async function openEvents(hub: RunningHub, visitor: Visitor): Promise<WebSocket> {
  const path = '/user/student-0/api/events/subscribe'
  const socket = new WebSocket(`${hub.url.replace('http', 'ws')}${path}`, {
    headers: { cookie: visitor.cookieHeader(path) },
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return socket
}

async function serverPids(hub: RunningHub, users: readonly string[]): Promise<unknown[]> {
  return Promise.all(
    users.map(async (user) => {
      const model = (await (await hub.api(`/users/${user}`)).json()) as {
        servers: Record<string, { state: { pid: number } }>
      }
      return model.servers['']?.state?.pid
    }),
  )
}

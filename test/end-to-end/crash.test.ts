/** Processes are killed at the worst moment; nobody loses a start, a server, a websocket or a session. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import WebSocket from 'ws'
import { addUsers, allReady, config, names, serverAnswers, start } from '../harness/class.ts'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { Visitor } from '../harness/visitor.ts'

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

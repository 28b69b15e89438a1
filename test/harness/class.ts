/** A class that starts at once: users of a running hub, their servers, and whether these answer. */
import assert from 'node:assert/strict'
import { eventually, type RunningHub } from './hub.ts'

/** Anybody may enter, and slow servers have time. */
export const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
    Authenticator:
      allow_all: true
    Spawner:
      http_timeout: 300
`

export const names = (count: number) => Array.from({ length: count }, (_, index) => `student-${index}`)

export async function addUsers(hub: RunningHub, users: readonly string[]): Promise<void> {
  const answer = await hub.api('/users', { method: 'POST', body: JSON.stringify({ usernames: users }) })
  assert.equal(answer.status, 201, await answer.text())
}

export async function start(hub: RunningHub, user: string): Promise<void> {
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

export async function allReady(hub: RunningHub, users: readonly string[], ms = startMs): Promise<void> {
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
export async function serverAnswers(hub: RunningHub, user: string): Promise<boolean> {
  const answer = await fetch(`${hub.url}/user/${user}/api`)
  await answer.arrayBuffer()
  return answer.status === 200
}

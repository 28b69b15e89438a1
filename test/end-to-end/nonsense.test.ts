/** Malformed requests of every kind, through the proxy to a real hub: refused with the right word, and without a trace. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { startHub } from '../harness/hub.ts'
import type { Answer } from '../harness/raw-request.ts'
import { bodies, names, states, values } from './nonsense/bodies.ts'
import { cookies, xsrf } from './nonsense/cookies.ts'
import { framing, paths } from './nonsense/framing.ts'
import { oauth } from './nonsense/oauth.ts'
import { nexts, pages, signIn, upgrades } from './nonsense/pages.ts'
import { scopes, tokens } from './nonsense/rights.ts'
import { config, makeWorld, type Nonsense, type World } from './nonsense/world.ts'

const kinds: Readonly<Record<string, readonly Nonsense[]>> = {
  'of HTTP': framing,
  'of paths': paths,
  'of bodies': bodies,
  'of names': names,
  'of values': values,
  'about what is not so': states,
  'of tokens': tokens,
  'with rights that are not held': scopes,
  'of cookies': cookies,
  'that nobody meant': xsrf,
  'of signing in': signIn,
  'of places to go': nexts,
  'on pages': pages,
  'of websockets': upgrades,
  'of OAuth': oauth,
}

test('nonsense', async (t) => {
  await using hub = await startHub({ config })
  const world = await makeWorld(hub)
  const before = traces(world)
  for (const [kind, table] of Object.entries(kinds)) {
    await t.test(kind, async (t) => {
      for (const nonsense of table) await t.test(nonsense.name, () => check(world, nonsense))
    })
  }

  await t.test('leaves nothing in the database', () => assert.deepEqual(rows(hub.dataDir), before.rows))
  await t.test('leaves no files', () => assert.deepEqual(files(hub.dataDir), before.files))
  await t.test('leaves the memory of hub and proxy as it was', () => {
    for (const [pid, kilobytes] of before.memory) {
      const grown = memoryOf(pid) - kilobytes
      assert.ok(grown < 150 * 1024, `process ${pid} has grown by ${grown} KiB`)
    }
  })
  await t.test('leaves hub, proxy and server answering', async () => {
    for (const path of ['/hub/health', '/hub/api/', '/user/ada/api']) {
      assert.equal((await fetch(hub.url + path)).status, 200, path)
    }
    assert.equal((await world.ada.request('/hub/home')).status, 200, 'ada is still signed in')
  })
  await t.test('leaves no error in the log', () => {
    assert.deepEqual(
      hub
        .output()
        .split('\n')
        .filter((line) => /"level":[56]0|^\s+at /.test(line)),
      [],
    )
  })
})

async function check(world: World, { wanted, send, holds }: Nonsense): Promise<void> {
  const answer = await send(world)
  assert.ok(wanted.includes(answer.status), `wanted ${wanted.join(' or ')}, not ${answer.status}: ${excerpt(answer)}`)
  assert.equal(answer.headers.get('x-injected'), null)
  assert.doesNotMatch(answer.text, /\n\s+at .+:\d+:\d+|node_modules/, 'no stack is shown')
  holds?.(answer, world)
}

function excerpt({ text }: Answer): string {
  return text.replaceAll(/<style[\s\S]*?<\/style>/g, '').slice(0, 500)
}

function traces({ hub }: World) {
  const proxyPid = Number(JSON.parse(readFileSync(join(hub.dataDir, 'proxy', 'process.json'), 'utf8')).pid)
  return {
    rows: rows(hub.dataDir),
    files: files(hub.dataDir),
    memory: [hub.process.pid!, proxyPid].map((pid) => [pid, memoryOf(pid)] as const),
  }
}

/** Grows by itself, or moves with the clock; wrong sign-ins are counted for a quarter of an hour. */
const restless = new Set(['audit', 'failures', 'revisions', 'leases', 'server_events'])
const restlessColumns = new Set([
  'last_activity',
  'refreshed_at',
  'last_seen_at',
  'lease_owner',
  'lease_fence',
  'lease_expires_at',
  'due_at',
])

function rows(dataDir: string): Record<string, readonly unknown[]> {
  const db = new DatabaseSync(join(dataDir, 'himalia.sqlite'), { readOnly: true })
  try {
    const tables = db.prepare("select name from sqlite_master where type = 'table' order by name").all()
    return Object.fromEntries(
      tables
        .map(({ name }) => String(name))
        .filter((name) => !restless.has(name) && !name.startsWith('sqlite_'))
        .map((name) => [name, db.prepare(`select * from "${name}"`).all().map(settled)]),
    )
  } finally {
    db.close()
  }
}

function settled(row: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(row).filter(([column]) => !restlessColumns.has(column)))
}

/** Ada's server may write into her home, and logs grow. */
function files(dataDir: string): readonly string[] {
  return readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith(join('homes', 'ada')) && !/\.log$|-(wal|shm)$/.test(name))
    .sort()
}

function memoryOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

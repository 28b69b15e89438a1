import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type CullableServer, type CullableUser, type CullOptions, decide, intervalSeconds } from './decide.ts'

const now = Date.parse('2026-08-20T12:00:00Z')
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString()
const options: CullOptions = {
  timeoutSeconds: 600,
  everySeconds: 0,
  maxAgeSeconds: 0,
  concurrency: 10,
  users: false,
  adminUsers: true,
  removeNamedServers: false,
}
const server = (given: Partial<CullableServer> = {}): CullableServer => ({
  pending: null,
  ready: true,
  started: ago(3_000),
  last_activity: ago(10),
  ...given,
})
const user = (given: Partial<CullableUser> = {}): CullableUser => ({
  name: 'ada',
  admin: false,
  created: ago(9_000),
  last_activity: ago(10),
  servers: {},
  ...given,
})
const idle = server({ last_activity: ago(600) })

type Row = readonly [what: string, user: CullableUser, options: Partial<CullOptions>, outcome: string]

const rows: readonly Row[] = [
  ['an active server stays', user({ servers: { '': server() } }), {}, ''],
  ['an idle server is stopped', user({ servers: { '': idle } }), {}, 'stop  (idle)'],
  ['a server a second short of idle stays', user({ servers: { '': server({ last_activity: ago(599) }) } }), {}, ''],
  ['without activity its start counts', user({ servers: { '': server({ last_activity: null }) } }), {}, 'stop  (idle)'],
  [
    'without activity a young server stays',
    user({ servers: { '': server({ last_activity: null, started: ago(5) }) } }),
    {},
    '',
  ],
  [
    'what has neither activity nor start stays',
    user({ servers: { '': server({ last_activity: null, started: null }) } }),
    { maxAgeSeconds: 1 },
    '',
  ],
  ['a pending server stays', user({ servers: { '': { ...idle, pending: 'stop' } } }), {}, ''],
  ['a server that is not ready stays', user({ servers: { '': { ...idle, ready: false } } }), {}, ''],
  [
    'an old server is stopped though it is active',
    user({ servers: { '': server() } }),
    { maxAgeSeconds: 3_000 },
    'stop  (old)',
  ],
  ['a named server is kept', user({ servers: { gpu: idle } }), {}, 'stop gpu (idle)'],
  [
    'a named server is removed where wanted',
    user({ servers: { gpu: idle } }),
    { removeNamedServers: true },
    'remove gpu (idle)',
  ],
  [
    'the default server is never removed',
    user({ servers: { '': idle } }),
    { removeNamedServers: true },
    'stop  (idle)',
  ],
  [
    "an administrator's server is stopped, too",
    user({ admin: true, servers: { '': idle } }),
    { adminUsers: false },
    'stop  (idle)',
  ],
  ['idle users stay unless wanted otherwise', user({ last_activity: ago(700) }), {}, ''],
  ['an idle user is deleted where wanted', user({ last_activity: ago(700) }), { users: true }, 'delete (idle)'],
  ['an active user stays', user(), { users: true }, ''],
  ['a user who was never active counts from creation', user({ last_activity: null }), { users: true }, 'delete (idle)'],
  [
    'an idle user is deleted after the servers',
    user({ last_activity: ago(700), servers: { '': idle, gpu: idle } }),
    { users: true },
    'stop  (idle), stop gpu (idle), delete (idle)',
  ],
  [
    'a user with a server that stays is not deleted',
    user({ last_activity: ago(700), servers: { '': idle, gpu: server() } }),
    { users: true },
    'stop  (idle)',
  ],
  ['an old user is deleted', user(), { users: true, maxAgeSeconds: 9_000 }, 'delete (old)'],
  [
    'an administrator is spared',
    user({ admin: true, last_activity: ago(700) }),
    { users: true, adminUsers: false },
    '',
  ],
  [
    'an old administrator is spared, too',
    user({ admin: true }),
    { users: true, adminUsers: false, maxAgeSeconds: 1 },
    '',
  ],
]

for (const [what, who, changes, outcome] of rows) {
  test(what, () => {
    const { stop, deleteUser } = decide(who, { ...options, ...changes }, now)
    const stops = stop.map((one) => `${one.remove ? 'remove' : 'stop'} ${one.server} (${one.why})`)
    assert.equal([...stops, ...(deleteUser ? [`delete (${deleteUser})`] : [])].join(', '), outcome)
  })
}

test('without an interval it looks at half the timeout, at least every ten minutes', () => {
  assert.equal(intervalSeconds({ ...options, everySeconds: 42 }), 42)
  assert.equal(intervalSeconds(options), 300)
  assert.equal(intervalSeconds({ ...options, timeoutSeconds: 7_200 }), 600)
  assert.equal(intervalSeconds({ ...options, timeoutSeconds: 0 }), 1)
})

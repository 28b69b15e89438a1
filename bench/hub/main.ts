/**
 * Himalia's hub and JupyterHub side by side in one run, on loopback, each asked directly and not through its proxy.
 * `npm run bench -- hub [users]`: with so many users (default 10,000, for which JupyterHub takes some minutes).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { paginationMediaType } from '#api'
import { type Contender, himalia, jupyterHub, post } from './contenders.ts'
import type { Load, Measured } from './generator.ts'

const userCount = Number(process.argv.at(-1)) || 10_000
const measureMs = 5_000
const connections = 16
const batch = 1_000

interface Result {
  readonly name: string
  readonly identity: Measured
  readonly activity: Measured
  readonly signIn: Measured
  readonly page: Measured
  readonly createSeconds: number
  readonly startSeconds: number
  readonly rssBefore: number
  readonly rssAfter: number
}

export async function main(): Promise<void> {
  const results: Result[] = []
  for (const make of [himalia, jupyterHub]) {
    const hub = await make()
    if (!hub) {
      console.log('JupyterHub is not installed: run `npm start` once, which brings it.')
      continue
    }
    try {
      results.push(await measure(hub))
    } finally {
      await hub.remove()
    }
  }
  console.log(table(results))
}

async function measure(hub: Contender): Promise<Result> {
  process.stderr.write(`${hub.name}: creating ${userCount} users ...\n`)
  const createSeconds = await createUsers(hub)
  await hub.stop()
  process.stderr.write(`${hub.name}: measuring ...\n`)
  const startSeconds = (await hub.start()) / 1000
  const rssBefore = await hub.rss()
  const authorization = `token ${hub.token}`
  const get = { method: 'GET', headers: { authorization } } as const
  const identity = await load(hub, { ...get, path: '/hub/api/user' })
  const activity = await load(hub, {
    method: 'POST',
    path: '/hub/api/users/user-1/activity',
    headers: { authorization, 'content-type': 'application/json' },
    activity: true,
  })
  const signIn = await load(hub, { method: 'GET', path: '/hub/login', headers: { accept: 'text/html' } })
  const accept = paginationMediaType
  const page = await load(hub, { method: 'GET', path: '/hub/api/users?limit=50', headers: { authorization, accept } })
  return {
    name: hub.name,
    identity,
    activity,
    signIn,
    page,
    createSeconds,
    startSeconds,
    rssBefore,
    rssAfter: await hub.rss(),
  }
}

async function createUsers(hub: Contender): Promise<number> {
  const names = Array.from({ length: userCount }, (_, index) => `user-${index}`)
  const begin = performance.now()
  for (let at = 0; at < names.length; at += batch) {
    await post(hub, '/users', { usernames: names.slice(at, at + batch) })
  }
  return (performance.now() - begin) / 1000
}

async function load(hub: Contender, what: Pick<Load, 'method' | 'path' | 'headers' | 'activity'>): Promise<Measured> {
  const run = async (ms: number): Promise<Measured> => {
    const child = fork(fileURLToPath(new URL('./generator.ts', import.meta.url)))
    child.send({ ...what, port: hub.port, connections, ms } satisfies Load)
    const [measured] = await once(child, 'message')
    return measured as Measured
  }
  await run(1_000)
  const measured = await run(measureMs)
  if (measured.bad > 0) throw new Error(`${hub.name} ${what.path}: ${measured.bad} answers were not 200`)
  return measured
}

type Row = readonly [title: string, value: (result: Result) => number, digits: number, isTime: boolean]

const rows: readonly Row[] = [
  ['GET /hub/api/user with a token, requests/s', ({ identity }) => identity.perSecond, 0, false],
  ['  99th percentile, ms', ({ identity }) => identity.p99, 1, true],
  ['activity report, requests/s', ({ activity }) => activity.perSecond, 0, false],
  ['sign-in page, requests/s', ({ signIn }) => signIn.perSecond, 0, false],
  [`page of 50 of ${userCount} users, requests/s`, ({ page }) => page.perSecond, 0, false],
  ['  99th percentile, ms', ({ page }) => page.p99, 1, true],
  [`creating ${userCount} users, s`, ({ createSeconds }) => createSeconds, 2, true],
  [`start to first answer with ${userCount} users, s`, ({ startSeconds }) => startSeconds, 2, true],
  ['memory after the start, MB', ({ rssBefore }) => rssBefore, 0, true],
  ['memory after the load, MB', ({ rssAfter }) => rssAfter, 0, true],
]

/** The last column says how many times better the first contender is. */
function table(results: readonly Result[]): string {
  const head = ['', ...results.map(({ name }) => name), ...(results.length === 2 ? ['ratio'] : [])]
  const body = rows.map(([title, value, digits, isTime]) => {
    const values = results.map(value)
    const [ours = Number.NaN, peer = Number.NaN] = values
    const ratio = results.length === 2 ? [`${(isTime ? peer / ours : ours / peer).toFixed(1)}×`] : []
    return [title, ...values.map((one) => one.toFixed(digits)), ...ratio]
  })
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column]!.length)))
  return [head, ...body]
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n')
}

if (import.meta.main) await main()

/**
 * Side by side in one run, on loopback: the direct connection, nginx with one worker, configurable-http-proxy, ours.
 * `npm run bench -- proxy [seconds]`: how long each load lasts (default 4; with transfers about a minute in all).
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { type Contender, chp, direct, nginx, ours } from './contenders.ts'
import { download, hasWrk, keepAlive, newConnections, type Rate, upload, webSocketEcho } from './load.ts'

interface Result {
  readonly name: string
  readonly small: Rate
  /** CPU time per small request, in µs: the figure that a busy machine disturbs least. */
  readonly cpuPerRequest: number | null
  readonly cpuPerMegabyte: number | null
  readonly fresh: Rate
  readonly echo: Rate
  readonly down: number
  readonly up: number
  readonly rss: number | null
}

const ms = (Number(process.argv.at(-1)) || 4) * 1000

export async function main(): Promise<void> {
  const upstream = fork(fileURLToPath(new URL('./upstream.ts', import.meta.url)), { silent: true })
  const port = Number(String((await once(upstream.stdout as NodeJS.ReadableStream, 'data'))[0]))
  const results: Result[] = []
  try {
    for (const start of [direct, nginx, chp, ours]) {
      const contender = await start(port)
      if (!contender) {
        console.log('nginx is not installed: left out (Debian: nginx-light)')
        continue
      }
      try {
        results.push(await measure(contender))
      } finally {
        contender.stop()
      }
    }
  } finally {
    upstream.kill()
  }
  console.log(table(results))
}

async function measure(contender: Contender): Promise<Result> {
  const { name, port } = contender
  process.stderr.write(`${name} ...\n`)
  await keepAlive({ port, connections: 50, ms: 1000 })
  const start = await contender.cpu()
  const small = await keepAlive({ port, connections: 50, ms })
  const cpuPerRequest = used(start, await contender.cpu(), (small.perSecond * ms) / 1000)
  const fresh = await newConnections({ port, connections: 20, ms: ms / 2 })
  const echo = await webSocketEcho({ port, connections: 50, ms: ms / 2 })
  const before = await contender.cpu()
  const down = await best(() => download(port))
  const up = await best(() => upload(port))
  const cpuPerMegabyte = used(before, await contender.cpu(), 6 * 104.8576)
  return { name, small, cpuPerRequest, cpuPerMegabyte, fresh, echo, down, up, rss: await contender.rss() }
}

/** µs of CPU for each of `count`. */
function used(before: number | null, after: number | null, count: number): number | null {
  return before === null || after === null ? null : ((after - before) * 1000) / count
}

async function best(run: () => Promise<number>): Promise<number> {
  return Math.max(await run(), await run(), await run())
}

const rows: [title: string, value: (result: Result) => number | null, digits: number][] = [
  ['1 KiB, kept connections, requests/s', (result) => result.small.perSecond, 0],
  ['  99th percentile, ms', (result) => result.small.p99, 1],
  ['  CPU per request, µs', (result) => result.cpuPerRequest, 0],
  ['1 KiB, a connection each, requests/s', (result) => result.fresh.perSecond, 0],
  ['  99th percentile, ms', (result) => result.fresh.p99, 1],
  ['100 MiB download, MB/s', (result) => result.down, 0],
  ['100 MiB upload, MB/s', (result) => result.up, 0],
  ['  CPU per MB, µs', (result) => result.cpuPerMegabyte, 0],
  ['websocket echo, 64 B, messages/s', (result) => result.echo.perSecond, 0],
  ['  99th percentile, ms', (result) => result.echo.p99, 1],
  ['memory after all this, MB', (result) => result.rss, 0],
]

/** Each figure, and in brackets its ratio to configurable-http-proxy's. */
function table(results: readonly Result[]): string {
  const base = results.find(({ name }) => name.startsWith('CHP'))
  const lines = rows.map(([title, value, digits]) => {
    const cells = results.map((result) => cell(value(result), base ? value(base) : null, digits))
    return [title.padEnd(38), ...cells.map((text) => text.padStart(20))].join('')
  })
  const head = [''.padEnd(38), ...results.map(({ name }) => name.padStart(20))].join('')
  const how = hasWrk ? 'wrk -t1' : 'raw sockets'
  return [`Load by ${how}; in brackets the ratio to CHP.`, head, ...lines].join('\n')
}

function cell(value: number | null, base: number | null, digits: number): string {
  if (value === null) return '-'
  const text = value.toFixed(digits)
  return base ? `${text} (${(value / base).toFixed(2)})` : text
}

if (import.meta.main) await main()

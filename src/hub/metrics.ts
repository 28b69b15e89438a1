/** What Prometheus reads. Names and labels are JupyterHub's, on which dashboards depend. */
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { HubContext } from './context.ts'

const dayMs = 86_400_000
const periods = { '24h': dayMs, '7d': 7 * dayMs, '30d': 30 * dayMs }
/** Counting the active looks at every user. */
const activeUsersEveryMs = 3_600_000
const loopIntervalMs = 50

export interface Metrics {
  readonly contentType: string
  /** Counts users and servers in the context's store at each reading. */
  watch(context: Pick<HubContext, 'store' | 'clock'>): void
  text(): Promise<string>
  requestTook(seconds: number, labels: { method: string; handler: string; code: number }): void
  cspReported(): void
  close(): void
}

export function createMetrics(prefix = process.env.JUPYTERHUB_METRICS_PREFIX ?? 'jupyterhub'): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Histogram({
    name: `${prefix}_request_duration_seconds`,
    help: 'Seconds to answer a request, by route',
    labelNames: ['method', 'handler', 'code'],
    registers,
  })
  const reports = new Counter({
    name: `${prefix}_csp_reports_total`,
    help: 'Reports of browsers about broken content security policies',
    registers,
  })
  const loop = loopHistogram(prefix, registers)
  return {
    contentType: registry.contentType,
    watch: (context) => countRows(context, prefix, registers),
    text: () => registry.metrics(),
    requestTook: (seconds, { method, handler, code }) =>
      requests.labels(method, handler, String(code)).observe(seconds),
    cspReported: () => reports.inc(),
    close: () => loop.stop(),
  }
}

/** Measures every answer of the app. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    // The pattern of the route: addresses themselves would make a series each.
    const handler = request.is404 ? 'not found' : (request.routeOptions.url ?? 'unknown')
    metrics.requestTook(reply.elapsedTime / 1000, { method: request.method, handler, code: reply.statusCode })
  })
}

function loopHistogram(prefix: string, registers: Registry[]): { stop(): void } {
  const histogram = new Histogram({
    name: `${prefix}_event_loop_interval_seconds`,
    help: 'Seconds between two turns of a timer that is set to 50 ms: more means that the hub is busy',
    buckets: [0.05, 0.06, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    histogram.observe((now - last) / 1000)
    last = now
  }, loopIntervalMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}

function countRows({ store, clock }: Pick<HubContext, 'store' | 'clock'>, prefix: string, registers: Registry[]): void {
  const { db } = store
  const count = async (query: { executeTakeFirstOrThrow(): Promise<{ count: number }> }) =>
    Number((await query.executeTakeFirstOrThrow()).count)
  new Gauge({
    name: `${prefix}_total_users`,
    help: 'Users',
    registers,
    async collect() {
      this.set(await count(db.selectFrom('users').select((eb) => eb.fn.countAll<number>().as('count'))))
    },
  })
  new Gauge({
    name: `${prefix}_running_servers`,
    help: 'Servers that are ready',
    registers,
    async collect() {
      const ready = db.selectFrom('servers').where('phase', '=', 'ready')
      this.set(await count(ready.select((eb) => eb.fn.countAll<number>().as('count'))))
    },
  })
  let counted: number | null = null
  new Gauge({
    name: `${prefix}_active_users`,
    help: 'Users who were active within the period; counted once an hour',
    labelNames: ['period'],
    registers,
    async collect() {
      const now = clock.now()
      if (counted !== null && now - counted < activeUsersEveryMs) return
      counted = now
      for (const [period, ms] of Object.entries(periods)) {
        const active = db.selectFrom('users').where('last_activity', '>=', now - ms)
        this.set({ period }, await count(active.select((eb) => eb.fn.countAll<number>().as('count'))))
      }
    },
  })
}

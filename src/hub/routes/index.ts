/** The REST API: every route of the contract is bound here to what does its work. */
import type { FastifyInstance } from 'fastify'
import { openapi } from '#api'
import { type HubContext, jupyterHubVersion } from '../context.ts'
import { sendJson } from '../http/server.ts'
import { createMetrics, type Metrics, measureRequests } from '../metrics.ts'
import { activityRoutes } from './activity.ts'
import { cspReportRoute } from './csp-report.ts'
import { groupRoutes } from './groups.ts'
import { healthRoutes } from './health.ts'
import { hubRoutes } from './hub.ts'
import { identityRoutes } from './identity.ts'
import { notBuiltRoutes } from './not-built.ts'
import { refuseOtherMethods } from './other-methods.ts'
import { progressRoutes } from './progress.ts'
import { proxyRoutes } from './proxy.ts'
import { serverRoutes } from './servers.ts'
import { serviceRoutes } from './services.ts'
import { tokenRoutes } from './tokens.ts'
import { userRoutes } from './users.ts'

/** What the API asks of the process it runs in. */
export interface HubControl {
  /** The proxy's routes by path: `/user/ada/`. */
  proxyRoutes(): Promise<ReadonlyMap<string, { target: string; data: Readonly<Record<string, unknown>> }>>
  /** Brings the proxy in line with the servers, and returns when it is. */
  checkRoutes(): Promise<void>
  /** Begins the end of the process; returns at once, so that the answer still leaves. */
  shutDown(what: { proxy: boolean; servers: boolean }): void
}

/** What the modules of this folder are given to add their routes to. */
export interface Part {
  /** Below `{hub}api`. */
  readonly app: FastifyInstance
  readonly context: HubContext
  readonly control: HubControl
}

/** Adds `{hub}api/…`, health, metrics and the place for reports of browsers. Needs `registerIdentity` before. */
export function registerApi(
  app: FastifyInstance,
  context: HubContext,
  { control, metrics = createMetrics() }: { control: HubControl; metrics?: Metrics },
): void {
  metrics.watch(context)
  app.addHook('onClose', async () => metrics.close())
  measureRequests(app, metrics)
  healthRoutes(app, context, metrics)
  cspReportRoute(app, context, metrics)
  app.register(
    (part, _options, done) => {
      contractRoutes({ app: part, context, control })
      done()
    },
    { prefix: `${context.urls.hub}api` },
  )
}

function contractRoutes(part: Part): void {
  const { app, context } = part
  // Whatever a client calls its body, it is JSON or nothing, as with JupyterHub.
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const refuseOthers = refuseOtherMethods(app)
  const document = JSON.stringify(openapi(jupyterHubVersion, `${context.urls.hub}api`))
  app.get('/openapi.json', async (_request, reply) => sendJson(reply, document))
  hubRoutes(part)
  identityRoutes(part)
  userRoutes(part)
  activityRoutes(part)
  serverRoutes(part)
  progressRoutes(part)
  tokenRoutes(part)
  groupRoutes(part)
  serviceRoutes(part)
  proxyRoutes(part)
  notBuiltRoutes(part)
  refuseOthers()
}

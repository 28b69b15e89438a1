/** A running proxy: the routes of the process before, the public listener, the REST API. In this order. */
import type { Server } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type Clock, systemClock } from '#base/clock.ts'
import { type Log, silentLog } from '#base/log.ts'
import { createApiServer } from './api/server.ts'
import { Upstreams } from './data/pool.ts'
import { createDataServer, type DataServer } from './data/server.ts'
import { errors } from './errors.ts'
import { defaultOptions, type ProxyOptions } from './options.ts'
import { createErrorPages } from './pages/error-pages.ts'
import { pageFetcher } from './pages/fetch-page.ts'
import { RouteStore, storedRoutes } from './routes/store.ts'
import { RouteTable } from './routes/table.ts'
import { parseTarget } from './routes/target.ts'
import { loadRoutes, noJournal, openJournal } from './state/journal.ts'
import { removePidFile, removeProcessRecord, writePidFile, writeProcessRecord } from './state/process-files.ts'
import { openTls, type TlsDeps } from './tls/index.ts'

export interface RunningProxy {
  /** The ports it listens on, also when 0 was asked for. */
  readonly port: number
  readonly apiPort: number
  /** The plain port that sends browsers to https. */
  readonly redirectPort: number | null
  /** Stops accepting, lets open requests finish for `drainMs`, cuts the rest, saves the routes. May be called again. */
  stop(): Promise<void>
}

export interface ProxyDeps {
  readonly log: Log
  readonly clock: Clock
  readonly secretStore?: TlsDeps['secretStore']
}

const activityEveryMs = 60_000

/**
 * Starts a proxy in this process; resolves when both ports answer.
 * Errors: PROXY_ADDRESS_UNUSABLE, PROXY_API_UNPROTECTED, PROXY_TARGET_INVALID, PROXY_STATE_NOT_WRITABLE,
 * PROXY_CERTIFICATE_UNREADABLE, _MISMATCH, _EXPIRED.
 */
export async function startProxy(given: Partial<ProxyOptions>, deps: Partial<ProxyDeps> = {}): Promise<RunningProxy> {
  const options = { ...defaultOptions, ...given }
  const { log, clock } = { log: silentLog, clock: systemClock, ...deps }
  checkApi(options, log)
  const tls =
    options.tls === null
      ? null
      : await openTls(options.tls, { log, clock, ...(deps.secretStore && { secretStore: deps.secretStore }) })
  const table = await restoredTable(options, { log, clock })
  const upstreams = new Upstreams()
  const target = options.errorTarget === null ? null : parseTarget(options.errorTarget)
  const pages = createErrorPages({ target, fetch: pageFetcher(upstreams), log, clock })
  const verbose = options.logLevel === 'debug'
  const isReady = readiness(table, clock)
  const { keepAliveMs } = options
  const patience =
    options.defaultTarget === null || options.waitForDefaultMs === 0
      ? null
      : { target: parseTarget(options.defaultTarget), ms: options.waitForDefaultMs }
  const own = { keepAliveMs, patience, tls: tls?.options ?? null, hsts: options.tls?.hsts ?? null, isReady }
  const data = createDataServer({ table, upstreams, pages, log, clock, verbose, ...own })
  // The API's port is taken before the file of routes is written, so that a second proxy by mistake spoils nothing.
  const opened = Promise.withResolvers<RouteStore>()
  opened.promise.catch(() => {})
  const api = createApiServer({ store: opened.promise, token: options.authToken, log, clock })
  const stopping: (() => Promise<void>)[] = [async () => upstreams.close()]
  try {
    const port = await listen(data.server, { what: 'proxy', ip: options.ip, port: options.port })
    stopping.push(() => drain(data, options.drainMs))
    const redirect = tls?.redirect(port, isReady) ?? null
    const redirectPort = redirect && (await openRedirect(redirect, options))
    if (redirect) stopping.push(() => closeApi(redirect))
    if (tls) stopping.push(inBackground((signal) => tls.follow(data.server as TlsServer, signal)))
    const apiPort = await listen(api, { what: 'REST API', ip: options.apiIp, port: options.apiPort })
    stopping.push(() => closeApi(api))
    const journal = options.stateDir === null ? noJournal : await openJournal(options.stateDir, storedRoutes(table))
    const store = new RouteStore(table, journal)
    opened.resolve(store)
    stopping.unshift(keepActivity(store, log), () => store.close())
    await announce(options, { port, apiPort, clock })
    log.info({ ip: options.ip, port, apiIp: options.apiIp, apiPort, routes: table.size }, 'Proxy is listening')
    let stopped: Promise<void> | null = null
    if (redirectPort !== null)
      log.info({ from: redirectPort, to: options.tls?.redirectTo ?? port }, 'Added HTTP to HTTPS redirection')
    return { port, apiPort, redirectPort, stop: () => (stopped ??= stopAll(options, stopping)) }
  } catch (error) {
    opened.reject(error)
    await stopAll({ ...options, pidFile: null, stateDir: null }, stopping)
    throw error
  }
}

/** How long a proxy that no hub tells its routes keeps away from browsers. */
const patienceMs = 60_000

/** Ready when the hub has put in its own route, which it does after all others; then for good. */
function readiness(table: RouteTable, clock: Clock): () => boolean {
  const giveUpAt = clock.now() + patienceMs
  let isReady = false
  return () => {
    isReady ||= clock.now() >= giveUpAt || Iterator.from(table.all()).some(({ data }) => data.hub === true)
    return isReady
  }
}

function openRedirect(server: Server, { ip, tls }: ProxyOptions): Promise<number> {
  return listen(server, { what: 'redirection to https', ip, port: tls?.redirectPort ?? 0 })
}

/** Begins the work; the returned function ends it. */
function inBackground(work: (signal: AbortSignal) => Promise<void>): () => Promise<void> {
  const end = new AbortController()
  const done = work(end.signal)
  return async () => {
    end.abort()
    await done.catch(() => {})
  }
}

function checkApi({ authToken, apiIp }: ProxyOptions, log: Log): void {
  if (authToken !== null) return
  if (!/^(127\.|::1$|localhost$)/.test(apiIp)) throw errors.PROXY_API_UNPROTECTED({ ip: apiIp })
  log.warn({}, 'The REST API is open to every program on this machine: CONFIGPROXY_AUTH_TOKEN is not set')
}

async function restoredTable(options: ProxyOptions, { log, clock }: ProxyDeps): Promise<RouteTable> {
  const table = new RouteTable()
  if (options.stateDir !== null) {
    for (const { key, data, at } of await loadRoutes(options.stateDir, log)) table.set(key, data, at)
  }
  // What the hub stored for `/` is richer than the flag, as long as both say the same.
  if (options.defaultTarget !== null && table.get('/')?.data.target !== options.defaultTarget) {
    table.set('/', { target: options.defaultTarget }, clock.now())
  }
  return table
}

async function listen(server: Server, place: { what: string; ip: string; port: number }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen({ port: place.port, ...(place.ip && { host: place.ip }) }, resolve)
  try {
    await promise
  } catch (error) {
    throw errors.PROXY_ADDRESS_UNUSABLE({ ...place, why: whyNot((error as NodeJS.ErrnoException).code) }, error)
  }
  server.off('error', reject)
  return (server.address() as AddressInfo).port
}

function whyNot(code: string | undefined): string {
  if (code === 'EADDRINUSE') return 'the port is in use'
  if (code === 'EACCES') return 'this user may not use the port'
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address'
  return code ?? 'unknown reason'
}

async function announce(options: ProxyOptions, where: { port: number; apiPort: number; clock: Clock }): Promise<void> {
  const { port, apiPort, clock } = where
  if (options.pidFile !== null) writePidFile(options.pidFile)
  if (options.stateDir === null) return
  const startedAt = new Date(clock.now()).toISOString()
  await writeProcessRecord(options.stateDir, { pid: process.pid, port, apiPort, startedAt })
}

/** Returns what ends it. */
function keepActivity(store: RouteStore, log: Log): () => Promise<void> {
  const save = () => store.saveActivity().catch((error) => log.warn({ error }, 'Last activity could not be saved'))
  const timer = setInterval(() => void save(), activityEveryMs)
  timer.unref()
  return async () => clearInterval(timer)
}

async function stopAll(options: ProxyOptions, steps: readonly (() => Promise<void>)[]): Promise<void> {
  try {
    for (const step of steps.toReversed()) await step()
  } finally {
    if (options.pidFile !== null) removePidFile(options.pidFile)
    if (options.stateDir !== null) removeProcessRecord(options.stateDir)
  }
}

async function closeApi(api: Server): Promise<void> {
  const closed = new Promise((resolve) => api.close(resolve))
  const timer = setTimeout(() => api.closeAllConnections(), 200)
  await closed
  clearTimeout(timer)
}

/** Open requests get their time; websockets have no end to wait for. */
async function drain({ server, webSockets }: DataServer, ms: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  for (const socket of webSockets) socket.destroy()
  const idle = setInterval(() => server.closeIdleConnections(), 20)
  const limit = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(idle)
  clearTimeout(limit)
}

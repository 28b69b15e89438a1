/** One hub: stateless but for its caches, around a database that others may share. */
import { hostname } from 'node:os'
import type { fastify } from 'fastify'
import { createAuthenticators } from '#authenticators'
import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import type { Settings } from '#config'
import { openHooks } from '#hooks'
import type { Spawner } from '#spawners'
import type { Store } from '#store'
import { registerAccount } from './account/index.ts'
import { adminWithoutPassword } from './accounts.ts'
import { adminToken } from './admin-token.ts'
import { applyConfiguration } from './configured/index.ts'
import type { HubContext, HubUrls } from './context.ts'
import { createApp } from './http/server.ts'
import { registerIdentity } from './identify.ts'
import { registerOauth } from './oauth/index.ts'
import { registerPages, renderError } from './pages/index.ts'
import { createProxyClient, type ProxyClient, type ProxyClientOptions } from './proxy-client/index.ts'
import type { LiveSettings } from './reload/index.ts'
import { type HubControl, registerApi } from './routes/index.ts'
import { createServers, type RunningServers } from './servers/index.ts'
import { authenticatorDeps, createSignInLink, refreshBeforeStart, registerSignIn } from './sign-in/index.ts'

export { type Account, type Accounts, keepsPasswords, openAccounts } from './accounts.ts'
export { LiveSettings } from './reload/index.ts'
export { type Explanation, explain } from './sign-in/index.ts'

export interface HubOptions {
  readonly store: Store
  /** Changed by `Hub.reload` only. */
  readonly settings: LiveSettings
  readonly clock: Clock
  readonly random: Random
  readonly log: Log
  readonly spawner: Spawner
  /** 32 bytes, the same for all hubs of a database. */
  readonly secret: Buffer
  readonly proxy: ProxyClientOptions & { readonly publicUrl: string }
  /** Where this hub will listen, as the proxy reaches it: `http://127.0.0.1:8081`. */
  readonly target: string
  /** Who signs in with the one-time link. */
  readonly localAdmin: string
  /** Begins the end of this process. */
  readonly shutDown: HubControl['shutDown']
}

export interface Hub {
  listen(host: string, port: number): Promise<void>
  /** Reconciles servers and routes until the signal. */
  run(signal: AbortSignal): Promise<void>
  /** Resolves when the proxy sends browsers to a hub. */
  routed(signal: AbortSignal): Promise<void>
  /** The one-time link of the local administrator, or null where people sign in otherwise. */
  signInLink(address: string): Promise<string | null>
  /** The administrator who needs a password before anybody can let others in, "" for somebody new; null where none does. */
  adminWithoutPassword(): Promise<string | null>
  /** A working API token of an administrator: `before` if it is one. */
  adminToken(before: string, note: string): Promise<string>
  /**
   * Takes changed settings while servers run, and returns the keys that wait for a restart. Errors: those of roles,
   * groups and services that can't be; then nothing of it is taken.
   */
  reload(settings: Settings): Promise<readonly string[]>
  runningServers(): Promise<number>
  /** Wants every server stopped and waits until they are. */
  stopServers(): Promise<void>
  close(): Promise<void>
}

export async function createHub(options: HubOptions): Promise<Hub> {
  const { store, settings: live, clock, random, log, spawner, secret } = options
  const settings = live.current()
  await applyConfiguration({ store, settings, clock, random })
  const proxy = createProxyClient(options.proxy)
  const own = {
    store,
    settings: live.current,
    reloadState: live.state,
    clock,
    random,
    log,
    spawner,
    hooks: openHooks(() => live.current().hooks, log),
    replica: replicaName(),
    urls: urlsOf(options),
  }
  const running = createServers({ ...own, proxy, secret, hubTarget: options.target })
  const authenticators = await createAuthenticators(settings.ways, authenticatorDeps(own))
  const asked = { ...own, authenticators, cookieSecret: secret }
  const servers: RunningServers = {
    ...running,
    async start(wish, how) {
      await refreshBeforeStart(asked, wish.userId)
      return running.start(wish, how)
    },
  }
  const context: HubContext = { ...asked, servers }
  const app = makeApp(context, controlOf(options, { proxy, servers }))
  return {
    listen: async (host, port) => void (await app.listen({ host, port })),
    run: (signal) => servers.run(signal),
    routed: (signal) => servers.routed(signal),
    signInLink: async (address) =>
      settings.authenticator.classes.length === 0
        ? createSignInLink(context, { userName: options.localAdmin, address })
        : null,
    adminWithoutPassword: () => adminWithoutPassword(store, live.current()),
    adminToken: (before, note) => adminToken(context, { before, note, localAdmin: options.localAdmin }),
    async reload(next) {
      const prepared = live.prepare(next)
      await applyConfiguration({ store, settings: prepared.settings, clock, random })
      live.take(prepared, clock.now())
      return prepared.waiting
    },
    runningServers: async () => (await wantedServers(store)).length,
    stopServers: () => stopServers(store, servers),
    close: async () => {
      await app.close()
      await own.hooks.close()
    },
  }
}

function makeApp(context: HubContext, control: HubControl): ReturnType<typeof fastify> {
  const app = createApp(context, { renderError: (request, problem) => renderError(request, context, problem) })
  registerIdentity(app, context)
  registerApi(app, context, { control })
  registerOauth(app, context)
  registerSignIn(app, context)
  registerAccount(app, context)
  registerPages(app, context)
  return app
}

function controlOf(
  { shutDown }: HubOptions,
  { proxy, servers }: { proxy: ProxyClient; servers: RunningServers },
): HubControl {
  return {
    proxyRoutes: () => proxy.list(),
    checkRoutes: () => servers.checkRoutes(),
    shutDown,
  }
}

function urlsOf({ settings, proxy }: HubOptions): HubUrls {
  const { baseUrl: base, connectUrl } = settings.current().hub
  const reached = connectUrl?.replace(/\/+$/, '') ?? proxy.publicUrl
  return { base, hub: `${base}hub/`, apiForServers: `${reached}${base}hub/api` }
}

function replicaName(): string {
  return `${hostname()}/${process.pid}`
}

async function wantedServers({ db }: Store): Promise<readonly { id: number; user_id: number; name: string }[]> {
  return db.selectFrom('servers').select(['id', 'user_id', 'name']).where('desired', '=', 'running').execute()
}

const stopMs = 75_000

async function stopServers(store: Store, servers: RunningServers): Promise<void> {
  const wanted = await wantedServers(store)
  await Promise.all(
    wanted.map(async ({ id, user_id, name }) => {
      await servers.stop(user_id, name)
      await servers.settled(id, stopMs)
    }),
  )
}

/** A hub's REST API over a real database and the real reconciler; servers are one small web server of this process. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { roleDefaults } from '#access'
import { systemClock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import { systemRandom } from '#base/ids.ts'
import { type Log, silentLog } from '#base/log.ts'
import { defaultSettings, type Settings } from '#config'
import { noHooks } from '#hooks'
import type { FailureReason, LaunchRequest, Observation, ServerRef, Spawner } from '#spawners'
import {
  createToken,
  createUser,
  findUser,
  newTokenSecret,
  openStore,
  saveDefaultRoles,
  saveOauthClient,
  type UserRow,
} from '#store'
import type { HubContext } from '../../src/hub/context.ts'
import { createApp } from '../../src/hub/http/server.ts'
import { registerIdentity } from '../../src/hub/identify.ts'
import { registerApi } from '../../src/hub/routes/index.ts'
import type { Server } from '../../src/hub/servers/contract.ts'
import { createServers } from '../../src/hub/servers/index.ts'

export interface TestHub {
  readonly app: FastifyInstance
  readonly context: HubContext
  readonly spawner: TestSpawner
  /** What the API asked of its process. */
  readonly asked: string[]
  readonly logged: { level: string; fields: Record<string, unknown>; sentence: string }[]
  addUser(name: string, options?: { admin?: boolean }): Promise<UserRow>
  /** A token of the user with these scopes; `inherit` by default. */
  token(user: UserRow, ...scopes: string[]): Promise<string>
  /** When the user's server is ready, failed or stopped. */
  settled(userName: string, serverName?: string): Promise<Server>
  /** `path` is below `/hub/api`. */
  call(method: string, path: string, given?: Given): Promise<LightMyRequestResponse>
}

interface Given {
  readonly token?: string
  readonly body?: unknown
  readonly headers?: Record<string, string>
}

export interface TestSpawner extends Spawner {
  /** While set, a start never comes up. */
  hold: boolean
  /** While set, a launch fails so. */
  failure: FailureReason | null
}

interface Parts {
  readonly hub?: object
  readonly authenticator?: object
  readonly dummyPassword?: string | null
  readonly dbUrl?: string
  readonly base?: string
}

export async function testHub(t: TestContext, given: Parts = {}): Promise<TestHub> {
  const logged: TestHub['logged'] = []
  const log = recorder(logged)
  const store = await openStore(given.dbUrl ?? 'sqlite:///:memory:', { log: silentLog, clock: systemClock })
  await saveDefaultRoles(store.db, roleDefaults)
  await saveOauthClient(store.db, {
    identifier: 'jupyterhub',
    description: 'JupyterHub',
    secretHash: '',
    redirectUri: '',
    allowedScopes: [],
  })
  const target = await jupyterServer(t)
  const spawner = testSpawner(target)
  const settings = settingsWith(given)
  const base = given.base ?? '/'
  const urls = { base, hub: `${base}hub/`, apiForServers: `http://127.0.0.1:8000${base}hub/api` }
  const shared = {
    store,
    reloadState: () => ({ at: null, waiting: [], refused: null }),
    settings: () => settings,
    clock: systemClock,
    random: systemRandom,
    log,
    hooks: noHooks,
    spawner,
  }
  const proxied = new Map<string, { target: string; data: Readonly<Record<string, unknown>>; lastActivity: null }>()
  const servers = createServers({
    ...shared,
    replica: 'test',
    urls,
    proxy: {
      list: async () => proxied,
      add: async (path, to, data) => void proxied.set(path, { target: to, data, lastActivity: null }),
      remove: async (path) => void proxied.delete(path),
    },
    secret: Buffer.alloc(32, 7),
    hubTarget: 'http://127.0.0.1:8081',
  })
  const context: HubContext = {
    ...shared,
    authenticators: [],
    servers,
    cookieSecret: Buffer.alloc(32, 7),
    replica: 'test',
    urls,
  }
  const app = createApp(context)
  registerIdentity(app, context)
  const asked: string[] = []
  registerApi(app, context, {
    control: {
      proxyRoutes: async () => proxied,
      checkRoutes: async () => void asked.push('check routes'),
      shutDown: (what) => void asked.push(`shut down ${JSON.stringify(what)}`),
    },
  })
  const stopping = new AbortController()
  const running = servers.run(stopping.signal)
  t.after(async () => {
    stopping.abort()
    await running
    await app.close()
    await store.close()
  })
  return {
    app,
    context,
    spawner,
    asked,
    logged,
    addUser: (name, { admin = false } = {}) =>
      createUser(store.db, { name, admin, now: Date.now(), cookieId: systemRandom.hex32() }),
    token: async (user, ...scopes) => {
      const secret = newTokenSecret(systemRandom)
      const wanted = scopes.length === 0 ? ['inherit'] : scopes
      await createToken(store.db, { userId: user.id, secret, scopes: wanted, note: 'test', now: Date.now() })
      return secret
    },
    settled: async (userName, serverName = '') => {
      const user = (await findUser(store.db, userName))!
      const server = (await servers.find(user.id, serverName))!
      return (await servers.settled(server.id, 30_000))!
    },
    call: (method, path, { token, body, headers } = {}) =>
      app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url: `/hub/api${path}`,
        headers: { ...(token ? { authorization: `token ${token}` } : {}), ...headers },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  }
}

function recorder(logged: TestHub['logged']): Log {
  const at = (level: string) => (fields: object, sentence: string) =>
    void logged.push({ level, fields: { ...fields }, sentence })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => recorder(logged) }
}

/** What every user's server is here: it answers, and says that it is Jupyter. */
async function jupyterServer(t: TestContext): Promise<string> {
  const server = createServer((_request, response) => response.end('{"version": "1"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function testSpawner(url: string): TestSpawner {
  const running = new Set<number>()
  const state: Pick<TestSpawner, 'hold' | 'failure'> = { hold: false, failure: null }
  return Object.assign(state, {
    name: 'test',
    listenUrl: async () => url,
    launch: async ({ server }: LaunchRequest) => {
      const { failure } = state
      if (failure) throw new HimaliaError(failure.code, 500, failure.message, { detail: { reason: failure } })
      running.add(server.id)
      return { handle: { n: server.id } }
    },
    observe: async ({ id }: ServerRef): Promise<Observation> => {
      if (!running.has(id)) return { phase: 'absent' }
      if (state.hold) return { phase: 'starting', message: null, progress: 30 }
      return { phase: 'running', url, handle: { n: id } }
    },
    stop: async ({ id }: ServerRef) => void running.delete(id),
    deleteStorage: async () => {},
    watch: () => {},
    log: async () => ['a line of the log'],
  })
}

function settingsWith({ hub, authenticator, dummyPassword = null }: Parts): Settings {
  const base = {
    hub: {
      baseUrl: '/',
      publicUrl: null,
      cookieMaxAgeDays: 14,
      cookieHostPrefixEnabled: false,
      activityResolutionSeconds: 30,
      lastActivityIntervalSeconds: 300,
      allowNamedServers: true,
      namedServerLimitPerUser: 0,
      concurrentSpawnLimit: 0,
      activeServerLimit: 0,
      slowSpawnTimeoutSeconds: 10,
      slowStopTimeoutSeconds: 10,
      tokenExpiresInMaxSeconds: 0,
      apiPageDefaultLimit: 50,
      apiPageMaxLimit: 200,
      authenticatePrometheus: true,
      cleanupServers: true,
      trustedDownstreamIps: [],
      extraHeaders: {},
      customScopes: {},
      services: [],
      cryptKeys: null,
      ...hub,
    },
    authenticator: {
      ...defaultSettings().authenticator,
      classes: [],
      allowAll: false,
      allowedUsers: [],
      blockedUsers: [],
      adminUsers: [],
      allowExistingUsers: null,
      usernameMap: {},
      usernameRules: [],
      usernamePattern: null,
      enableAuthState: true,
      manageGroups: false,
      ...authenticator,
    },
    spawner: {
      cmd: ['jupyterhub-singleuser'],
      args: [],
      defaultUrl: '',
      notebookDir: '',
      environment: {},
      envKeep: [],
      memLimitBytes: null,
      memGuaranteeBytes: null,
      cpuLimit: null,
      cpuGuarantee: null,
      startTimeoutSeconds: 60,
      httpTimeoutSeconds: 30,
      pollIntervalSeconds: 30,
      debug: false,
      disableUserConfig: false,
      oauthClientAllowedScopes: [],
      serverTokenScopes: [],
      groupOverrides: {},
    },
    dummy: { password: dummyPassword },
    proxy: { shouldStart: true, extraRoutes: {} },
    profiles: [],
    overrides: [],
    authStateEnv: {},
  }
  const way = { id: 'dummy', name: 'dummy', className: '', rules: base.authenticator, options: base.dummy }
  // Safe: what these parts read is here.
  return { ...base, ways: [way] } as unknown as Settings
}

/** The parts of a hub that know people, over a real database, driven by `inject`. The clock moves only when told. */
import type { TestContext } from 'node:test'
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import { roleDefaults } from '#access'
import { type Authenticator, createAuthenticators } from '#authenticators'
import type { Clock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import { defaultSettings, type Settings } from '#config'
import { noHooks } from '#hooks'
import {
  chosenRounds,
  createSession,
  createUser,
  hashToken,
  newSalt,
  openStore,
  type Store,
  saveDefaultRoles,
  saveOauthClient,
  type UserRow,
} from '#store'
import type { HubContext } from '../../src/hub/context.ts'
import { setLogin } from '../../src/hub/http/cookies.ts'
import { createApp } from '../../src/hub/http/server.ts'
import { registerIdentity } from '../../src/hub/identify.ts'
import { registerOauth, serverClient } from '../../src/hub/oauth/index.ts'
import type { Servers } from '../../src/hub/servers/contract.ts'
import { authenticatorDeps, registerSignIn } from '../../src/hub/sign-in/index.ts'

export const start = 1_755_000_000_000
export const cookieSecret = Buffer.from(Array.from({ length: 32 }, (_, index) => index))

export interface TestHub {
  readonly app: FastifyInstance
  readonly context: HubContext
  readonly store: Store
  /** Moves the clock. */
  pass(ms: number): void
  addUser(name: string, options?: { admin?: boolean }): Promise<UserRow>
  /** The user's server exists, with an OAuth client whose secret is `secret`. */
  addServer(user: UserRow, name: string, secret: string): Promise<number>
  browser(): Browser
  /** A browser with a session, as after a sign-in. */
  signedIn(user: UserRow): Promise<Browser>
}

export interface HubParts {
  readonly hub?: Partial<Settings['hub']>
  readonly authenticator?: Partial<Settings['authenticator']>
  readonly more?: Partial<Settings>
  readonly servers?: Partial<Servers>
  readonly register?: (app: FastifyInstance, context: HubContext) => void
}

export async function testHub(t: TestContext, parts: HubParts = {}): Promise<TestHub> {
  let now = start
  const clock: Clock = { now: () => now, sleep: async () => {} }
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock })
  await saveDefaultRoles(store.db, roleDefaults)
  const settings = settingsFor(parts)
  const context = {
    store,
    settings: () => settings,
    clock,
    random: systemRandom,
    log: silentLog,
    hooks: noHooks,
    spawner: { name: 'process' },
    authenticators: [] as readonly Authenticator[],
    cookieSecret,
    replica: 'test',
    urls: { base: '/', hub: '/hub/', apiForServers: 'http://127.0.0.1:8000/hub/api' },
    servers: { ofUser: async () => [], find: async () => null, stop: async () => null, ...parts.servers },
  } as unknown as HubContext
  const authenticators = await createAuthenticators(settings.ways, authenticatorDeps(context))
  Object.assign(context, { authenticators })
  const app = createApp(context)
  registerIdentity(app, context)
  registerOauth(app, context)
  registerSignIn(app, context)
  app.get('/hub/api/user', async (request) => {
    const caller = await request.caller()
    return caller.kind === 'anonymous' ? { kind: 'anonymous' } : { ...caller, scopes: [...caller.scopes].sort() }
  })
  app.post('/hub/api/deed', async (request) => ({ by: (await request.caller()).kind }))
  parts.register?.(app, context)
  t.after(async () => {
    await app.close()
    await store.close()
  })
  const hub: TestHub = {
    app,
    context,
    store,
    pass: (ms) => {
      now += ms
    },
    addUser: (name, { admin = false } = {}) =>
      createUser(store.db, { name, admin, now, cookieId: systemRandom.hex32() }),
    addServer: (user, name, secret) => addServer(store, user, { name, secret }),
    browser: () => new Browser(app),
    signedIn: async (user) => {
      const browser = new Browser(app)
      const session = { id: systemRandom.hex32(), userId: user.id, now, expiresAt: now + 14 * 86_400_000 }
      await createSession(store.db, { ...session, ip: '127.0.0.1', userAgent: '' })
      const lines: string[] = []
      const reply = { header: (_name: string, line: string) => lines.push(line) }
      const exchange = { request: { protocol: 'http' }, reply } as unknown as Parameters<typeof setLogin>[1]
      setLogin(context, exchange, { cookieId: user.cookie_id, sessionId: session.id })
      browser.keep(lines)
      return browser
    },
  }
  return hub
}

function settingsFor({ hub, authenticator, more }: HubParts): Settings {
  const base = {
    hub: {
      baseUrl: '/',
      publicUrl: null,
      extraHeaders: {},
      cookieMaxAgeDays: 14,
      cookieHostPrefixEnabled: false,
      activityResolutionSeconds: 30,
      oauthTokenExpiresInSeconds: 1_209_600,
      oauthRequirePkce: false,
      shutdownOnLogout: false,
      redirectToServer: true,
      defaultUrl: null,
      defaultServerName: '',
      templatePaths: [],
      templateVars: {},
      trustedDownstreamIps: [],
      customScopes: {},
      services: [],
      cryptKeys: null,
      ...hub,
    },
    authenticator: {
      ...defaultSettings().authenticator,
      classes: ['dummy'],
      allowAll: true,
      allowedUsers: [],
      blockedUsers: [],
      adminUsers: [],
      allowExistingUsers: null,
      usernameMap: {},
      usernameRules: [],
      usernamePattern: null,
      autoLogin: false,
      enableAuthState: false,
      manageGroups: false,
      loginService: null,
      logoutUrl: null,
      ...authenticator,
    },
    dummy: { password: null },
    native: {
      openSignup: false,
      enableSignup: true,
      minimumPasswordLength: 1,
      allowedFailedLogins: 0,
      secondsBeforeNextTry: 600,
    },
    profiles: [],
    overrides: [],
    authStateEnv: {},
    ...more,
  }
  const { authenticator: rules } = base
  const options: Readonly<Record<string, object>> = { dummy: base.dummy, native: base.native }
  const ways = rules.classes.map((name) => ({ id: name, name, className: '', rules, options: options[name] ?? {} }))
  // Safe: what these parts read is here.
  return { ways, ...base } as unknown as Settings
}

async function addServer(store: Store, user: UserRow, { name, secret }: { name: string; secret: string }) {
  const { id } = await store.db
    .insertInto('servers')
    .values({
      user_id: user.id,
      name,
      display_name: name,
      desired: 'running',
      generation: 1,
      user_options: '{}',
      remove_when_stopped: 0,
      phase: 'ready',
      attempt: 1,
      created_at: start,
      lease_fence: 0,
      lease_expires_at: 0,
      due_at: 0,
    } as never)
    .returning('id')
    .executeTakeFirstOrThrow()
  const client = serverClient({ base: '/', userName: user.name, serverName: name, allowedScopes: [] })
  await saveOauthClient(store.db, {
    ...client,
    secretHash: hashToken(secret, chosenRounds, newSalt()),
    serverId: id,
  })
  return id
}

interface Cookie {
  readonly path: string
  readonly value: string
}

/** Keeps cookies, and says of itself what browsers say. */
export class Browser {
  readonly #app: FastifyInstance
  readonly cookies = new Map<string, Cookie>()

  constructor(app: FastifyInstance) {
    this.#app = app
  }

  keep(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = '', path = '/'] = /^([^=]+)=([^;]*); Path=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0\b/.test(line)) this.cookies.delete(name)
      else this.cookies.set(name, { path, value })
    }
  }

  async request(options: InjectOptions & { url: string }): Promise<LightMyRequestResponse> {
    const path = options.url.split('?', 1)[0]!
    const sent = [...this.cookies].filter(([, cookie]) => path.startsWith(cookie.path))
    const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ')
    const headers = { ...(cookie ? { cookie } : {}), 'user-agent': 'test', ...options.headers }
    const answer = await this.#app.inject({ ...options, headers })
    this.keep([answer.headers['set-cookie'] ?? []].flat())
    return answer
  }

  /** As a person follows a link. */
  open(url: string): Promise<LightMyRequestResponse> {
    return this.request({ url, headers: { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' } })
  }

  /** As a person submits a form of the hub; its `_xsrf` is the cookie's. */
  submit(url: string, fields: Record<string, string>): Promise<LightMyRequestResponse> {
    const xsrf = this.cookies.get('_xsrf')?.value ?? ''
    return this.request({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-mode': 'navigate',
        'sec-fetch-site': 'same-origin',
      },
      payload: new URLSearchParams({ _xsrf: xsrf, ...fields }).toString(),
    })
  }

  get xsrf(): string {
    return this.cookies.get('_xsrf')?.value ?? ''
  }
}

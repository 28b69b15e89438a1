/** The sign-in parts of one or more hubs over one database, listening on loopback, with the ways that a test names. */
import type { TestContext } from 'node:test'
import { roleDefaults } from '#access'
import { createAuthenticators } from '#authenticators'
import { type Clock, systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import type { Log } from '#base/log.ts'
import { loadConfig, type Settings } from '#config'
import { noHooks } from '#hooks'
import { findUser, openStore, type Store, saveDefaultRoles } from '#store'
import { registerAccount } from '../../src/hub/account/index.ts'
import type { HubContext } from '../../src/hub/context.ts'
import { createApp } from '../../src/hub/http/server.ts'
import { registerIdentity } from '../../src/hub/identify.ts'
import { registerPages } from '../../src/hub/pages/index.ts'
import { authenticatorDeps, refreshUser, registerSignIn } from '../../src/hub/sign-in/index.ts'

export interface LoggedLine {
  readonly level: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly message: string
}

export interface TestHub {
  readonly url: string
  readonly context: HubContext
  readonly store: Store
  readonly logged: LoggedLine[]
  /** The codes and reasons of all that were not let in. */
  denials(): readonly { readonly code: string; readonly log: string }[]
  /** As if the person's page had been open for a while. */
  refresh(name: string): Promise<string>
  /** Moves the clock of the hub. */
  pass(ms: number): void
}

export interface TestHubOptions {
  /** The text of config.yaml. `{port}` is where the hub listens. */
  readonly config: string
  readonly store?: Store
  readonly clock?: Clock
}

const secret = Buffer.alloc(32, 7)

/** Settings of a config.yaml; fails with its problems. */
export async function settingsOf(text: string): Promise<Settings> {
  const { settings, problems } = await loadConfig({ text, mode: 'local' })
  const wrong = problems.filter(({ severity }) => severity === 'error')
  if (wrong.length > 0 || !settings) throw new Error(JSON.stringify(wrong, null, 1))
  return settings
}

export async function startTestHub(t: TestContext, options: TestHubOptions): Promise<TestHub> {
  let offset = 0
  const clock: Clock = options.clock ?? { now: () => systemClock.now() + offset, sleep: systemClock.sleep }
  const logged: LoggedLine[] = []
  const log = recorder(logged)
  const store = options.store ?? (await openStore('sqlite:///:memory:', { log, clock }))
  if (!options.store) await saveDefaultRoles(store.db, roleDefaults)
  const settings = await settingsOf(options.config)
  const context = {
    store,
    settings: () => settings,
    reloadState: () => ({ at: null, waiting: [], refused: null }),
    clock,
    random: systemRandom,
    log,
    authenticators: [],
    hooks: noHooks,
    spawner: { name: 'process' },
    cookieSecret: secret,
    replica: 'test',
    urls: { base: '/', hub: '/hub/', apiForServers: 'http://127.0.0.1:1/hub/api' },
    servers: { ofUser: async () => [], find: async () => null, stop: async () => null },
  } as unknown as HubContext
  Object.assign(context, { authenticators: await createAuthenticators(settings.ways, authenticatorDeps(context)) })
  const app = createApp(context)
  registerIdentity(app, context)
  registerSignIn(app, context)
  registerAccount(app, context)
  app.get('/hub/who', async (request) => {
    const caller = await request.caller()
    return caller.kind === 'user'
      ? { name: caller.name, admin: caller.admin, groups: [...caller.groups].sort() }
      : { name: null }
  })
  registerPages(app, context)
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(async () => {
    await app.close()
    if (!options.store) await store.close()
  })
  return {
    url,
    context,
    store,
    logged,
    denials: () =>
      logged
        .filter(({ message }) => message === 'Sign-in denied')
        .map(({ facts }) => ({ code: String(facts.code), log: String(facts.log ?? '') })),
    refresh: async (name) => refreshUser(context, (await findUser(store.db, name))!.id, { isForced: false }),
    pass: (ms) => {
      offset += ms
    },
  }
}

function recorder(lines: LoggedLine[]): Log {
  const write = (level: string) => (facts: Readonly<Record<string, unknown>>, message: string) =>
    void lines.push({ level, facts, message })
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') } as unknown as Log
}

/** Hubs that are nothing but their servers' part: a real database, a real proxy, servers in memory. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import type { KyselyPlugin } from 'kysely'
import { roleDefaults } from '#access'
import type { Clock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { type Log, silentLog } from '#base/log.ts'
import type { Profile, Settings } from '#config'
import { noHooks } from '#hooks'
import { startProxy } from '#proxy'
import type { Spawner } from '#spawners'
import { createUser, openStore, type Store, saveDefaultRoles, type UserRow } from '#store'
import { createProxyClient, type ProxyClient } from '../../src/hub/proxy-client/index.ts'
import type { Server, ServerState } from '../../src/hub/servers/contract.ts'
import { createServers, type RunningServers, type ServersDeps } from '../../src/hub/servers/index.ts'
import { Reconciler } from '../../src/hub/servers/reconciler.ts'
import { briskClock } from '../harness/brisk-clock.ts'
import { MemoryWorld } from '../harness/memory-spawner.ts'

export interface Knobs {
  readonly hub?: Partial<Settings['hub']>
  readonly spawner?: Partial<Settings['spawner']>
  readonly profiles?: readonly Profile[]
  readonly speed?: number
  /** Default: an SQLite file. */
  readonly url?: string
  readonly clock?: Clock
}

/** What outlives every hub: the database's address, the proxy, the servers. */
export interface World {
  readonly servers: MemoryWorld
  readonly proxy: ProxyClient
  readonly proxyUrl: string
  readonly store: Store
  readonly deps: (own: Partial<ServersDeps>) => ServersDeps
  readonly settings: Settings
  readonly open: () => Promise<Store>
  addUser(name: string): Promise<UserRow>
  /** A whole hub that runs until the test ends or `stop`. */
  hub(name?: string): Promise<Hub>
  /** A hub that reconciles only, and stops in the middle of its first launch until it is thawed. */
  frozen(): Promise<Frozen>
  /** A hub that reconciles only, and is dead after so many effects on the world. */
  mortal(effects: number): Promise<Mortal>
}

export interface Hub {
  readonly servers: RunningServers
  /** Orderly, as on SIGTERM. */
  stop(): Promise<void>
}

export interface Mortal {
  readonly servers: RunningServers
  readonly life: Life
}

export interface Frozen {
  readonly servers: RunningServers
  /** Resolves when it stands still. */
  readonly asleep: Promise<void>
  thaw(): void
  /** Resolves when it has tried to write what came of its launch. */
  readonly settled: Promise<void>
}

export async function makeWorld(t: TestContext, knobs: Knobs = {}): Promise<World> {
  const clock = knobs.clock ?? briskClock(knobs.speed ?? 20)
  const folder = mkdtempSync(join(tmpdir(), 'himalia-reconciler-'))
  const url = knobs.url ?? `sqlite:///${folder}/hub.sqlite`
  const log = process.env.HIMALIA_TEST_LOG ? loudLog : silentLog
  // Hubs end before their databases, and those before the folder.
  const parts = new AsyncDisposableStack()
  t.after(() => parts.disposeAsync())
  parts.defer(() => rmSync(folder, { recursive: true, force: true }))
  const open = async () => {
    const store = await openStore(url, { log, clock })
    parts.defer(() => store.close())
    return store
  }
  const store = await open()
  await saveDefaultRoles(store.db, roleDefaults)
  const running = await startProxy({ ip: '127.0.0.1', port: 0, apiIp: '127.0.0.1', apiPort: 0, authToken: 'secret' })
  parts.defer(() => running.stop())
  const proxy = createProxyClient({ apiUrl: `http://127.0.0.1:${running.apiPort}`, authToken: 'secret' })
  const servers = new MemoryWorld()
  parts.defer(() => servers.close())
  const settings = settingsOf(knobs)
  const base = {
    settings: () => settings,
    clock,
    random: systemRandom,
    log,
    hooks: noHooks,
    spawner: servers.spawner(),
    replica: 'hub',
    urls: { base: '/', hub: '/hub/', apiForServers: 'http://127.0.0.1:8000/hub/api' },
    proxy,
    secret: Buffer.alloc(32, 7),
    hubTarget: 'http://127.0.0.1:9',
  }
  const world: World = {
    servers,
    proxy,
    proxyUrl: `http://127.0.0.1:${running.port}`,
    store,
    settings,
    open,
    deps: (own) => ({ ...base, store, ...own }),
    addUser: (name) => createUser(store.db, { name, admin: false, now: clock.now(), cookieId: systemRandom.hex32() }),
    hub: async (name = 'hub') => runHub(parts, world, name),
    frozen: async () => runFrozen(parts, world),
    mortal: async (effects) => runMortal(parts, world, effects),
  }
  return world
}

async function runHub(parts: AsyncDisposableStack, world: World, name: string): Promise<Hub> {
  const servers = createServers(world.deps({ store: await world.open(), replica: name }))
  const ending = new AbortController()
  const running = servers.run(ending.signal)
  const stop = async () => {
    ending.abort()
    await running
  }
  parts.defer(stop)
  return { servers, stop }
}

async function runMortal(parts: AsyncDisposableStack, world: World, effects: number): Promise<Mortal> {
  const life = new Life(effects)
  const deps = world.deps({
    store: mortalStore(await world.open(), life),
    spawner: mortalSpawner(world.servers.spawner(), life),
    proxy: mortalProxy(world.proxy, life),
  })
  const ending = new AbortController()
  void new Reconciler(deps).run(ending.signal).catch(() => {})
  parts.defer(() => {
    life.end()
    ending.abort()
  })
  return { servers: createServers(world.deps({})), life }
}

/**
 * As a process that is stopped by a signal in the middle of a launch. When it goes on, its clocks stand still: nothing
 * but the fencing number keeps it from writing.
 */
async function runFrozen(parts: AsyncDisposableStack, world: World): Promise<Frozen> {
  const asleep = Promise.withResolvers<void>()
  const awake = Promise.withResolvers<void>()
  const wrote = Promise.withResolvers<void>()
  let isFrozen = false
  const { clock } = world.deps({})
  const spawner = world.servers.spawner()
  const store = await world.open()
  const deps = world.deps({
    store: {
      ...store,
      now: () => (isFrozen ? nothing : store.now()),
      db: store.db.withPlugin(tellsOfWrites(() => isFrozen && wrote.resolve())),
    },
    clock: {
      now: clock.now,
      sleep: (ms, signal) => clock.sleep(ms, signal).then(() => (isFrozen ? nothing : undefined)),
    },
    spawner: {
      ...spawner,
      launch: async (...given) => {
        isFrozen = true
        asleep.resolve()
        await awake.promise
        const { handle } = await spawner.launch(...given)
        return { handle: { ...handle, isLate: true } }
      },
    },
  })
  void new Reconciler(deps).run(new AbortController().signal)
  parts.defer(() => awake.resolve())
  return {
    servers: createServers(world.deps({})),
    asleep: asleep.promise,
    thaw: () => awake.resolve(),
    settled: wrote.promise,
  }
}

/** Calls back after each update, which is what follows a launch. */
function tellsOfWrites(wrote: () => void): KyselyPlugin {
  const updates = new Set<unknown>()
  return {
    transformQuery: ({ node, queryId }) => {
      if (node.kind === 'UpdateQueryNode') updates.add(queryId)
      return node
    },
    transformResult: async ({ queryId, result }) => {
      if (updates.delete(queryId)) wrote()
      return result
    },
  }
}

const nothing = new Promise<never>(() => {})

/** The life of a process: after its last effect nothing of it reaches the world, and nothing comes back to it. */
export class Life {
  #left: number
  #isOver = false
  effects = 0
  readonly over: Promise<void>
  #tellOver: () => void = () => {}

  constructor(effects: number) {
    this.#left = effects
    this.over = new Promise((resolve) => {
      this.#tellOver = resolve
    })
  }

  dieAfter(effects: number): void {
    this.#left = effects
  }

  end(): void {
    this.#isOver = true
    this.#tellOver()
  }

  get isOver(): boolean {
    return this.#isOver
  }

  async effect<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isOver) return nothing
    const result = await work()
    this.count()
    return this.#isOver ? nothing : result
  }

  count(): void {
    if (this.#isOver) return
    this.effects += 1
    this.#left -= 1
    if (this.#left <= 0) this.end()
  }
}

function mortalStore(store: Store, life: Life): Store {
  const writes = new Set<unknown>()
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      if (life.isOver) throw new Error('This hub is dead')
      if (['UpdateQueryNode', 'InsertQueryNode', 'DeleteQueryNode'].includes(node.kind)) writes.add(queryId)
      return node
    },
    transformResult: async ({ queryId, result }) => {
      // Looks that found nothing to do are no effects.
      if (writes.delete(queryId) && ((result.numAffectedRows ?? 0n) > 0n || result.rows.length > 0)) life.count()
      return life.isOver ? nothing : result
    },
  }
  return {
    ...store,
    db: store.db.withPlugin(plugin),
    transaction: (work) => life.effect(() => store.transaction(work)),
    now: () => (life.isOver ? nothing : store.now()),
  }
}

function mortalSpawner(spawner: Spawner, life: Life): Spawner {
  return {
    ...spawner,
    launch: (...given) => life.effect(() => spawner.launch(...given)),
    stop: (...given) => life.effect(() => spawner.stop(...given)),
    observe: (...given) => (life.isOver ? nothing : spawner.observe(...given)),
  }
}

function mortalProxy(proxy: ProxyClient, life: Life): ProxyClient {
  return {
    list: () => (life.isOver ? nothing : proxy.list()),
    add: (...given) => life.effect(() => proxy.add(...given)),
    remove: (...given) => life.effect(() => proxy.remove(...given)),
  }
}

function settingsOf({ hub, spawner, profiles }: Knobs): Settings {
  // Safe: what the servers' part reads is here.
  return {
    hub: {
      publicUrl: null,
      allowNamedServers: true,
      namedServerLimitPerUser: 0,
      concurrentSpawnLimit: 100,
      activeServerLimit: 0,
      cookieHostPrefixEnabled: false,
      lastActivityIntervalSeconds: 5,
      services: [],
      ...hub,
    },
    spawner: {
      cmd: ['jupyterhub-singleuser'],
      args: [],
      defaultUrl: '',
      notebookDir: '',
      environment: {},
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
      ...spawner,
    },
    proxy: { extraRoutes: {} },
    profiles: profiles ?? [],
    overrides: [],
    authStateEnv: {},
    ways: [],
  } as unknown as Settings
}

export function profile(slug: string, override: Record<string, unknown> = {}, isDefault = false): Profile {
  return { slug, displayName: slug, description: '', isDefault, override, allowedGroups: null, options: [] }
}

/** Waits for a condition, not for a time; fails with what was awaited. */
export async function until<T>(what: string, check: () => Promise<T | null | undefined | false>): Promise<T> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const value = await check()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`It never came about: ${what}`)
    await sleep(5)
  }
}

export async function inPhase<P extends ServerState['phase']>(
  servers: RunningServers,
  user: UserRow,
  { phase, name = '' }: { phase: P; name?: string },
): Promise<Server & { state: Extract<ServerState, { phase: P }> }> {
  const found = await until(`${user.name}/${name} is ${phase}`, async () => {
    const server = await servers.find(user.id, name)
    return server?.state.phase === phase ? server : null
  })
  // Safe: the phase was compared.
  return found as Server & { state: Extract<ServerState, { phase: P }> }
}

const loudLog: Log = {
  debug: (fields, sentence) => console.error(sentence, fields),
  info: (fields, sentence) => console.error(sentence, fields),
  warn: (fields, sentence) => console.error('WARN', sentence, fields),
  error: (fields, sentence) => console.error('ERROR', sentence, fields),
  child: () => loudLog,
}

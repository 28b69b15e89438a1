/** A hub whose configuration holds Python: a real database, servers in memory, and the requests that reach the spawner. */
import type { TestContext } from 'node:test'
import { silentLog } from '#base/log.ts'
import { loadConfig, type Settings } from '#config'
import { type Hooks, openHooks } from '#hooks'
import type { LaunchRequest } from '#spawners'
import { createUser, setGroupsOf } from '#store'
import { pythonOf } from '../../src/config/python-code.ts'
import { readYaml } from '../../src/config/yaml/read.ts'
import { saveAuthState } from '../../src/hub/auth-state.ts'
import { createServers, type RunningServers, type ServersDeps } from '../../src/hub/servers/index.ts'
import { withHook } from '../../src/spawners/kubernetes/own-pod.ts'
import { planOf } from '../../src/spawners/kubernetes/plan.ts'
import { podManifest } from '../../src/spawners/kubernetes/pod/index.ts'
import { makeWorld } from '../reconciler/harness.ts'
import type { Start, Tree } from './peer.ts'

export interface Hub {
  readonly settings: Settings
  readonly hooks: Hooks
  readonly deps: ServersDeps
  /** The pod that a start comes to. */
  podOf(start: Start): Promise<Tree>
}

export async function openHub(t: TestContext, values: object): Promise<Hub> {
  const { settings, problems } = await loadConfig({ text: JSON.stringify(values), mode: 'cluster' })
  if (!settings) throw new Error(problems.map(({ message }) => message).join('\n'))
  const hooks = openHooks(() => settings.hooks, silentLog)
  t.after(() => hooks.close())
  const world = await makeWorld(t)
  const launched = new Map<string, (request: LaunchRequest) => void>()
  const inMemory = world.servers.spawner()
  const deps = world.deps({
    settings: () => settings,
    hooks,
    spawner: {
      ...inMemory,
      launch: async (request, ...others) => {
        launched.get(request.server.userName)?.(request)
        return inMemory.launch(request, ...others)
      },
    },
  })
  const servers = createServers(deps)
  const ending = new AbortController()
  const running = servers.run(ending.signal)
  t.after(async () => {
    ending.abort()
    await running
  })
  const podOf = async (start: Start) => podFrom(await request({ deps, servers, launched }, start), settings)
  return { settings, hooks, deps, podOf }
}

interface Parts {
  readonly deps: ServersDeps
  readonly servers: RunningServers
  readonly launched: Map<string, (request: LaunchRequest) => void>
}

async function request(
  { deps, servers, launched }: Parts,
  { user, options, authState }: Start,
): Promise<LaunchRequest> {
  const { store, clock, random } = deps
  const facts = { name: user.name, admin: user.admin, now: clock.now(), cookieId: random.hex32() }
  const { id } = await createUser(store.db, facts)
  await setGroupsOf(store.db, id, user.groups)
  if (authState) await saveAuthState({ ...deps, cookieSecret: deps.secret }, id, authState)
  const { promise, resolve } = Promise.withResolvers<LaunchRequest>()
  launched.set(user.name, resolve)
  await servers.start({ userId: id, serverName: '', userOptions: options })
  return promise
}

async function podFrom(request: LaunchRequest, settings: Settings): Promise<Tree> {
  const plan = planOf({
    server: request.server,
    settings: settings.kubernetes,
    overrides: request.overrides,
    namespace: 'default',
    release: null,
  })
  const pod = podManifest({ plan, environment: request.environment, attempt: 1 })
  return JSON.parse(JSON.stringify(await withHook(pod, request)))
}

/** What Python finds: the same for the peer. */
export function worldOf(values: object) {
  const { root } = readYaml('config.yaml', JSON.stringify(values))
  const python = root && pythonOf(root)
  if (!python) throw new Error('There is no Python in it')
  return python.code
}

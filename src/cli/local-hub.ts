/** A whole hub on one machine: database, proxy process, process spawner and the hub itself, opened and closed together. */
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { jsonLog, type Log } from '#base/log.ts'
import type { Mode, Settings } from '#config'
import type { Hub } from '#hub'
import { createSpawner } from '#spawners'
import { UsageError } from './arguments.ts'
import { type DataDir, enter, openDataDir, readOrMakeSecret } from './data-dir.ts'
import { type ConfigFiles, followConfig } from './follow-config.ts'
import { hubPort } from './hub-port.ts'
import { endProxy, ensureProxy, keepProxy, type ProxyAddress, type ProxyOptions } from './proxy-process.ts'

export interface LocalHubOptions {
  readonly settings: Settings
  /** Where the settings come from; followed while the hub runs. */
  readonly files: ConfigFiles
  /** Whether servers are pods. */
  readonly mode: Mode
  /** Null: the usual place. */
  readonly dataDir: string | null
  readonly host: string
  readonly port: number
  /** Somebody asked for the end, over the API. */
  readonly shutDown: (ending: Ending) => void
}

/** What ends with the hub. */
export interface Ending {
  readonly servers: boolean
  readonly proxy: boolean
}

export interface LocalHub {
  readonly hub: Hub
  readonly proxy: ProxyAddress
  close(ending: Ending): Promise<void>
}

/** Resolves when browsers reach the hub through the proxy. Errors: those of its parts, each with a sentence. */
export async function openLocalHub(options: LocalHubOptions): Promise<LocalHub> {
  const dataDir = openDataDir(options.dataDir)
  const secret = secretOf(options.settings, dataDir)
  const leave = enter(dataDir)
  const log = jsonLog(options.settings.hub.logLevel)
  const port = await hubPort(dataDir)
  const target = `http://127.0.0.1:${port}`
  const proxyOptions: ProxyOptions = {
    host: options.host,
    port: options.port,
    hubUrl: `${target}${options.settings.hub.baseUrl}hub/`,
    stateDir: dataDir.proxyState,
    log,
    debug: options.settings.debug,
  }
  const launched = Promise.withResolvers<void>()
  let isNew = false
  const reaching = reachProxy(options.settings, {
    proxyOptions,
    target,
    launched: () => {
      isNew = true
      launched.resolve()
    },
  })
  await Promise.race([launched.promise, reaching])
  // The hub's code is read while the proxy starts, which is a process of its own.
  const [proxy, { createHub, LiveSettings }, { openStore }, { runIdleCuller, withCuller }] = await Promise.all([
    reaching,
    import('#hub'),
    import('#store'),
    import('./idle-culler.ts'),
  ])
  const settings = withCuller(options.settings, secret)
  const live = new LiveSettings(settings)
  const store = await openStore(settings.hub.dbUrl ?? `sqlite:///${dataDir.database}`, { log, clock: systemClock })
  const hub = await createHub({
    store,
    settings: live,
    clock: systemClock,
    random: systemRandom,
    log,
    spawner: await spawnerOf(options.mode, { settings: live.current, dataDir, log }),
    secret,
    proxy,
    target,
    localAdmin: userInfo().username,
    shutDown: options.shutDown,
  }).catch(async (error) => {
    // A proxy that was there before serves on; one that was started for this hub has nobody to serve.
    if (leave().last && isNew) await endProxy(dataDir.proxyState)
    await store.close()
    throw error
  })
  await hub.listen('127.0.0.1', port)
  const running = new AbortController()
  const tasks = [hub.run(running.signal)]
  if (settings.proxy.shouldStart) tasks.push(keepProxy(proxyOptions, proxy, running.signal))
  await hub.routed(running.signal)
  const api = `${target}${settings.hub.baseUrl}hub/api`
  const taker = {
    reload: (next: Settings) => hub.reload(withCuller(next, secret)),
    refuse: (why: string) => live.refuse(why, systemClock.now()),
  }
  tasks.push(followConfig(options.files, { taker, log }, running.signal))
  tasks.push(runIdleCuller(live.current, { url: api, secret, log }, running.signal))
  return {
    hub,
    proxy,
    async close(ending) {
      if (ending.servers) await hub.stopServers()
      running.abort()
      await Promise.allSettled(tasks)
      await hub.close()
      // Another hub of this data directory goes on behind the same proxy.
      if (leave().last && ending.proxy && settings.proxy.shouldStart) await endProxy(dataDir.proxyState)
      await store.close()
    },
  }
}

async function reachProxy(
  settings: Settings,
  { proxyOptions, target, launched }: { proxyOptions: ProxyOptions; target: string; launched: () => void },
): Promise<ProxyAddress> {
  const { shouldStart, apiUrl, authToken } = settings.proxy
  if (shouldStart) return ensureProxy(proxyOptions, launched)
  const token = authToken ?? process.env.CONFIGPROXY_AUTH_TOKEN ?? null
  if (!apiUrl || !token) {
    throw new UsageError(
      'hub.config.ConfigurableHTTPProxy.should_start is false, so its api_url and auth_token are needed too',
    )
  }
  // Servers then reach the hub where it listens: the proxy's public address is its owner's to know.
  return { apiUrl, authToken: token, publicUrl: target, port: Number(new URL(target).port) }
}

function spawnerOf(
  mode: Mode,
  { settings, dataDir, log }: { settings: () => Settings; dataDir: DataDir; log: Log },
): ReturnType<typeof createSpawner> {
  const python = process.env.HIMALIA_PYTHON
  return createSpawner(mode === 'cluster' ? 'kubernetes' : 'process', {
    settings,
    log,
    clock: systemClock,
    dataDir: dataDir.path,
    binFolder: python ? join(python, 'bin') : null,
  })
}

function secretOf(settings: Settings, dataDir: DataDir): Buffer {
  const given = settings.hub.cookieSecret
  return given ? Buffer.from(given, 'hex') : readOrMakeSecret(dataDir.secret, 32)
}

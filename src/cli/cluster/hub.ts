/** A hub in the pod that the chart makes: its configuration from a Secret, servers as pods, the proxies beside it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { jsonLog, type Log } from '#base/log.ts'
import type { Settings } from '#config'
import { createHub, type Hub, LiveSettings } from '#hub'
import { createKube } from '#kube'
import { createSpawner } from '#spawners'
import { openStore } from '#store'
import { type ConfigFiles, followConfig } from '../follow-config.ts'
import { runIdleCuller, withCuller } from '../idle-culler.ts'
import { errors } from './errors.ts'
import { proxyFinder } from './find-proxies.ts'
import { listenAnywhere } from './listen-anywhere.ts'
import { ownSecrets } from './own-secrets.ts'
import type { Release } from './release.ts'
import { inCluster } from './settings.ts'

export interface ClusterHubOptions {
  readonly settings: Settings
  readonly files: ConfigFiles
  readonly release: Release
  /** Where the chart's Secret is mounted. */
  readonly secretFolder: string
  /** Where the volume of the database is mounted. */
  readonly dataDir: string
  readonly port: number
  readonly shutDown: () => void
}

export interface ClusterHub {
  readonly log: Log
  close(): Promise<void>
}

/** Others serve on while this one leaves: so long until nobody is sent to it any more. */
const leaveMs = 4_000

/** Resolves when it answers. Errors: those of its parts, each with a sentence. */
export async function openClusterHub(options: ClusterHubOptions): Promise<ClusterHub> {
  const { release, files, port } = options
  const log = jsonLog(options.settings.hub.logLevel)
  const deps = { log, clock: systemClock }
  const kube = () => createKube({ clock: systemClock, env: process.env, timeoutMs: 10_000 })
  const secrets = await ownSecrets(options.settings, { kube, release, folder: options.secretFolder })
  const secret = secrets.cookieSecret
  const taken = async (next: Settings) => withCuller(inCluster(await secrets.complete(next), release), secret)
  const live = new LiveSettings(await taken(options.settings))
  const { dbUrl, baseUrl } = live.current().hub
  const store = await openStore(dbUrl ?? ownDatabase(options.dataDir), deps)
  const target = `http://${release.objects.hub}:8081`
  const hub = await createHub({
    ...deps,
    store,
    settings: live,
    random: systemRandom,
    spawner: await createSpawner('kubernetes', { ...deps, settings: live.current, dataDir: '/tmp', binFolder: null }),
    secret,
    proxy: {
      apiUrl: `http://${release.objects['proxy-each']}:8001`,
      find: proxyFinder(release.objects['proxy-each'], deps),
      authToken: secrets.authToken,
      publicUrl: target,
    },
    target,
    localAdmin: 'admin',
    shutDown: options.shutDown,
  })
  await listenAnywhere(hub, port)
  const running = new AbortController()
  const tasks = [hub.run(running.signal)]
  const taker = {
    reload: async (next: Settings) => hub.reload(await taken(next)),
    refuse: (why: string) => live.refuse(why, systemClock.now()),
  }
  tasks.push(followConfig(files, { taker, log }, running.signal))
  tasks.push(
    runIdleCuller(live.current, { url: `http://127.0.0.1:${port}${baseUrl}hub/api`, secret, log }, running.signal),
  )
  log.info({ port, release: release.name, database: store.engine }, 'The hub is ready')
  return { log, close: () => leave(hub, { store, running, tasks, isAlone: store.engine === 'sqlite' }) }
}

interface Parts {
  readonly store: { close(): Promise<void> }
  readonly running: AbortController
  readonly tasks: readonly Promise<unknown>[]
  /** Nobody takes over before this one is gone. */
  readonly isAlone: boolean
}

async function leave(hub: Hub, { store, running, tasks, isAlone }: Parts): Promise<void> {
  running.abort()
  await Promise.allSettled(tasks)
  if (!isAlone) await systemClock.sleep(leaveMs)
  await hub.close()
  await store.close()
}

/** Errors: OTHER_DATABASE. */
function ownDatabase(dataDir: string): string {
  const [own, other] = [join(dataDir, 'himalia.sqlite'), join(dataDir, 'jupyterhub.sqlite')]
  const isWanted = ['yes', 'true', '1'].includes(process.env.HIMALIA_NEW_DATABASE ?? '')
  if (existsSync(other) && !existsSync(own) && !isWanted) throw errors.OTHER_DATABASE({ file: other })
  return `sqlite:///${own}`
}

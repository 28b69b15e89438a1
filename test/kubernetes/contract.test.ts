/** What every spawner must do, held against pods of the real cluster. */
import { before } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { silentLog } from '#base/log.ts'
import { loadConfig } from '../../src/config/index.ts'
import { spawnerSuite } from '../../src/spawners/contract.suite.ts'
import type { ServerRef } from '../../src/spawners/contract.ts'
import { createSpawner } from '../../src/spawners/index.ts'
import { type Cluster, cluster, createWorkspace, noCluster } from '../cluster/index.ts'
import { imageOf } from './hub.ts'

let kubernetes: Cluster
if (noCluster === false) {
  before(async () => {
    kubernetes = await cluster()
    process.env.KUBECONFIG = kubernetes.kubeconfig
  })
  spawnerSuite('The Kubernetes spawner', async () => {
    const space = await createWorkspace(kubernetes)
    const text = JSON.stringify({
      hub: { config: { KubeSpawner: { namespace: space.name, delete_grace_period: 0 } } },
      singleuser: {
        image: imageOf(kubernetes.image('busybox')),
        cmd: ['httpd', '-f', '-p', '8888'],
        memory: { guarantee: null },
        storage: { type: 'none' },
        cloudMetadata: { blockWithIptables: false },
      },
      scheduling: { userScheduler: { enabled: false } },
    })
    const { settings, problems } = await loadConfig({ text, mode: 'cluster' })
    if (!settings) throw new Error(problems.map(({ message }) => message).join('\n'))
    const spawner = await createSpawner('kubernetes', {
      settings: () => settings,
      log: silentLog,
      clock: systemClock,
      dataDir: '',
      binFolder: null,
    })
    const running = new AbortController()
    spawner.watch(() => {}, running.signal)
    const server: ServerRef = { id: 1, userId: 1, userName: 'ana', serverName: '' }
    return {
      spawner,
      server,
      request: async (attempt) => ({
        server,
        attempt,
        environment: {},
        hubEnvironment: {},
        command: ['httpd'],
        memLimitBytes: null,
        cpuLimit: null,
        userOptions: {},
        overrides: [],
        edition: null,
        handle: null,
      }),
      count: async () =>
        (await space.kubectl(['get', 'pods', '--output=name'])).split('\n').filter((line) => line !== '').length,
      async [Symbol.asyncDispose]() {
        running.abort()
        await space[Symbol.asyncDispose]()
      },
    }
  })
}

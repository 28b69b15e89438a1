/** The two hubs with servers as pods on nodes that only seem to run them; a stub answers for all servers. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnvironment, nodeFlags } from '../../tools/setup/hand-over.js'
import { type Contender, contender, freePorts, post } from '../hub/contenders.ts'

const root = join(import.meta.dirname, '..', '..')

export interface Place {
  readonly kubeconfig: string
  readonly namespace: string
  /** Of the node. */
  readonly pool: string
  /** Where the stub listens, on this machine. */
  readonly stubPort: number
  /** Starts under way at a time. */
  readonly concurrent: number
}

const token = 'bench-0123456789abcdef0123456789abcdef'

export async function himalia(place: Place): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const config = {
    hub: {
      concurrentSpawnLimit: place.concurrent,
      config: {
        JupyterHub: { authenticator_class: 'dummy' },
        Authenticator: { allow_all: true },
        KubeSpawner: { namespace: place.namespace, pod_connect_ip: '127.0.0.1', port: place.stubPort },
      },
    },
    singleuser: {
      image: { name: 'not-pulled', tag: '1' },
      storage: { type: 'none' },
      cloudMetadata: { blockWithIptables: false },
      nodeSelector: { pool: place.pool },
      extraTolerations: [{ key: 'kwok.x-k8s.io/node', operator: 'Exists' }],
    },
    scheduling: { userScheduler: { enabled: false } },
  }
  await writeFile(join(directory, 'config.yaml'), JSON.stringify(config))
  const [proxyPort] = await freePorts(1)
  const tokenFile = join(directory, 'token')
  const flags = ['--kubernetes', '--config', join(directory, 'config.yaml'), '--data-dir', join(directory, 'data')]
  const argv = [...nodeFlags, join(root, 'src/cli/main.ts'), 'start', ...flags, '--port', `${proxyPort}`]
  const env = { ...nodeEnvironment, ...process.env, KUBECONFIG: place.kubeconfig }
  const hub = contender('Himalia', directory, () =>
    spawn(process.execPath, [...argv, '--admin-token-file', tokenFile], { cwd: directory, stdio: 'ignore', env }),
  )
  hub.portOf = async () => Number(await readFile(join(directory, 'data', 'hub-port'), 'utf8').catch(() => '0'))
  const remove = hub.remove
  hub.remove = async () => {
    await post(hub, '/shutdown', { proxy: true, servers: false }).catch(() => {})
    await hub.exited()
    await remove()
  }
  await hub.start()
  while (!existsSync(tokenFile)) await sleep(20)
  hub.token = (await readFile(tokenFile, 'utf8')).trim()
  return hub
}

export async function jupyterHub(place: Place): Promise<Contender | null> {
  const environment = join(root, '.himalia', 'python', 'kubespawner')
  const program = join(environment, 'bin', 'jupyterhub')
  if (!existsSync(program)) return null
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const [port, hubPort, proxyApiPort] = (await freePorts(3)) as [number, number, number]
  const file = join(directory, 'jupyterhub_config.py')
  await writeFile(file, peerConfig(place, { directory, port, hubPort, proxyApiPort }))
  const bins = [join(environment, 'bin'), join(root, 'node_modules', '.bin')]
  const env = { ...process.env, KUBECONFIG: place.kubeconfig, PATH: [...bins, process.env.PATH].join(delimiter) }
  const hub = contender('JupyterHub 6.1.1, KubeSpawner 7.1.0', directory, () =>
    spawn(program, ['-f', file], { cwd: directory, env, stdio: 'ignore' }),
  )
  hub.portOf = async () => hubPort
  await hub.start()
  hub.token = token
  hub.token = ((await (await post(hub, '/users/root/tokens', {})).json()) as { token: string }).token
  return hub
}

interface Ports {
  readonly directory: string
  readonly port: number
  readonly hubPort: number
  readonly proxyApiPort: number
}

function peerConfig(place: Place, { directory, port, hubPort, proxyApiPort }: Ports): string {
  const scopes = ['admin:users', 'admin:servers', 'tokens', 'list:users', 'shutdown'].map((scope) => `"${scope}"`)
  return `
c.JupyterHub.bind_url = "http://127.0.0.1:${port}/"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = ${hubPort}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyApiPort}"
c.JupyterHub.db_url = "sqlite:///${directory}/jupyterhub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"root"}
c.JupyterHub.cleanup_servers = False
c.JupyterHub.concurrent_spawn_limit = ${place.concurrent}
c.JupyterHub.tornado_settings = {"slow_spawn_timeout": 0}
c.JupyterHub.services = [{"name": "bench", "api_token": "${token}"}]
c.JupyterHub.load_roles = [{"name": "bench", "scopes": [${scopes.join(', ')}], "services": ["bench"]}]
c.JupyterHub.spawner_class = "kubespawner.KubeSpawner"
c.KubeSpawner.namespace = "${place.namespace}"
c.KubeSpawner.image = "not-pulled:1"
c.KubeSpawner.cmd = ["jupyterhub-singleuser"]
c.KubeSpawner.pod_connect_ip = "127.0.0.1"
c.KubeSpawner.port = ${place.stubPort}
c.KubeSpawner.start_timeout = 300
c.KubeSpawner.node_selector = {"pool": "${place.pool}"}
c.KubeSpawner.tolerations = [{"key": "kwok.x-k8s.io/node", "operator": "Exists"}]
`
}

/** The two hubs: each in processes and directories of its own, on SQLite, with the dummy authenticator. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nodeEnvironment, nodeFlags } from '../../tools/setup/hand-over.js'

const root = join(import.meta.dirname, '..', '..')

export interface Contender {
  readonly name: string
  /** Of the hub itself; the proxy is not asked. */
  port: number
  /** Of an administrator, as users get them from the hub. */
  readonly token: string
  /** Starts the hub with what it has in its directory, and returns the ms to its first answer. */
  start(): Promise<number>
  stop(): Promise<void>
  /** Memory of the hub's process, in MB. */
  rss(): Promise<number>
  /** What the hub's process has computed so far, in seconds. */
  cpuSeconds(): Promise<number>
  remove(): Promise<void>
}

const startLimitMs = 120_000

export async function himalia(): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const config = 'hub: {config: {JupyterHub: {authenticator_class: dummy}, Authenticator: {allow_all: true}}}\n'
  await writeFile(join(directory, 'config.yaml'), config)
  const [proxyPort] = await freePorts(1)
  const tokenFile = join(directory, 'token')
  const flags = ['--config', join(directory, 'config.yaml'), '--data-dir', join(directory, 'data')]
  const argv = [
    ...nodeFlags,
    join(root, 'src/cli/main.ts'),
    'start',
    ...flags,
    '--port',
    `${proxyPort}`,
    '--admin-token-file',
    tokenFile,
  ]
  const hub = contender('Himalia', directory, () =>
    spawn(process.execPath, argv, { cwd: directory, stdio: 'ignore', env: { ...nodeEnvironment, ...process.env } }),
  )
  hub.portOf = async () => Number(await readFile(join(directory, 'data', 'hub-port'), 'utf8').catch(() => '0'))
  await hub.start()
  // Written a moment after the hub answers.
  while (!existsSync(tokenFile)) await sleep(20)
  hub.token = (await readFile(tokenFile, 'utf8')).trim()
  const stop = hub.stop
  // The proxy outlives the hub unless it is told.
  hub.remove = async () => {
    await post(hub, '/shutdown', { proxy: true, servers: true }).catch(() => {})
    await hub.exited()
    await stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  return hub
}

/** Null when its Python is not there. */
export async function jupyterHub(): Promise<Contender | null> {
  const environment = process.env.HIMALIA_PYTHON ?? join(root, '.himalia', 'python', 'user')
  const program = join(environment, 'bin', 'jupyterhub')
  if (!existsSync(program)) return null
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const [port, hubPort, proxyApiPort] = (await freePorts(3)) as [number, number, number]
  await writeFile(join(directory, 'jupyterhub_config.py'), peerConfig({ directory, port, hubPort, proxyApiPort }))
  const bins = [join(environment, 'bin'), join(root, 'node_modules', '.bin')]
  const env = { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) }
  const argv = ['-f', join(directory, 'jupyterhub_config.py')]
  const hub = contender('JupyterHub 6.1.1', directory, () =>
    spawn(program, argv, { cwd: directory, env, stdio: 'ignore' }),
  )
  hub.portOf = async () => hubPort
  await hub.start()
  // Tokens out of a configuration are hashed many times over at each request; those that users have are not.
  hub.token = configuredToken
  hub.token = ((await (await post(hub, '/users/root/tokens', {})).json()) as { token: string }).token
  return hub
}

const configuredToken = 'bench-0123456789abcdef0123456789abcdef'

function peerConfig(facts: { directory: string; port: number; hubPort: number; proxyApiPort: number }): string {
  const scopes = ['admin:users', 'tokens', 'list:users', 'shutdown'].map((scope) => `"${scope}"`).join(', ')
  return `
c.JupyterHub.bind_url = "http://127.0.0.1:${facts.port}/"
c.JupyterHub.hub_ip = "127.0.0.1"
c.JupyterHub.hub_port = ${facts.hubPort}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${facts.proxyApiPort}"
c.JupyterHub.db_url = "sqlite:///${facts.directory}/jupyterhub.sqlite"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.Authenticator.admin_users = {"root"}
c.JupyterHub.services = [{"name": "bench", "api_token": "${configuredToken}"}]
c.JupyterHub.load_roles = [{"name": "bench", "scopes": [${scopes}], "services": ["bench"]}]
`
}

export type Mutable = Omit<Contender, 'token'> & {
  token: string
  /** 0 while it is not known. */
  portOf(): Promise<number>
  exited(): Promise<void>
}

export function contender(name: string, directory: string, launch: () => ChildProcess): Mutable {
  let child: ChildProcess | null = null
  const exited = async () => {
    while (child && child.exitCode === null && child.signalCode === null) await sleep(20)
  }
  const hub: Mutable = {
    name,
    port: 0,
    token: '',
    portOf: async () => 0,
    exited,
    async start() {
      const begin = performance.now()
      const started = launch()
      child = started
      for (;;) {
        hub.port = await hub.portOf()
        if (await answers(hub.port)) return performance.now() - begin
        if (started.exitCode !== null) throw new Error(`${name} ended with ${started.exitCode}`)
        if (performance.now() - begin > startLimitMs) throw new Error(`${name} did not answer`)
        await sleep(5)
      }
    },
    async stop() {
      child?.kill('SIGTERM')
      await exited()
    },
    rss: async () => {
      const status = await readFile(`/proc/${child!.pid}/status`, 'utf8')
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
    },
    cpuSeconds: async () => {
      const stat = await readFile(`/proc/${child!.pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      // User and system time, in hundredths of a second.
      return (Number(fields[11]) + Number(fields[12])) / 100
    },
    async remove() {
      await hub.stop()
      await rm(directory, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  return hub
}

async function answers(port: number): Promise<boolean> {
  if (port === 0) return false
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/hub/api/`)
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

export async function post({ port, token }: Contender, path: string, body: unknown): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${port}/hub/api${path}`, {
    method: 'POST',
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer
}

/** Free at this moment, all at once so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))))
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}

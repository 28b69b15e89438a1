/** The two hubs, each with the way of signing in that is measured. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { nodeEnvironment, nodeFlags } from '../../tools/setup/hand-over.js'
import { type Contender, contender, freePorts, post } from '../hub/contenders.ts'

const root = join(import.meta.dirname, '..', '..')

/** `config`: what stands below `hub.config`, as JSON. */
export async function himalia(config: object): Promise<Contender> {
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  await writeFile(join(directory, 'config.yaml'), JSON.stringify({ hub: { config } }))
  const [proxyPort] = await freePorts(1)
  const tokenFile = join(directory, 'token')
  const flags = ['--config', join(directory, 'config.yaml'), '--data-dir', join(directory, 'data')]
  const more = ['--port', `${proxyPort}`, '--admin-token-file', tokenFile]
  const hub = contender('Himalia', directory, () =>
    spawn(process.execPath, [...nodeFlags, join(root, 'src/cli/main.ts'), 'start', ...flags, ...more], {
      cwd: directory,
      stdio: 'ignore',
      env: { ...nodeEnvironment, ...process.env },
    }),
  )
  hub.portOf = async () => Number(await readFile(join(directory, 'data', 'hub-port'), 'utf8').catch(() => '0'))
  await hub.start()
  const { stop } = hub
  hub.remove = async () => {
    hub.token = (await readFile(tokenFile, 'utf8').catch(() => '')).trim()
    await post(hub, '/shutdown', { proxy: true, servers: true }).catch(() => {})
    await hub.exited()
    await stop()
    await rm(directory, { recursive: true, force: true, maxRetries: 5 })
  }
  return hub
}

/** JupyterHub with oauthenticator, both from the package index. Null when they are not there. */
export async function jupyterHub(lines: readonly string[]): Promise<Contender | null> {
  const environment = join(root, '.himalia', 'python', 'oauthenticator')
  const program = join(environment, 'bin', 'jupyterhub')
  if (!existsSync(program)) return null
  const directory = await mkdtemp(join(tmpdir(), 'himalia-bench-'))
  const [port, hubPort, proxyApiPort] = (await freePorts(3)) as [number, number, number]
  const own = [
    `c.JupyterHub.bind_url = "http://127.0.0.1:${port}/"`,
    'c.JupyterHub.hub_ip = "127.0.0.1"',
    `c.JupyterHub.hub_port = ${hubPort}`,
    `c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyApiPort}"`,
    `c.JupyterHub.db_url = "sqlite:///${directory}/jupyterhub.sqlite"`,
    'c.Authenticator.allow_all = True',
  ]
  await writeFile(join(directory, 'jupyterhub_config.py'), [...own, ...lines].join('\n'))
  const bins = [join(environment, 'bin'), join(root, 'node_modules', '.bin')]
  const env = { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) }
  const hub = contender('JupyterHub', directory, () =>
    spawn(program, ['-f', join(directory, 'jupyterhub_config.py')], { cwd: directory, env, stdio: 'ignore' }),
  )
  hub.portOf = async () => hubPort
  await hub.start()
  return hub
}

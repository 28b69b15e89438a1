/** `himalia start`: one hub on this machine, with the proxy in front of it. */
import { userInfo } from 'node:os'
import { systemClock } from '#base/clock.ts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import { systemRandom } from '#base/ids.ts'
import { jsonLog, type Log } from '#base/log.ts'
import type { Settings } from '#config'
import { createHub, type Hub } from '#hub'
import { openStore } from '#store'
import { writeAdminToken } from '../admin-token.ts'
import { type Option, optionHelp, readArguments, readPort, UsageError } from '../arguments.ts'
import { type DataDir, enter, openDataDir, readOrMakeSecret } from '../data-dir.ts'
import { hubPort } from '../hub-port.ts'
import { endProxy, ensureProxy, keepProxy, type ProxyAddress, type ProxyOptions } from '../proxy-process.ts'
import { loadSettings } from '../settings.ts'

const options: readonly Option[] = [
  { name: 'config', value: 'FILE', help: 'a config.yaml; may be given several times, later files win', multiple: true },
  { name: 'data-dir', value: 'DIR', help: 'where everything is kept (default ~/.local/share/himalia)' },
  { name: 'host', value: 'ADDRESS', help: 'where browsers connect (default 127.0.0.1; 0.0.0.0 for all)' },
  { name: 'port', value: 'PORT', help: 'the port that browsers connect to (default 8000)' },
  { name: 'admin-token-file', value: 'FILE', help: "write an administrator's API token there, mode 0600, for scripts" },
]

const help = `Runs the hub, and the proxy in front of it.

Usage: himalia start [options]

${optionHelp(options)}

Examples:
  himalia start                                    for you alone; prints a link that signs you in
  himalia start --config class.yaml --host 0.0.0.0 --port 80
  himalia start --data-dir /srv/himalia --admin-token-file /srv/himalia/admin-token

Stopping it (Ctrl-C) leaves the users' servers running; the next start finds them again.
Exit codes: 0 stopped as asked, 1 it could not run, 2 the command line or the configuration is wrong.`

interface Request {
  readonly files: readonly string[]
  readonly dataDir: string | null
  readonly host: string
  readonly port: number
  readonly adminTokenFile: string | null
}

export async function start(argv: readonly string[]): Promise<number> {
  const given = readArguments(argv, options)
  if (given.help) {
    process.stdout.write(`${help}\n`)
    return 0
  }
  const request: Request = {
    files: (given.config as string[] | undefined) ?? [],
    dataDir: (given['data-dir'] as string | undefined) ?? null,
    host: (given.host as string | undefined) ?? '127.0.0.1',
    port: readPort((given.port as string | undefined) ?? '8000', 'port'),
    adminTokenFile: (given['admin-token-file'] as string | undefined) ?? null,
  }
  const settings = await loadSettings(request.files)
  if (!settings) return 2
  refuseOpenLink(settings, request.host)
  try {
    return await serve(request, settings)
  } catch (error) {
    if (!(error instanceof HimaliaError)) throw error
    process.stderr.write(`himalia: ${error.message}\n${error.hint ? `${error.hint}\n` : ''}`)
    return 1
  }
}

/** The one-time link trusts whoever reads this terminal; it must not meet a network. */
function refuseOpenLink(settings: Settings, host: string): void {
  const loopback = ['127.0.0.1', '::1', 'localhost'].includes(host)
  if (settings.authenticator.classes.length > 0 || loopback) return
  throw new UsageError(
    `without an authenticator in config.yaml the hub only listens on this machine, not on ${host}; ` +
      'set hub.config.JupyterHub.authenticator_class (native: user names and passwords)',
  )
}

async function serve(request: Request, settings: Settings): Promise<number> {
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const dataDir = openDataDir(request.dataDir)
  const log = jsonLog(settings.debug ? 'debug' : 'info')
  await using parts = await open(request, settings, { dataDir, log, signal: stopping.signal })
  await announce(parts, request, settings)
  await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }))
  await farewell(parts.hub)
  return 0
}

interface Parts extends AsyncDisposable {
  readonly hub: Hub
  readonly proxy: ProxyAddress
}

async function open(
  request: Request,
  settings: Settings,
  own: { dataDir: DataDir; log: Log; signal: AbortSignal },
): Promise<Parts> {
  const { dataDir, log, signal } = own
  const leave = enter(dataDir)
  const port = await hubPort(dataDir)
  const base = settings.hub.baseUrl
  const store = await openStore(settings.hub.dbUrl ?? `sqlite:///${dataDir.database}`, { log, clock: systemClock })
  const proxyOptions: ProxyOptions = {
    host: request.host,
    port: request.port,
    hubUrl: `http://127.0.0.1:${port}${base}hub/`,
    stateDir: dataDir.proxyState,
    log,
    debug: settings.debug,
  }
  const proxy = await reachProxy(settings, proxyOptions, port)
  const hub = await createHub({
    store,
    settings,
    clock: systemClock,
    random: systemRandom,
    log,
    dataDir: dataDir.path,
    secret: settings.hub.cookieSecret
      ? Buffer.from(settings.hub.cookieSecret, 'hex')
      : readOrMakeSecret(dataDir.secret, 32),
    proxy,
    localAdmin: userInfo().username,
  })
  await hub.listen('127.0.0.1', port)
  const running = [hub.run(signal)]
  if (settings.proxy.shouldStart) running.push(keepProxy(proxyOptions, proxy, signal))
  await hub.routed(signal)
  return {
    hub,
    proxy,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled(running)
      if (settings.hub.cleanupServers) await hub.stopServers()
      await hub.close()
      if (leave().last && settings.proxy.shouldStart) await endProxy(dataDir.proxyState)
      await store.close()
    },
  }
}

async function reachProxy(settings: Settings, options: ProxyOptions, port: number): Promise<ProxyAddress> {
  const { shouldStart, apiUrl, authToken } = settings.proxy
  if (shouldStart) return ensureProxy(options)
  const token = authToken ?? process.env.CONFIGPROXY_AUTH_TOKEN ?? null
  if (!apiUrl || !token) {
    throw new UsageError(
      'hub.config.ConfigurableHTTPProxy.should_start is false, so its api_url and auth_token are needed too',
    )
  }
  return { apiUrl, authToken: token, publicUrl: `http://127.0.0.1:${port}`, port }
}

async function announce({ hub, proxy }: Parts, request: Request, settings: Settings): Promise<void> {
  const address = `${proxy.publicUrl}${settings.hub.baseUrl}`
  const lines = [`Himalia is ready at ${address}`]
  const link = await hub.signInLink(address)
  if (link) lines.push('', 'Sign in with this link (it works once):', `  ${link}`)
  if (request.adminTokenFile) {
    await writeAdminToken(hub, request.adminTokenFile)
    lines.push('', `An administrator's API token is in ${request.adminTokenFile}`)
  }
  lines.push('', 'Ctrl-C stops the hub; servers keep running and are found again.')
  process.stdout.write(`${lines.join('\n')}\n`)
}

async function farewell(hub: Hub): Promise<void> {
  try {
    const running = await hub.runningServers()
    if (running === 0) return
    const what = running === 1 ? '1 server keeps running' : `${running} servers keep running`
    process.stdout.write(`${what}; the next \`npm start\` finds them again.\n`)
  } catch (error) {
    process.stderr.write(`himalia: ${messageOf(error)}\n`)
  }
}

/** `himalia start`: one hub on this machine, with the proxy in front of it. */
import { HimaliaError } from '#base/errors.ts'
import { loadConfig, type Mode, type Settings } from '#config'
import type { Hub } from '#hub'
import { writeAdminToken } from '../admin-token.ts'
import { type Option, optionHelp, readArguments, readPort, UsageError } from '../arguments.ts'
import { onEndSignal } from '../end-signal.ts'
import { type Ending, type LocalHub, openLocalHub } from '../local-hub.ts'
import { loadSettings } from '../settings.ts'

const options: readonly Option[] = [
  { name: 'config', value: 'FILE', help: 'a config.yaml; may be given several times, later files win', multiple: true },
  { name: 'data-dir', value: 'DIR', help: 'where everything is kept (default ~/.local/share/himalia)' },
  { name: 'host', value: 'ADDRESS', help: 'where browsers connect (default 127.0.0.1; 0.0.0.0 for all)' },
  { name: 'port', value: 'PORT', help: 'the port that browsers connect to (default 8000; 0 for any free one)' },
  { name: 'kubernetes', help: 'servers are pods of the cluster that KUBECONFIG names, not processes of this machine' },
  { name: 'admin-token-file', value: 'FILE', help: "write an administrator's API token there, mode 0600, for scripts" },
]

const help = `Runs the hub, and the proxy in front of it.

Usage: himalia start [options]

${optionHelp(options)}

Examples:
  himalia start                                    for you alone; prints a link that signs you in
  himalia start --config class.yaml --host 0.0.0.0 --port 80
  himalia start --kubernetes --config config.yaml  with servers in the cluster of your kubeconfig
  himalia start --data-dir /srv/himalia --admin-token-file /srv/himalia/admin-token

Stopping it (Ctrl-C) leaves the users' servers running; the next start finds them again.
Exit codes: 0 stopped as asked, 1 it could not run, 2 the command line or the configuration is wrong.`

interface Request {
  readonly files: readonly string[]
  readonly dataDir: string | null
  readonly host: string
  readonly port: number
  readonly mode: Mode
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
    mode: given.kubernetes ? 'cluster' : 'local',
    port: readPort((given.port as string | undefined) ?? '8000', 'port'),
    adminTokenFile: (given['admin-token-file'] as string | undefined) ?? null,
  }
  const { settings, readFiles } = await loadSettings(request.files, request.mode)
  if (!settings) return 2
  refuseOpenLink(settings, request.host)
  try {
    await serve(request, { settings, readFiles })
    return 0
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

async function serve(
  request: Request,
  { settings, readFiles }: { settings: Settings; readFiles: readonly string[] },
): Promise<void> {
  const end = Promise.withResolvers<Ending>()
  const usual: Ending = { servers: settings.hub.cleanupServers, proxy: true }
  onEndSignal(() => end.resolve(usual))
  const local = await openLocalHub({
    ...request,
    settings,
    files: {
      read: readFiles,
      load: () => loadConfig({ files: request.files, mode: request.mode }),
    },
    shutDown: end.resolve,
  })
  await announce(local, request, settings)
  const ending = await end.promise
  if (!ending.servers) await farewell(local.hub)
  await local.close(ending)
}

async function announce({ hub, proxy }: LocalHub, request: Request, settings: Settings): Promise<void> {
  const address = `${proxy.publicUrl}${settings.hub.baseUrl}`
  const lines = [`Himalia is ready at ${address}`]
  const link = await hub.signInLink(address)
  if (link) lines.push('', 'Sign in with this link (it works once):', `  ${link}`)
  const admin = await hub.adminWithoutPassword()
  if (admin !== null) lines.push('', ...firstAdministrator(admin, request))
  if (request.adminTokenFile) {
    await writeAdminToken(hub, request.adminTokenFile)
    lines.push('', `An administrator's API token is in ${request.adminTokenFile}`)
  }
  lines.push(
    '',
    `Servers run as ${whose(request.mode, settings)}.`,
    'Ctrl-C stops the hub; servers keep running and are found again.',
  )
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** Where the hub keeps the passwords, nobody lets others in before somebody has one. */
function firstAdministrator(name: string, { files, dataDir }: Request): string[] {
  const where = [...files.map((file) => `--config ${file}`), ...(dataDir ? [`--data-dir ${dataDir}`] : [])]
  const words = name === '' ? ['add', 'NAME', '--admin'] : ['password', name]
  return [
    'No administrator has a password yet. Set one, also while this runs:',
    `  npx himalia user ${[...words, ...where].join(' ')}`,
  ]
}

function whose(mode: Mode, settings: Settings): string {
  if (mode === 'cluster') return 'pods of the cluster'
  return settings.localProcess.systemUsers ? 'system accounts of the same names' : 'the account that runs the hub'
}

async function farewell(hub: Hub): Promise<void> {
  const running = await hub.runningServers()
  if (running === 0) return
  const what = running === 1 ? '1 server keeps running' : `${running} servers keep running`
  process.stdout.write(`${what}; the next start finds them again.\n`)
}

/** The command line: configurable-http-proxy's flags as far as they are supported, and a few of our own. */
import { parseArgs } from 'node:util'
import type { LogLevel } from '#base/log.ts'
import { errors } from './errors.ts'
import { parseTarget } from './routes/target.ts'

export interface ProxyOptions {
  /** Empty: all interfaces, IPv4 and IPv6. */
  readonly ip: string
  /** 0: any free port. */
  readonly port: number
  readonly apiIp: string
  readonly apiPort: number
  /** What clients of the API must show; null leaves it open, which only a loopback address may be. */
  readonly authToken: string | null
  /** URL of the route `/`. */
  readonly defaultTarget: string | null
  /** URL below which the hub serves `<code>?url=<path>`. */
  readonly errorTarget: string | null
  /** Where routes survive a restart; null keeps them in memory. */
  readonly stateDir: string | null
  readonly pidFile: string | null
  readonly logLevel: LogLevel
  /** How long an idle client connection stays open, in ms. */
  readonly keepAliveMs: number
  /** How long requests may still take after SIGTERM, in ms. */
  readonly drainMs: number
}

export const defaultOptions: ProxyOptions = {
  ip: '',
  port: 8000,
  apiIp: '127.0.0.1',
  apiPort: 8001,
  authToken: null,
  defaultTarget: null,
  errorTarget: null,
  stateDir: null,
  pidFile: null,
  logLevel: 'info',
  keepAliveMs: 5000,
  // A hub that replaces its proxy sends SIGTERM twice and SIGKILL, a second apart.
  drainMs: 500,
}

interface Flag {
  readonly name: string
  readonly value: string
  readonly help: string
}

const flags: readonly Flag[] = [
  { name: 'ip', value: 'ADDRESS', help: 'public address (default: all interfaces)' },
  { name: 'port', value: 'PORT', help: 'public port, 0 for any free one (default 8000)' },
  { name: 'api-ip', value: 'ADDRESS', help: 'address of the REST API (default 127.0.0.1)' },
  { name: 'api-port', value: 'PORT', help: 'port of the REST API (default: the public port + 1)' },
  { name: 'default-target', value: 'URL', help: 'where requests without a route of their own go' },
  { name: 'error-target', value: 'URL', help: 'asked for error pages, as URL/404?url=...' },
  { name: 'state-dir', value: 'DIR', help: 'keeps the routes across restarts' },
  { name: 'pid-file', value: 'FILE', help: 'holds the process id while running' },
  { name: 'keep-alive-timeout', value: 'MS', help: 'idle time of client connections (default 5000)' },
  { name: 'drain-timeout', value: 'MS', help: 'time for open requests after SIGTERM (default 500)' },
  { name: 'log-level', value: 'LEVEL', help: 'debug, info, warn, error or silent (default info)' },
]

/** Flags of configurable-http-proxy that are known but not served yet. */
const unsupported: ReadonlySet<string> = new Set([
  ...['socket', 'ssl-key', 'ssl-cert', 'ssl-ca', 'ssl-request-cert', 'ssl-reject-unauthorized', 'ssl-protocol'],
  ...['ssl-ciphers', 'ssl-allow-rc4', 'ssl-dhparam', 'api-socket', 'api-ssl-key', 'api-ssl-cert', 'api-ssl-ca'],
  ...['api-ssl-request-cert', 'api-ssl-reject-unauthorized', 'client-ssl-key', 'client-ssl-cert', 'client-ssl-ca'],
  ...['client-ssl-request-cert', 'client-ssl-reject-unauthorized', 'error-path', 'redirect-port', 'redirect-to'],
  ...['no-x-forward', 'no-prepend-path', 'no-include-prefix', 'auto-rewrite', 'change-origin', 'protocol-rewrite'],
  ...['custom-header', 'insecure', 'host-routing', 'metrics-ip', 'metrics-port', 'metrics-socket', 'timeout'],
  ...['proxy-timeout', 'storage-backend'],
])

export const helpText = `Sends each request to the server its path belongs to. Takes configurable-http-proxy's flags and REST API.

Usage: himalia proxy [options]

${flags.map(({ name, value, help }) => `  ${`--${name} ${value}`.padEnd(28)}${help}`).join('\n')}
  ${'--help'.padEnd(28)}this text

The REST API wants the token of the environment variable CONFIGPROXY_AUTH_TOKEN.

Examples:
  himalia proxy --default-target http://127.0.0.1:8081
  himalia proxy --port 80 --state-dir /var/lib/himalia/proxy --error-target http://127.0.0.1:8081/hub/error
  curl -H "Authorization: token $CONFIGPROXY_AUTH_TOKEN" -d '{"target": "http://127.0.0.1:9000"}' \\
    http://127.0.0.1:8001/api/routes/user/ada
`

/** Reads the flags; null when help is asked for. Errors: PROXY_FLAG_UNKNOWN, _UNSUPPORTED, _VALUE, PROXY_TARGET_INVALID. */
export function readOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): ProxyOptions | null {
  const { tokens } = parseArgs({ args: [...argv], options: stringOptions(), strict: false, tokens: true })
  const given = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw errors.PROXY_FLAG_UNKNOWN({ name: `"${token.value}"` })
    if (token.name === 'help' || token.rawName === '-h') return null
    given.set(token.name, flagValue(token.name, token.rawName, token.value))
  }
  const port = readNumber(given, 'port', { fallback: defaultOptions.port, max: 65535 })
  const next = port === 0 ? 0 : Math.min(port + 1, 65535)
  const ip = given.get('ip') ?? defaultOptions.ip
  return {
    ip: ip === '*' ? '' : ip,
    port,
    apiIp: given.get('api-ip') ?? defaultOptions.apiIp,
    apiPort: readNumber(given, 'api-port', { fallback: next, max: 65535 }),
    authToken: environment.CONFIGPROXY_AUTH_TOKEN || null,
    defaultTarget: readUrl(given, 'default-target'),
    errorTarget: readUrl(given, 'error-target'),
    stateDir: given.get('state-dir') || null,
    pidFile: given.get('pid-file') || null,
    logLevel: readLevel(given.get('log-level') ?? defaultOptions.logLevel),
    keepAliveMs: readNumber(given, 'keep-alive-timeout', { fallback: defaultOptions.keepAliveMs, max: 2 ** 31 - 1 }),
    drainMs: readNumber(given, 'drain-timeout', { fallback: defaultOptions.drainMs, max: 2 ** 31 - 1 }),
  }
}

function stringOptions(): Record<string, { type: 'string' | 'boolean'; short?: string }> {
  const known = flags.map(({ name }) => [name, { type: 'string' }] as const)
  return { ...Object.fromEntries(known), help: { type: 'boolean', short: 'h' } }
}

function flagValue(name: string, rawName: string, value: string | undefined): string {
  if (unsupported.has(name)) throw errors.PROXY_FLAG_UNSUPPORTED({ name: rawName })
  const flag = flags.find((candidate) => candidate.name === name)
  if (!flag) throw errors.PROXY_FLAG_UNKNOWN({ name: rawName })
  if (value === undefined)
    throw errors.PROXY_FLAG_VALUE({ name: rawName, expected: `a value (${flag.value})`, value: '' })
  return value
}

function readNumber(given: Map<string, string>, name: string, range: { fallback: number; max: number }): number {
  const text = given.get(name)
  if (text === undefined) return range.fallback
  if (/^\d{1,10}$/.test(text) && Number(text) <= range.max) return Number(text)
  throw errors.PROXY_FLAG_VALUE({ name: `--${name}`, expected: `a number from 0 to ${range.max}`, value: text })
}

function readUrl(given: Map<string, string>, name: string): string | null {
  const text = given.get(name)
  if (!text) return null
  parseTarget(text)
  return text
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

function readLevel(text: string): LogLevel {
  const level = levels.find((candidate) => candidate === text.toLowerCase())
  if (!level)
    throw errors.PROXY_FLAG_VALUE({ name: '--log-level', expected: `one of ${levels.join(', ')}`, value: text })
  return level
}

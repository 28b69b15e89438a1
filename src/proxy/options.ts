/** What the command line and the environment come to. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { messageOf } from '#base/errors.ts'
import type { LogLevel } from '#base/log.ts'
import { errors } from './errors.ts'
import { flags, unsupported } from './flags.ts'
import { parseTarget } from './routes/target.ts'
import type { AcmeServer } from './tls/acme/obtain.ts'
import type { PairFiles } from './tls/pair.ts'

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
  /** How long requests wait while the target of the route `/` takes no connections, in ms; 0: not at all. */
  readonly waitForDefaultMs: number
  /** How long requests may still take after SIGTERM, in ms. */
  readonly drainMs: number
  /** Null: plain HTTP. */
  readonly tls: TlsSettings | null
}

export interface TlsSettings {
  readonly source: TlsSource
  /** For TLS 1.2, as OpenSSL writes them; null: those of current browsers. */
  readonly ciphers: string | null
  /** A plain port that sends browsers to https; null: none. */
  readonly redirectPort: number | null
  /** The port of https that browsers know; null: the one that is listened on. */
  readonly redirectTo: number | null
  /** The header Strict-Transport-Security; null: none. */
  readonly hsts: string | null
}

/** Where certificates come from. */
export type TlsSource =
  | ({ readonly kind: 'files' } & PairFiles)
  | {
      readonly kind: 'acme'
      readonly hosts: readonly string[]
      readonly server: AcmeServer
      /** Where they are kept. */
      readonly keep: { readonly kind: 'folder' | 'secret'; readonly name: string }
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
  waitForDefaultMs: 0,
  // A hub that replaces its proxy sends SIGTERM twice and SIGKILL, a second apart.
  drainMs: 500,
  tls: null,
}

/** Reads the flags; null when help is asked for. Errors: PROXY_FLAG_UNKNOWN, _UNSUPPORTED, _VALUE, PROXY_TARGET_INVALID. */
export function readOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): ProxyOptions | null {
  const { tokens } = parseArgs({ args: [...argv], options: stringOptions(), strict: false, tokens: true })
  const given = new Map<string, string>()
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') throw errors.PROXY_FLAG_UNKNOWN({ name: `"${token.value}"` })
    if (token.name === 'help' || token.rawName === '-h') return null
    const value = flagValue(token.name, token.rawName, token.value)
    const before = token.name === 'acme-host' ? given.get(token.name) : undefined
    given.set(token.name, before === undefined ? value : `${before},${value}`)
  }
  const port = readNumber(given, 'port', { fallback: defaultOptions.port, max: 65535 })
  const next = port === 0 ? 0 : Math.min(port + 1, 65535)
  const ip = given.get('ip') ?? defaultOptions.ip
  return {
    ip: ip === '*' ? '' : ip,
    port,
    apiIp: given.get('api-ip') ?? defaultOptions.apiIp,
    apiPort: readNumber(given, 'api-port', { fallback: next, max: 65535 }),
    authToken: readToken(environment),
    defaultTarget: readUrl(given, 'default-target'),
    errorTarget: readUrl(given, 'error-target'),
    stateDir: given.get('state-dir') || null,
    pidFile: given.get('pid-file') || null,
    logLevel: readLevel(given.get('log-level') ?? defaultOptions.logLevel),
    keepAliveMs: readNumber(given, 'keep-alive-timeout', { fallback: defaultOptions.keepAliveMs, max: 2 ** 31 - 1 }),
    waitForDefaultMs: readNumber(given, 'wait-for-default', { fallback: 0, max: 600_000 }),
    drainMs: readNumber(given, 'drain-timeout', { fallback: defaultOptions.drainMs, max: 2 ** 31 - 1 }),
    tls: readTls(given, environment),
  }
}

/** The token itself, or the file that holds it. */
function readToken({ CONFIGPROXY_AUTH_TOKEN: token, CONFIGPROXY_AUTH_TOKEN_FILE: file }: NodeJS.ProcessEnv) {
  if (!file) return token || null
  const name = 'CONFIGPROXY_AUTH_TOKEN_FILE'
  if (token)
    throw errors.PROXY_FLAG_VALUE({ name, expected: 'a file, unless CONFIGPROXY_AUTH_TOKEN is set', value: file })
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (error) {
    throw errors.PROXY_FLAG_VALUE({ name, expected: 'a file that can be read', value: messageOf(error) })
  }
}

function readTls(given: Map<string, string>, environment: NodeJS.ProcessEnv): TlsSettings | null {
  const port = (name: string) => (given.has(name) ? readNumber(given, name, { fallback: 0, max: 65535 }) : null)
  const source = acmeSource(given) ?? fileSource(given, environment)
  if (source === null) {
    for (const name of ['redirect-port', 'redirect-to', 'hsts', 'ssl-ciphers']) {
      if (given.has(name)) throw errors.PROXY_FLAG_NEEDS({ name: `--${name}`, needs: '--ssl-key and --ssl-cert' })
    }
    return null
  }
  return {
    source,
    ciphers: given.get('ssl-ciphers') || null,
    redirectPort: port('redirect-port'),
    redirectTo: port('redirect-to'),
    hsts: given.get('hsts') || null,
  }
}

function fileSource(given: Map<string, string>, environment: NodeJS.ProcessEnv): TlsSource | null {
  const [key, cert] = [given.get('ssl-key'), given.get('ssl-cert')]
  if (!key && !cert) return null
  if (!key) throw errors.PROXY_FLAG_NEEDS({ name: '--ssl-cert', needs: '--ssl-key' })
  if (!cert) throw errors.PROXY_FLAG_NEEDS({ name: '--ssl-key', needs: '--ssl-cert' })
  return { kind: 'files', key, cert, passphrase: environment.CONFIGPROXY_SSL_KEY_PASSPHRASE ?? null }
}

function acmeSource(given: Map<string, string>): TlsSource | null {
  const [hosts, email] = [given.get('acme-host'), given.get('acme-email')]
  if (!hosts) return null
  const [folder, secret] = [given.get('acme-dir'), given.get('acme-secret')]
  if (!email) throw errors.PROXY_FLAG_NEEDS({ name: '--acme-host', needs: '--acme-email' })
  if (!folder && !secret) throw errors.PROXY_FLAG_NEEDS({ name: '--acme-host', needs: '--acme-dir or --acme-secret' })
  if (!given.has('redirect-port')) throw errors.PROXY_FLAG_NEEDS({ name: '--acme-host', needs: '--redirect-port' })
  return {
    kind: 'acme',
    hosts: hosts.toLowerCase().split(','),
    server: { url: given.get('acme-server') || 'https://acme-v02.api.letsencrypt.org/directory', email },
    keep: secret ? { kind: 'secret', name: secret } : { kind: 'folder', name: folder ?? '' },
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

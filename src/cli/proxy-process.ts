/**
 * The proxy of a hub on one machine: a detached process that outlives the hub. Its address and token stand in the
 * data directory, so that the next hub finds it again with every websocket open.
 */
import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { errorCatalog } from '#base/errors.ts'
import { httpCall } from '#base/http-call.ts'
import type { Log } from '#base/log.ts'
import { isAlive, readOrMakeSecret } from './data-dir.ts'
import { freePort } from './free-port.ts'

export interface ProxyAddress {
  readonly apiUrl: string
  readonly authToken: string
  /** `http://127.0.0.1:8000`: where this machine reaches the public side. */
  readonly publicUrl: string
  readonly port: number
}

export interface ProxyOptions {
  readonly host: string
  /** 0: any free one, the same at every start of this data directory. */
  readonly port: number
  readonly hubUrl: string
  readonly stateDir: string
  readonly log: Log
  readonly debug: boolean
}

/** What a running proxy was started with; rewritten at each start. */
interface Record {
  readonly pid: number
  readonly host: string
  readonly port: number
  readonly apiPort: number
}

const errors = errorCatalog({
  PORT_TAKEN: {
    status: 500,
    message: (d: { host: string; port: number }) => `Port ${d.port} on ${d.host} is taken by another program.`,
    hint: 'Choose another with --port, or stop the program that holds it.',
  },
  PROXY_DID_NOT_START: {
    status: 500,
    message: (d: { lastLine: string }) => `The proxy did not start: ${d.lastLine}`,
    hint: 'Its log stands in the data directory, proxy/log.',
  },
})

/** Finds the proxy of this data directory, or starts one; `launched` then, the promise resolves when it answers. */
export async function ensureProxy(options: ProxyOptions, launched = () => {}): Promise<ProxyAddress> {
  const token = readOrMakeSecret(join(options.stateDir, 'token'), 32).toString('hex')
  const before = readRecord(options.stateDir)
  if (before && (await answers(before.apiPort, token))) {
    if (before.host === options.host && (options.port === 0 || options.port === before.port))
      return address(before, token)
    options.log.info({ port: before.port }, 'The proxy moves to another address')
    await end(before, token)
  }
  return address(await start(options, { token, before, launched }), token)
}

/** Ends the proxy of this data directory, if it runs. */
export async function endProxy(stateDir: string): Promise<void> {
  const record = readRecord(stateDir)
  const token = readOrMakeSecret(join(stateDir, 'token'), 32).toString('hex')
  if (record && (await answers(record.apiPort, token))) await end(record, token)
}

/** Starts the proxy again whenever it is gone, until the signal. */
export async function keepProxy(options: ProxyOptions, running: ProxyAddress, signal: AbortSignal): Promise<void> {
  const apiPort = Number(new URL(running.apiUrl).port)
  while (!signal.aborted) {
    await sleep(500, undefined, { signal }).catch(() => {})
    if (signal.aborted || isAlive(readRecord(options.stateDir)?.pid)) continue
    if (await answers(apiPort, running.authToken)) continue
    options.log.warn({}, 'The proxy is gone; it is started again')
    await ensureProxy({ ...options, port: running.port }).catch((error: Error) =>
      options.log.warn({ problem: error.message }, 'The proxy could not be started again; next try soon'),
    )
  }
}

async function start(
  options: ProxyOptions,
  { token, before, launched }: { token: string; before: Record | null; launched: () => void },
): Promise<Record> {
  const wanted = options.port === 0 ? [before?.port ?? 0, 0] : [options.port]
  const port = await freePort(options.host, wanted)
  if (port === null) throw errors.PORT_TAKEN({ host: options.host, port: options.port })
  // The API keeps its port: hubs that run beside this one know it.
  const apiPort = await freePort('127.0.0.1', [before?.apiPort ?? 0, 0])
  if (apiPort === null) throw errors.PORT_TAKEN({ host: '127.0.0.1', port: before?.apiPort ?? 0 })
  const record = { pid: spawnProxy(options, { port, apiPort, token }), host: options.host, port, apiPort }
  launched()
  while (!(await answers(apiPort, token))) {
    if (!isAlive(record.pid)) throw errors.PROXY_DID_NOT_START({ lastLine: lastLine(options.stateDir) })
    await sleep(20)
  }
  // Where two hubs started it at once, one process won the port, and its hub writes the record.
  if (isAlive(record.pid))
    writeFileSync(join(options.stateDir, 'process.json'), `${JSON.stringify(record)}\n`, { mode: 0o600 })
  return record
}

function spawnProxy(options: ProxyOptions, own: { port: number; apiPort: number; token: string }): number {
  const log = openSync(join(options.stateDir, 'log'), 'a', 0o600)
  const main = fileURLToPath(import.meta.resolve('../proxy/main.ts'))
  const flags = ['--ip', options.host, '--port', `${own.port}`, '--api-ip', '127.0.0.1', '--api-port', `${own.apiPort}`]
  const child = spawn(
    process.execPath,
    [
      main,
      ...flags,
      '--error-target',
      `${options.hubUrl}error`,
      '--state-dir',
      options.stateDir,
      '--log-level',
      options.debug ? 'debug' : 'info',
    ],
    { detached: true, stdio: ['ignore', log, log], env: { ...process.env, CONFIGPROXY_AUTH_TOKEN: own.token } },
  )
  closeSync(log)
  child.unref()
  return child.pid ?? 0
}

async function end(record: Record, token: string): Promise<void> {
  process.kill(record.pid, 'SIGTERM')
  for (let waited = 0; waited < 5000 && (await answers(record.apiPort, token)); waited += 50) await sleep(50)
}

async function answers(apiPort: number, token: string): Promise<boolean> {
  try {
    const headers = { authorization: `token ${token}` }
    return (await httpCall(`http://127.0.0.1:${apiPort}/api/routes`, { headers, timeoutMs: 2000 })).ok
  } catch {
    return false
  }
}

function address(record: Record, token: string): ProxyAddress {
  const host = ['', '0.0.0.0', '::', '*'].includes(record.host) ? '127.0.0.1' : record.host
  const literal = host.includes(':') ? `[${host}]` : host
  return {
    apiUrl: `http://127.0.0.1:${record.apiPort}`,
    authToken: token,
    publicUrl: `http://${literal}:${record.port}`,
    port: record.port,
  }
}

function readRecord(stateDir: string): Record | null {
  try {
    return JSON.parse(readFileSync(join(stateDir, 'process.json'), 'utf8')) as Record
  } catch {
    return null
  }
}

function lastLine(stateDir: string): string {
  return readFileSync(join(stateDir, 'log'), 'utf8').trimEnd().split('\n').at(-1) ?? 'it said nothing'
}

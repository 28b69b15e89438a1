/** Servers as processes of this machine. They outlive the hub, and the next one finds them again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { basename, join } from 'node:path'
import { messageOf } from '#base/errors.ts'
import type { Handle, Launched, LaunchRequest, Observation, ServerRef, Spawner } from '../contract.ts'
import type { SpawnerDeps } from '../registry.ts'
import { findProgram, homeOf, serverEnvironment } from './environment.ts'
import { isRunning, processesMarked, startOf } from './identity.ts'
import { launcherCommand } from './launcher.ts'
import { findLimiter, type Limiter, type LimitGroup } from './limits.ts'
import { freePort, isTaken, listenerAt } from './port.ts'
import { exitReason, launchFailure, portTaken, reason, withoutSecrets } from './reasons.ts'
import { type ServerFolder, serverFolder } from './server-folder.ts'
import { endProcesses } from './stop.ts'
import { type Account, asAccount, systemAccount } from './system-user.ts'

/** A ticket without a record for longer than this belongs to a launch that was cut off. */
const launcherMs = 5_000
const tailLines = 30
const watchMs = 500

interface Started {
  readonly server: ServerRef
  readonly attempt: number
  readonly folder: ServerFolder
}

export function createProcessSpawner(deps: SpawnerDeps): Spawner {
  return new ProcessSpawner(deps)
}

class ProcessSpawner implements Spawner {
  readonly name = 'process'
  readonly #deps: SpawnerDeps
  readonly #limiter: Limiter | null
  readonly #systemUsers: boolean
  /** Servers that were seen running: what `watch` looks after. */
  readonly #known = new Map<number, ServerRef>()
  /** Ports told to servers, that two which start at once don't get the same. */
  readonly #ports = new Map<number, number>()
  /** The attempt of a server that was seen listening at its port. */
  readonly #listening = new Map<number, number>()
  /** The ends of processes that this hub started: how they ended is known a moment after they did. */
  readonly #ends = new Map<number, Promise<void>>()
  #changed: (serverId: number) => void = () => {}
  #warned = false

  constructor(deps: SpawnerDeps) {
    this.#deps = deps
    this.#limiter = findLimiter()
    this.#systemUsers = deps.settings().localProcess.systemUsers && process.getuid?.() === 0
    this.#warnOfLimits(deps.settings().spawner)
  }

  async listenUrl(server: ServerRef, attempt: number): Promise<string> {
    const folder = this.#folder(server)
    const kept = folder.port(attempt)
    if (kept !== null) return `http://127.0.0.1:${kept}`
    const port = await freePort(new Set(this.#ports.values()))
    this.#ports.set(server.id, port)
    try {
      folder.keepPort(attempt, port)
    } catch (error) {
      throw launchFailure(error as NodeJS.ErrnoException, 'The server')
    }
    return `http://127.0.0.1:${port}`
  }

  async launch(request: LaunchRequest): Promise<Launched> {
    const { server, attempt } = request
    const folder = this.#folder(server)
    this.#known.set(server.id, server)
    const isUnderWay = () => folder.isTaken(attempt) || (folder.launchAgeMs(attempt) ?? launcherMs) < launcherMs
    if (isUnderWay()) return { handle: handleOf(attempt, folder) }
    const port = folder.port(attempt)
    const isOccupied = port !== null && (await isTaken(port))
    if (isUnderWay()) return { handle: handleOf(attempt, folder) }
    if (isOccupied) throw reason.PORT_TAKEN({ message: portTaken, logTail: [] })
    try {
      folder.forgetBefore(attempt)
      await this.#spawn(request, folder)
    } catch (error) {
      throw 'code' in (error as object) && !('status' in (error as object))
        ? launchFailure(error as NodeJS.ErrnoException, request.command[0] ?? 'The server')
        : error
    }
    return { handle: handleOf(attempt, folder) }
  }

  async observe(server: ServerRef, handle: Handle | null): Promise<Observation> {
    const folder = this.#folder(server)
    const attempt = attemptIn(handle) ?? folder.lastAttempt()
    if (attempt === null) return { phase: 'absent' }
    const identity = folder.identity(attempt)
    if (!identity) {
      const age = folder.launchAgeMs(attempt)
      if (age === null) return { phase: 'absent' }
      if (age < launcherMs) return { phase: 'starting', message: null, progress: null }
      return this.#exited(server, folder, attempt)
    }
    if (!isRunning(identity)) {
      await this.#ends.get(identity.pid)
      return this.#exited(server, folder, attempt)
    }
    this.#known.set(server.id, server)
    const port = folder.port(attempt)
    if (port !== null && this.#isOccupied(server, { attempt, port, pid: identity.pid })) {
      const logTail = folder.logTail(tailLines).map(withoutSecrets)
      return { phase: 'exited', exitCode: null, reason: exitReason({ exit: null, logTail, occupied: true }) }
    }
    const url = `http://127.0.0.1:${port}`
    return { phase: 'running', url, handle: { ...handleOf(attempt, folder), pid: identity.pid } }
  }

  async stop(server: ServerRef, handle: Handle | null, { now }: { now: boolean }, signal: AbortSignal): Promise<void> {
    const folder = this.#folder(server)
    const attempt = attemptIn(handle) ?? folder.lastAttempt()
    const identity = attempt === null ? null : folder.identity(attempt)
    const group = this.#group(server)
    await endProcesses({
      leader: identity && { pid: identity.pid, isRunning: () => isRunning(identity) },
      others: everMet(() => [...processesMarked(this.#mark(server)), ...(group?.processes() ?? [])]),
      timeouts: this.#deps.settings().localProcess,
      clock: this.#deps.clock,
      now,
      signal,
    })
    for (let tries = 20; group && !group.remove() && tries > 0; tries -= 1) await this.#deps.clock.sleep(50, signal)
    this.#ports.delete(server.id)
    if (attempt !== null) folder.forgetBefore(attempt + 1)
    this.#known.delete(server.id)
  }

  async deleteStorage(server: ServerRef): Promise<void> {
    // The user's files are the user's; what goes is what the hub kept of this server.
    this.#folder(server).remove()
  }

  watch(changed: (serverId: number) => void, signal: AbortSignal): void {
    this.#changed = changed
    const timer = setInterval(() => this.#look(), watchMs)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }

  async log(server: ServerRef, _handle: Handle | null, lines: number): Promise<readonly string[]> {
    return this.#folder(server).logTail(lines).map(withoutSecrets)
  }

  async #spawn(request: LaunchRequest, folder: ServerFolder): Promise<void> {
    const { server, attempt, command } = request
    const { settings, dataDir, binFolder } = this.#deps
    const account = this.#account(server.userName)
    const home = homeOf(dataDir, server.userName, account)
    const environment = serverEnvironment({
      hubProcess: process.env,
      envKeep: settings().spawner.envKeep,
      binFolder,
      home,
      userName: account ? server.userName : (process.env.USER ?? server.userName),
      shell: account?.shell ?? process.env.SHELL ?? '/bin/sh',
      requested: { ...request.environment, HIMALIA_SERVER: this.#markValue(server) },
    })
    const program = findProgram(command[0] ?? '', environment.PATH ?? '')
    if (!program)
      throw reason.COMMAND_NOT_FOUND({ message: `There is no program "${command[0]}" on this machine.`, logTail: [] })
    this.#warnOfLimits(request)
    const group = this.#limiter?.group(this.#groupName(server), request)
    const words = [...(account ? asAccount(account) : []), program, ...command.slice(1), ...rootFlag(program, account)]
    const [shell = '', ...args] = launcherCommand(
      {
        ticket: folder.ticket(attempt),
        taken: folder.taken(attempt),
        record: folder.record(attempt),
        members: group?.members ?? [],
      },
      words,
    )
    folder.newLog()
    // For appending: a log that is cut while the server writes goes on at its new end.
    const appended = openSync(folder.log, 'a')
    const child = spawn(shell, args, {
      cwd: home,
      env: environment,
      detached: true,
      stdio: ['ignore', appended, appended],
    })
    closeSync(appended)
    child.unref()
    this.#keepEnd(child, { server, attempt, folder })
    await once(child, 'spawn')
  }

  #keepEnd(child: ChildProcess, { server, attempt, folder }: Started): void {
    const { pid } = child
    if (pid === undefined) return
    const ended = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        // A launcher whose ticket was void ends at once; that is not the server's end.
        if (folder.identity(attempt)?.pid === pid)
          this.#safely(server, () => folder.keepExit(attempt, { code, signal }))
        this.#ends.delete(pid)
        this.#changed(server.id)
        resolve()
      })
    })
    this.#ends.set(pid, ended)
  }

  #exited(server: ServerRef, folder: ServerFolder, attempt: number): Observation {
    const exit = folder.exit(attempt)
    const group = this.#group(server)
    const outOfMemory = group?.ranOutOfMemory() ?? false
    const memLimitBytes = group?.memLimitBytes() ?? null
    const logTail = folder.logTail(tailLines).map(withoutSecrets)
    return {
      phase: 'exited',
      exitCode: exit?.code ?? null,
      reason: exitReason({ exit, logTail, outOfMemory, memLimitBytes }),
    }
  }

  /** Whether another account's program listens where the server should; asked until the server itself does. */
  #isOccupied(server: ServerRef, { attempt, port, pid }: { attempt: number; port: number; pid: number }): boolean {
    if (this.#listening.get(server.id) === attempt) return false
    const listener = listenerAt(port, pid)
    if (listener === 'own') this.#listening.set(server.id, attempt)
    return listener === 'stranger'
  }

  #warnOfLimits({ memLimitBytes, cpuLimit }: Pick<LaunchRequest, 'memLimitBytes' | 'cpuLimit'>): void {
    if (this.#limiter || this.#warned || (memLimitBytes === null && cpuLimit === null)) return
    this.#warned = true
    this.#deps.log.warn({}, 'The hub may not limit memory and CPU of servers on this machine; they run without limits')
  }

  #look(): void {
    for (const server of this.#known.values()) {
      const folder = this.#folder(server)
      this.#safely(server, () => folder.boundLog())
      const attempt = folder.lastAttempt()
      const identity = attempt === null ? null : folder.identity(attempt)
      const launching = attempt !== null && !identity && (folder.launchAgeMs(attempt) ?? launcherMs) < launcherMs
      if (launching || (identity && isRunning(identity))) continue
      this.#known.delete(server.id)
      this.#changed(server.id)
    }
  }

  /** What is written in the background may fail, on a full disk for one, without harm to the hub. */
  #safely(server: ServerRef, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#deps.log.warn({ server: server.id, problem: messageOf(error) }, 'A file of a server could not be written')
    }
  }

  #account(userName: string): Account | null {
    if (!this.#systemUsers) return null
    return systemAccount(userName, { create: this.#deps.settings().localProcess.createSystemUsers })
  }

  #folder(server: ServerRef): ServerFolder {
    return serverFolder(this.#deps.dataDir, server.id)
  }

  #group(server: ServerRef): LimitGroup | null {
    return this.#limiter?.existing(this.#groupName(server)) ?? null
  }

  #groupName(server: ServerRef): string {
    return `${nameOf(this.#deps.dataDir)}-${server.id}`
  }

  #markValue(server: ServerRef): string {
    return `${join(this.#deps.dataDir, 'servers')}:${server.id}`
  }

  #mark(server: ServerRef): string {
    return `HIMALIA_SERVER=${this.#markValue(server)}`
  }
}

/** Jupyter refuses to run as root unless told; where the hub runs as root without accounts of its users, it must. */
function rootFlag(program: string, account: Account | null): readonly string[] {
  const isJupyter = ['jupyterhub-singleuser', 'jupyter-labhub'].includes(basename(program))
  return isJupyter && account === null && process.getuid?.() === 0 ? ['--allow-root'] : []
}

/** All that `look` ever found and that still runs: an orphan may no longer show whose it was. */
function everMet(look: () => readonly number[]): () => readonly number[] {
  const met = new Map<number, string | null>()
  return () => {
    for (const pid of look()) if (!met.has(pid)) met.set(pid, startOf(pid))
    return [...met].filter(([pid, started]) => started !== null && startOf(pid) === started).map(([pid]) => pid)
  }
}

function handleOf(attempt: number, folder: ServerFolder): Handle {
  const pid = folder.identity(attempt)?.pid
  return pid === undefined ? { attempt } : { attempt, pid }
}

function attemptIn(handle: Handle | null): number | null {
  const attempt = handle?.attempt
  return typeof attempt === 'number' ? attempt : null
}

/** A name for control groups that differs between data directories. */
function nameOf(dataDir: string): string {
  return createHash('sha256').update(dataDir).digest('hex').slice(0, 16)
}

/**
 * A spawner whose servers are small HTTP listeners of this process. Several hubs may share one world of servers; what
 * can go wrong with a server is switched on by its user's name.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { HimaliaError } from '#base/errors.ts'
import type { Edition, Handle, LaunchRequest, Observation, ServerRef, Spawner } from '#spawners'

export interface Faults {
  /** Throws at launch, with this code and sentence. */
  readonly launchFails?: { readonly code: string; readonly message: string }
  /** Ends right after its launch. */
  readonly diesAtStart?: { readonly code: string; readonly message: string }
  /** Exists for ever without an address. */
  readonly neverRuns?: boolean
  /** Accepts connections and says nothing. */
  readonly neverAnswers?: boolean
  /** Answers as something else than Jupyter. */
  readonly plain?: boolean
  /** A launch ends only when its signal is aborted. */
  readonly launchHangs?: boolean
  /** A stop does not end unless it is forced. */
  readonly stopHangs?: boolean
  /** Observing fails. */
  readonly unknown?: boolean
}

interface MemoryServer {
  readonly id: number
  readonly userName: string
  readonly attempt: number
  readonly environment: Readonly<Record<string, string>>
  readonly listener: Server
  readonly url: string
  readonly edition: Edition | null
  exited: Observation | null
}

export class MemoryWorld {
  readonly servers = new Map<number, MemoryServer>()
  readonly faults = new Map<string, Faults>()
  /** What must never happen, e.g. two servers at once for one row. */
  readonly violations: string[] = []
  /** What a launch gives now. */
  edition: Edition = { image: 'memory:1' }
  readonly deletedStorage: number[] = []
  /** How often a server really began to run. */
  launched = 0
  readonly #watchers = new Set<(id: number) => void>()

  live(userName: string): MemoryServer | undefined {
    return [...this.servers.values()].find((server) => server.userName === userName && server.exited === null)
  }

  /** A server ends by itself; whoever watches is told. */
  async end(userName: string, exitCode: number): Promise<void> {
    const server = this.live(userName)
    if (!server) throw new Error(`${userName} has no server`)
    await close(server.listener)
    server.exited = exited(exitCode, { code: 'EXITED', message: `The server ended with exit code ${exitCode}.` })
    this.tell(server.id)
  }

  tell(id: number): void {
    for (const changed of this.#watchers) changed(id)
  }

  async close(): Promise<void> {
    await Promise.all([...this.servers.values()].map(({ listener }) => close(listener)))
  }

  spawner(): Spawner {
    return {
      name: 'memory',
      listenUrl: async () => 'http://127.0.0.1:0',
      launch: async (request, report, signal) => {
        report({ progress: 30, message: 'The memory is being filled' })
        return { handle: await this.#launch(request, signal) }
      },
      edition: () => this.edition,
      observe: async (server) => this.#observe(server),
      stop: async (server, _handle, { now }, signal) => this.#stop(server, { now, signal }),
      deleteStorage: async (server) => void this.deletedStorage.push(server.id),
      watch: (changed, signal) => {
        this.#watchers.add(changed)
        signal.addEventListener('abort', () => this.#watchers.delete(changed), { once: true })
      },
      log: async () => ['first line', 'last line'],
    }
  }

  async #launch({ server, attempt, environment, edition }: LaunchRequest, signal: AbortSignal): Promise<Handle> {
    const faults = this.faults.get(server.userName) ?? {}
    if (faults.launchHangs)
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    if (faults.launchFails) {
      const reason = { ...faults.launchFails, hint: null, logTail: [] }
      throw new HimaliaError(reason.code, 500, reason.message, { detail: { reason } })
    }
    const known = this.servers.get(server.id)
    if (known?.attempt === attempt) return handleOf(known)
    if (known) this.violations.push(`server ${server.id} was launched while another run of it was there`)
    const listener = createServer((request, answer) => {
      if (faults.neverAnswers) return
      const isOurs = request.url?.startsWith(environment.JUPYTERHUB_SERVICE_PREFIX ?? '/')
      if (!faults.plain) answer.setHeader('X-JupyterHub-Version', '5.4.1')
      answer.statusCode = isOurs ? 200 : 404
      answer.end(faults.plain ? 'hello' : JSON.stringify({ version: '2.0.0' }))
    })
    const url = await listen(listener)
    const reason = faults.diesAtStart
    const end = reason ? exited(1, reason) : null
    if (end) await close(listener)
    const made = { id: server.id, userName: server.userName, attempt, environment, edition, listener, url, exited: end }
    this.servers.set(server.id, made)
    this.launched += 1
    return handleOf(made)
  }

  #observe({ id, userName }: ServerRef): Observation {
    const faults = this.faults.get(userName) ?? {}
    if (faults.unknown) throw new Error('The world does not answer')
    const server = this.servers.get(id)
    if (!server) return { phase: 'absent' }
    if (server.exited) return server.exited
    if (faults.neverRuns) return { phase: 'starting', message: 'Waiting for a place in the memory', progress: 40 }
    return { phase: 'running', url: server.url, handle: handleOf(server) }
  }

  async #stop({ id, userName }: ServerRef, { now, signal }: { now: boolean; signal: AbortSignal }): Promise<void> {
    if (this.faults.get(userName)?.stopHangs && !now) {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
    }
    const server = this.servers.get(id)
    if (!server) return
    await close(server.listener)
    this.servers.delete(id)
  }
}

function handleOf({ attempt, url, edition }: MemoryServer): Handle {
  return { attempt, url, edition }
}

function exited(exitCode: number, { code, message }: { code: string; message: string }): Observation {
  return { phase: 'exited', exitCode, reason: { code, message, hint: null, logTail: ['its last words'] } }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

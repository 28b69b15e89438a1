/** Servers in memory, whose states are set by hand: for tests of what pages say about each state. */
import type { Profile } from '#config'
import type { Edition } from '#spawners'
import type {
  ProgressEvent,
  Server,
  ServerChanges,
  ServerState,
  Servers,
  StartWish,
} from '../../src/hub/servers/contract.ts'
import { errors } from '../../src/hub/servers/errors.ts'
import { resolveOptions } from '../../src/hub/servers/options.ts'

type Given = Partial<Server> & Pick<Server, 'userId' | 'userName'>

export class PageServers implements Servers {
  readonly #servers = new Map<string, Server>()
  readonly #profiles: readonly Profile[]
  readonly #watchers: (() => void)[] = []
  /** What was asked for, oldest first. */
  readonly wishes: (StartWish & { replace?: boolean })[] = []
  readonly stops: { userId: number; serverName: string; remove?: boolean }[] = []
  events: ProgressEvent[] = []

  constructor(profiles: readonly Profile[]) {
    this.#profiles = profiles
  }

  put(server: Given): Server {
    const made: Server = {
      id: this.#servers.size + 1,
      name: '',
      displayName: '',
      userOptions: {},
      state: { phase: 'stopped' },
      startedAt: null,
      lastActivity: null,
      createdAt: 0,
      attempt: 1,
      handle: null,
      ...server,
    }
    this.#servers.set(`${made.userId}/${made.name}`, made)
    return made
  }

  async start(wish: StartWish, options: { replace?: boolean } = {}): Promise<Server> {
    const known = this.#servers.get(`${wish.userId}/${wish.serverName}`)
    const phase = known?.state.phase
    if (phase === 'ready' && !options.replace) throw errors.SERVER_ALREADY_RUNNING({ server: wish.serverName })
    if (phase === 'stopping') throw errors.SERVER_STOPPING({ server: wish.serverName })
    const { userOptions } = resolveOptions(wish.userOptions ?? known?.userOptions ?? {}, {
      profiles: this.#profiles,
      groups: [],
    })
    this.wishes.push({ ...wish, ...options })
    const { userId, serverName: name } = wish
    const state: ServerState = { phase: 'starting', since: 0 }
    return this.put({ ...known, userId, userName: known?.userName ?? '', name, userOptions, state })
  }

  async stop(userId: number, serverName: string, options: { remove?: boolean } = {}): Promise<Server | null> {
    this.stops.push({ userId, serverName, ...options })
    return this.find(userId, serverName)
  }

  async create({ userId, serverName: name, displayName = '' }: StartWish): Promise<Server> {
    return this.put({ userId, userName: '', name, displayName })
  }

  async update(userId: number, serverName: string, changes: ServerChanges): Promise<Server> {
    return this.put({ ...(await this.find(userId, serverName)), userName: '', ...changes, userId })
  }

  async find(userId: number, serverName: string): Promise<Server | null> {
    return this.#servers.get(`${userId}/${serverName}`) ?? null
  }

  async ofUser(userId: number): Promise<readonly Server[]> {
    return [...this.#servers.values()].filter((server) => server.userId === userId)
  }

  offers(): ReadonlyMap<string, Edition> {
    return new Map([
      ['minimal-environment', { image: 'quay.io/jupyter/minimal-notebook:1', memory: '2147483648' }],
      [
        'gpu',
        { image: 'quay.io/jupyter/pytorch-notebook:cuda12', memory: '17179869184', cpu: '4', 'nvidia.com/gpu': '1' },
      ],
    ])
  }

  async compared(server: Server): Promise<Server> {
    return server
  }

  async settled(): Promise<Server | null> {
    return null
  }

  /** Tells everybody who watches. */
  emit(event: Pick<ProgressEvent, 'kind' | 'message' | 'progress'>): void {
    this.events.push({ id: this.events.length + 1, at: 0, htmlMessage: null, rawEvent: null, ...event })
    for (const wake of this.#watchers.splice(0)) wake()
  }

  async *progress(_id: number, afterId: number, signal: AbortSignal): AsyncIterable<ProgressEvent> {
    let last = afterId
    while (!signal.aborted) {
      for (const event of this.events.filter(({ id }) => id > last)) {
        last = event.id
        yield event
        if (event.kind !== 'progress') return
      }
      await new Promise<void>((resolve) => {
        this.#watchers.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  async strays() {
    return [{ what: 'volume' as const, name: 'claim-<i>gone', userName: '<i>gone', serverName: '' }]
  }

  async log(): Promise<readonly string[]> {
    return []
  }
}

/** What the hub asks of a cluster. */
import type { Clock } from '#base/clock.ts'
import { HimaliaError } from '#base/errors.ts'
import { type Access, findAccess } from './access/index.ts'
import { isPassing } from './errors.ts'
import { createHttp, type Http, type Request } from './http.ts'
import type { Metadata } from './objects.ts'
import { type At, type Kind, type Kinds, pathOf } from './resources.ts'

export interface KubeOptions {
  readonly clock: Clock
  readonly env: Readonly<Record<string, string | undefined>>
  /** How long an answer is waited for. */
  readonly timeoutMs: number
  /** How long passing faults are sat out, where a call does not say. */
  readonly patienceMs?: number
  /** What is configured of the API server, over what was found; empty: nothing. */
  readonly server?: string
  readonly ca?: string
  readonly verify?: boolean | null
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Called when a request has to be repeated, with the sentence of the fault. */
  readonly onFault?: (error: HimaliaError) => void
  /** How long passing faults are sat out; Infinity: until the signal. */
  readonly patienceMs?: number
}

export interface DeleteOptions extends CallOptions {
  readonly graceSeconds?: number
  /** Only this very object, not another that took its name. */
  readonly uid?: string | undefined
}

export interface ListOptions {
  readonly namespace?: string | undefined
  readonly labels?: string
  readonly fields?: string
}

/** Requests are repeated while the API server is down or busy; other refusals are thrown at once. */
export interface Kube {
  /** The hub's own. */
  readonly namespace: string
  readonly http: Http
  /** null: there is none. */
  get<K extends Kind>(kind: K, at: At, options?: CallOptions): Promise<Kinds[K] | null>
  list<K extends Kind>(kind: K, which: ListOptions, options?: CallOptions): Promise<readonly Kinds[K][]>
  /** Names, labels and times, without what the objects hold: of Secrets, which nobody needs to read for that. */
  listMetadata(kind: Kind, which: ListOptions, options?: CallOptions): Promise<readonly Metadata[]>
  /** Errors: KUBE_CONFLICT where the name is taken. */
  create<K extends Kind>(kind: K, object: Kinds[K], options?: CallOptions): Promise<Kinds[K]>
  /** Merges `changes` into the object. */
  merge<K extends Kind>(kind: K, at: At, changes: unknown, options?: CallOptions): Promise<Kinds[K]>
  /** What is not there is deleted already; what is another by now stays. */
  delete(kind: Kind, at: At, options?: DeleteOptions): Promise<void>
  /** The end of a container's log; of its run before with `previous`. */
  log(at: At, which: { container: string; lines: number; previous?: boolean }, options?: CallOptions): Promise<string>
  close(): Promise<void>
}

const firstPauseMs = 200
const longestPauseMs = 5_000
const usualPatienceMs = 30_000

/** Errors: KUBE_NO_ACCESS. */
export function createKube(options: KubeOptions): Kube {
  const access = configured(findAccess(options.env, options.clock), options)
  const http = createHttp(access, options)
  const { clock, patienceMs: usualMs = usualPatienceMs } = options
  const folderOf = ({ namespace }: { namespace?: string | undefined }, kind: Kind) =>
    pathOf(kind, namespace ?? access.namespace)

  async function call(request: Request, { signal, onFault, patienceMs = usualMs }: CallOptions) {
    const giveUpAt = clock.now() + patienceMs
    for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
      try {
        return await http.text({ ...request, signal })
      } catch (error) {
        if (!isPassing(error) || clock.now() + pause > giveUpAt) throw error
        // Safe: only those pass by.
        const fault = error as HimaliaError & { retryAfterMs?: number }
        onFault?.(fault)
        await clock.sleep(fault.retryAfterMs ?? pause * (0.5 + Math.random() / 2), signal)
      }
    }
  }

  async function json<T>(request: Request, options: CallOptions = {}): Promise<T> {
    // Safe: the API server answers with the kind that was asked for.
    return JSON.parse(await call(request, options)) as T
  }

  return {
    namespace: access.namespace,
    http,
    async get(kind, at, options) {
      const path = `${folderOf(at, kind)}/${encodeURIComponent(at.name)}`
      try {
        return await json({ method: 'GET', path, what: `read ${kind} ${at.name}` }, options)
      } catch (error) {
        if (isStatus(error, 404)) return null
        throw error
      }
    },
    async list(kind, { namespace, labels, fields }, options) {
      const query = { labelSelector: labels, fieldSelector: fields }
      const request: Request = { method: 'GET', path: pathOf(kind, namespace), query, what: `list ${kind}` }
      return (await json<{ items: never[] }>(request, options)).items
    },
    async listMetadata(kind, { namespace, labels, fields }, options) {
      const query = { labelSelector: labels, fieldSelector: fields }
      const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
      const request: Request = { method: 'GET', path: pathOf(kind, namespace), query, accept, what: `list ${kind}` }
      return (await json<{ items: { metadata: Metadata }[] }>(request, options)).items.map(({ metadata }) => metadata)
    },
    create(kind, object, options) {
      const path = folderOf(object.metadata, kind)
      const query = { fieldManager: 'himalia' }
      return json(
        { method: 'POST', path, query, body: object, what: `create ${kind} ${object.metadata.name}` },
        options,
      )
    },
    merge(kind, at, changes, options) {
      const path = `${folderOf(at, kind)}/${encodeURIComponent(at.name)}`
      const contentType = 'application/merge-patch+json'
      const query = { fieldManager: 'himalia' }
      const what = `change ${kind} ${at.name}`
      return json({ method: 'PATCH', path, query, body: changes, contentType, what }, options)
    },
    async delete(kind, at, { graceSeconds, uid, ...options } = {}) {
      const path = `${folderOf(at, kind)}/${encodeURIComponent(at.name)}`
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: 'Background',
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
      }
      try {
        await call({ method: 'DELETE', path, body, what: `delete ${kind} ${at.name}` }, options)
      } catch (error) {
        if (!isStatus(error, 404) && !(uid !== undefined && isStatus(error, 409))) throw error
      }
    },
    log(at, { container, lines, previous = false }, options = {}) {
      const path = `${folderOf(at, 'pods')}/${encodeURIComponent(at.name)}/log`
      const query = { container, tailLines: lines, previous: previous || undefined, limitBytes: 64 * 1024 }
      return call({ method: 'GET', path, query, what: `read the log of ${at.name}` }, { patienceMs: 0, ...options })
    },
    close: () => http.close(),
  }
}

function configured(found: Access, { server, ca, verify }: KubeOptions): Access {
  return {
    ...found,
    server: server || found.server,
    tls: {
      ...found.tls,
      ...(ca ? { ca } : {}),
      ...(verify === undefined || verify === null ? {} : { rejectUnauthorized: verify }),
    },
  }
}

/** Whether the API server answered with this status. */
export function isStatus(error: unknown, status: number): boolean {
  return error instanceof HimaliaError && error.detail.status === status
}

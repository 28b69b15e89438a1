/**
 * A copy of a kind's objects, kept up to date by one list and one watch. It outlives every outage of the API server:
 * what it knew stays, and the watch goes on where it stopped; only when the server has forgotten that place (410) all
 * is listed anew. See https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
import type { Clock } from '#base/clock.ts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import type { Kube } from './client.ts'
import { isKubeError } from './errors.ts'
import type { KubeObject } from './objects.ts'
import { type Kind, type Kinds, pathOf } from './resources.ts'

export interface CacheOptions<K extends Kind> {
  readonly kube: Kube
  readonly clock: Clock
  readonly log: Log
  readonly kind: K
  /** null: those of all namespaces. */
  readonly namespace: string | null
  readonly labels?: string
  readonly fields?: string
  /** Leaves out what nobody looks at. */
  readonly trim?: (object: Kinds[K]) => Kinds[K]
  /** `before` null: it is new; `after` null: it is gone. Not called for what the first list has. */
  readonly onChange?: (after: Kinds[K] | null, before: Kinds[K] | null) => void
  /** Keep nothing, but tell of each change: for what is only of interest when it happens. */
  readonly passing?: boolean
}

/** Servers send a sign of life each minute; a connection that is silent for longer is dead. */
const quietMs = 150_000
const firstPauseMs = 200
const longestPauseMs = 10_000
const pageSize = 500
const listTimeoutMs = 60_000

interface WatchLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'
  readonly object: KubeObject & { readonly code?: number; readonly message?: string }
}

export class Cache<K extends Kind> {
  readonly #options: CacheOptions<K>
  readonly #objects = new Map<string, Kinds[K]>()
  readonly #ready = Promise.withResolvers<void>()
  #isReady = false
  #version: string | null = null
  /** Since when the API server has not been heard; null: it is heard. */
  #deafSince: number | null = null

  constructor(options: CacheOptions<K>) {
    this.#options = options
    this.#ready.promise.catch(() => {})
  }

  /** Resolves when the first list is there. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (this.#isReady) return
    if (!signal) return this.#ready.promise
    signal.throwIfAborted()
    const aborted = Promise.withResolvers<never>()
    const abort = () => aborted.reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    await Promise.race([this.#ready.promise, aborted.promise]).finally(() => signal.removeEventListener('abort', abort))
  }

  /** How long the copy may be out of date, in ms; 0: it is not. */
  staleMs(): number {
    return this.#deafSince === null ? 0 : this.#options.clock.now() - this.#deafSince
  }

  get(namespace: string, name: string): Kinds[K] | null {
    return this.#objects.get(keyOf(namespace, name)) ?? null
  }

  /** An object that this process has just made; what the watch tells later counts more. */
  learn(object: Kinds[K]): void {
    this.#objects.set(ownKey(object), this.#trimmed(object))
  }

  all(): Iterable<Kinds[K]> {
    return this.#objects.values()
  }

  get size(): number {
    return this.#objects.size
  }

  /** Works until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, kind } = this.#options
    let pause = firstPauseMs
    while (!signal.aborted) {
      try {
        if (this.#version === null) await this.#list(signal)
        this.#heard()
        pause = firstPauseMs
        await this.#watch(signal)
      } catch (error) {
        if (signal.aborted) return
        if (isKubeError(error, 'KUBE_GONE')) this.#version = null
        else {
          this.#deafSince ??= clock.now()
          const level = pause >= longestPauseMs ? 'warn' : 'debug'
          log[level]({ kind, problem: messageOf(error) }, 'Changes in the cluster are not heard; trying again')
          await clock.sleep(pause * (0.5 + Math.random() / 2), signal).catch(() => {})
          pause = Math.min(pause * 2, longestPauseMs)
        }
      }
    }
  }

  #heard(): void {
    this.#deafSince = null
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { kube, kind, passing } = this.#options
    const found = new Map<string, Kinds[K]>()
    let token: string | undefined
    let version = ''
    do {
      const text = await kube.http.text({
        method: 'GET',
        path: this.#path(),
        query: { ...this.#selectors(), limit: passing ? 1 : pageSize, continue: token },
        what: `list ${kind}`,
        timeoutMs: listTimeoutMs,
        signal,
      })
      // Safe: the API server answers with a list of the kind that was asked for.
      const page = JSON.parse(text) as { items: Kinds[K][]; metadata: { resourceVersion: string; continue?: string } }
      version = page.metadata.resourceVersion
      token = page.metadata.continue || undefined
      if (!passing) for (const object of page.items) found.set(ownKey(object), this.#trimmed(object))
    } while (token && !passing)
    this.#replace(found)
    this.#version = version
    if (!this.#isReady) {
      this.#isReady = true
      this.#ready.resolve()
    }
  }

  #replace(found: ReadonlyMap<string, Kinds[K]>): void {
    const before = new Map(this.#objects)
    this.#objects.clear()
    for (const [key, object] of found) this.#objects.set(key, object)
    if (!this.#isReady) return
    for (const [key, object] of before) if (!found.has(key)) this.#tell(null, object)
    for (const [key, object] of found) {
      const old = before.get(key) ?? null
      if (old?.metadata.resourceVersion !== object.metadata.resourceVersion) this.#tell(object, old)
    }
  }

  async #watch(signal: AbortSignal): Promise<void> {
    const { kube, kind } = this.#options
    // Not all hubs and kinds at the same moment.
    const timeoutSeconds = 300 + Math.floor(Math.random() * 300)
    const query = {
      ...this.#selectors(),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: this.#version ?? undefined,
      timeoutSeconds,
    }
    const request = { method: 'GET' as const, path: this.#path(), query, what: `watch ${kind}`, signal }
    for await (const line of kube.http.lines(request, quietMs)) this.#take(JSON.parse(line) as WatchLine)
  }

  #take({ type, object }: WatchLine): void {
    const { kind, passing } = this.#options
    if (type === 'ERROR') throw watchError(kind, object)
    this.#version = object.metadata.resourceVersion ?? this.#version
    if (type === 'BOOKMARK') return
    // Safe: the watch was for this kind.
    const seen = this.#trimmed(object as unknown as Kinds[K])
    const key = ownKey(seen)
    const before = this.#objects.get(key) ?? null
    if (type === 'DELETED') {
      this.#objects.delete(key)
      this.#tell(null, seen)
      return
    }
    if (!passing) this.#objects.set(key, seen)
    this.#tell(seen, before)
  }

  #tell(after: Kinds[K] | null, before: Kinds[K] | null): void {
    const { onChange, log, kind } = this.#options
    try {
      onChange?.(after, before)
    } catch (error) {
      log.error({ kind, error }, 'A change in the cluster could not be passed on')
    }
  }

  #trimmed(object: Kinds[K]): Kinds[K] {
    const { trim } = this.#options
    return trim ? trim(object) : object
  }

  #path(): string {
    return pathOf(this.#options.kind, this.#options.namespace ?? undefined)
  }

  #selectors() {
    const { labels, fields } = this.#options
    return { labelSelector: labels, fieldSelector: fields }
  }
}

/** One text for where an object is, for maps. */
export function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

function ownKey({ metadata }: KubeObject): string {
  return keyOf(metadata.namespace ?? '', metadata.name)
}

function watchError(kind: string, { code = 500, message = '' }: WatchLine['object']): HimaliaError {
  return new HimaliaError(code === 410 ? 'KUBE_GONE' : 'KUBE_BUSY', code, `The watch of ${kind} ended: ${message}`)
}

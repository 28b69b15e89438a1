/** All sources together, kept fresh. A source that fails keeps its last good copy until that ends. */
import { statSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { Clock, Millis } from '#base/clock.ts'
import { HimaliaError, messageOf } from '#base/errors.ts'
import type { Log } from '#base/log.ts'
import { Catalog, type Choice } from './catalog.ts'
import type { IdentityProvider } from './entity.ts'
import { type LoadOutcome, type LoadRequest, loadSource } from './load.ts'
import { MdqClient } from './mdq.ts'
import type { MetadataSource, WholeSource } from './sources.ts'
import type { WorkerFailure } from './worker.ts'

export interface MetadataStore {
  /** null: no source knows it, or what is known has ended. */
  find(entityId: string): Promise<IdentityProvider | null>
  /** Of the sources that are read whole. */
  choices(): Promise<readonly Choice[]>
  /** Why sources could not be read last time, by name. */
  problems(): Promise<readonly string[]>
  /** Reads sources again when their time has come, until the signal. */
  run(signal: AbortSignal): Promise<void>
}

interface StoreDeps {
  readonly clock: Clock
  readonly log: Log
  readonly skewMs: Millis
  readonly blocked: readonly string[]
}

export function createMetadataStore(sources: readonly MetadataSource[], deps: StoreDeps): MetadataStore {
  const whole = sources.filter((source) => source.kind !== 'mdq').map((source) => new LiveSource(source, deps))
  const queried = sources.filter((source) => source.kind === 'mdq').map((source) => new MdqClient(source, deps))
  let first: Promise<unknown> | null = null
  /** The first visitor may come before the first refresh. */
  const loaded = () => (first ??= Promise.all(whole.map((source) => source.refresh())))
  return {
    async find(entityId) {
      await loaded()
      const now = deps.clock.now()
      const known = whole.map((source) => source.catalog?.find(entityId)).find((one) => one != null)
      const provider = known ?? (await firstFound(queried, entityId))
      return provider && provider.validUntil + deps.skewMs > now ? provider : null
    },
    async choices() {
      await loaded()
      return whole.flatMap((source) => source.catalog?.choices ?? [])
    },
    async problems() {
      await loaded()
      return whole.flatMap(({ name, problem }) => (problem === null ? [] : [`${name}: ${problem}`]))
    },
    async run(signal) {
      await loaded()
      await Promise.all(whole.map((source) => source.keepFresh(signal)))
    },
  }
}

async function firstFound(clients: readonly MdqClient[], entityId: string): Promise<IdentityProvider | null> {
  for (const client of clients) {
    const found = await client.find(entityId)
    if (found) return found
  }
  return null
}

const shortestWaitMs = 60_000
/** After a failure it is tried sooner than usual. */
const afterFailureMs = 300_000

class LiveSource {
  catalog: Catalog | null = null
  problem: string | null = null
  readonly #source: WholeSource
  readonly #deps: StoreDeps
  #etag: string | null = null
  #validUntil: Millis = 0
  #waitMs: Millis

  constructor(source: WholeSource, deps: StoreDeps) {
    this.#source = source
    this.#deps = deps
    this.#waitMs = source.refreshMs
  }

  get name(): string {
    return this.#source.name
  }

  async keepFresh(signal: AbortSignal): Promise<void> {
    if (this.#source.kind === 'content') return
    while (!signal.aborted) {
      const wait = this.problem === null ? this.#waitMs : Math.min(this.#waitMs, afterFailureMs)
      await this.#deps.clock.sleep(wait, signal).catch(() => {})
      if (!signal.aborted) await this.refresh()
    }
  }

  async refresh(): Promise<void> {
    const { clock, log } = this.#deps
    try {
      await this.#load(false)
    } catch (error) {
      this.problem = messageOf(error)
      const fields = { source: this.name, err: this.problem, hint: error instanceof HimaliaError ? error.hint : null }
      log.warn(fields, 'Metadata could not be read')
      if (this.catalog === null && this.#source.kind === 'url' && this.#source.backingFile !== null)
        await this.#fallBack()
      else if (this.#validUntil <= clock.now()) this.catalog = null
    }
  }

  /** After a restart without a network the last good copy serves. */
  async #fallBack(): Promise<void> {
    try {
      await this.#load(true)
      this.#deps.log.warn({ source: this.name }, 'Metadata is that of the last good copy')
    } catch {
      // There is none, or it has ended; that the source can't be read has been told.
    }
  }

  async #load(fromBackingFile: boolean): Promise<void> {
    const { clock, log, skewMs, blocked } = this.#deps
    const source = this.#source
    const outcome = await load({ source, now: clock.now(), skewMs, blocked, etag: this.#etag, fromBackingFile })
    if (!fromBackingFile) this.problem = null
    if (outcome.kind === 'unchanged') return
    const { summary } = outcome
    this.catalog = new Catalog(outcome.data)
    this.#etag = outcome.etag
    this.#validUntil = summary.validUntil
    this.#waitMs = Math.max(shortestWaitMs, Math.min(source.refreshMs, summary.cacheDurationMs ?? source.refreshMs))
    const fields = { source: this.name, providers: summary.providers, entities: summary.entities }
    log.info(fields, 'Metadata read')
  }
}

/** More than that would be felt by those whom the hub serves meanwhile. */
const largestHereBytes = 256 * 1024

async function load(request: LoadRequest): Promise<LoadOutcome> {
  return isSmall(request.source) ? loadSource(request) : inWorker(request)
}

function isSmall(source: WholeSource): boolean {
  if (source.kind === 'content') return source.text.length <= largestHereBytes
  if (source.kind === 'url') return false
  return (statSync(source.path, { throwIfNoEntry: false })?.size ?? 0) <= largestHereBytes
}

async function inWorker(request: LoadRequest): Promise<LoadOutcome> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: request })
  try {
    const answer = await new Promise<LoadOutcome | WorkerFailure>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
      worker.once('exit', (code) => reject(new Error(`The thread that reads metadata ended with ${code}`)))
    })
    if (answer.kind !== 'failed') return answer
    const { code, status, message, hint } = answer.error
    throw new HimaliaError(code, status, message, { hint })
  } finally {
    await worker.terminate()
  }
}

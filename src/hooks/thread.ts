/** A worker thread with the administrator's code in it, and the calls that are under way there. */
import { extname } from 'node:path'
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Exported, FromWorker, Thrown, ToWorker, WorkerData } from './messages.ts'
import { type HookSource, urlOf } from './source.ts'

/** Thrown for a call: what the code threw, or that it took too long. */
export class CallFailed extends Error {
  readonly thrown: Thrown | null
  constructor(thrown: Thrown | null) {
    super(thrown?.message ?? 'too late')
    this.thrown = thrown
  }
}

export interface Loaded {
  readonly exported: readonly Exported[]
  readonly broken: readonly { readonly url: string; readonly thrown: Thrown }[]
  /** The code that never came to its end while it was loaded. */
  readonly isStuck: boolean
}

interface Call {
  readonly message: Extract<ToWorker, { kind: 'call' }>
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly done: Promise<unknown>
}

/** How long a thread that is not busy takes to say so, even on a machine that has a lot to do. */
const pongMs = 2_000
const mostMemory = { maxOldGenerationSizeMb: 256 }

export class Thread {
  readonly #sources: readonly HookSource[]
  readonly #say: (line: string) => void
  readonly #calls = new Map<number, Call>()
  #worker: Worker | null = null
  #running = new Int32Array(new SharedArrayBuffer(4))
  #loaded: Promise<Loaded> | null = null
  #pongs: (() => void)[] = []
  #count = 0

  /** `say` is given what the code prints. */
  constructor(sources: readonly HookSource[], say: (line: string) => void) {
    this.#sources = sources
    this.#say = say
  }

  /** Starts the thread, unless it runs. */
  load(timeoutMs: number): Promise<Loaded> {
    this.#loaded ??= this.#start(timeoutMs)
    return this.#loaded
  }

  /** Throws CallFailed. A call that was under way when another one had to be ended is made again. */
  async call(
    { url, name, args }: { url: string; name: string; args: readonly unknown[] },
    timeoutMs: number,
  ): Promise<unknown> {
    await this.load(timeoutMs)
    this.#count += 1
    const message = { kind: 'call' as const, id: this.#count, url, name, args }
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#calls.set(message.id, { message, resolve, reject, done: promise })
    const timer = setTimeout(() => void this.#late(message.id, timeoutMs), timeoutMs)
    try {
      this.#post(message)
      return await promise
    } finally {
      clearTimeout(timer)
      this.#calls.delete(message.id)
    }
  }

  async end(): Promise<void> {
    const worker = this.#worker
    this.#worker = null
    this.#loaded = null
    for (const { reject } of this.#calls.values()) reject(new CallFailed({ message: 'The hub ends', stack: '' }))
    await worker?.terminate()
  }

  /** Ends when the calls that are under way have come back. */
  async finish(): Promise<void> {
    await Promise.allSettled([...this.#calls.values()].map(({ done }) => done))
    await this.end()
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message)
  }

  #start(timeoutMs: number): Promise<Loaded> {
    this.#running = new Int32Array(new SharedArrayBuffer(4))
    const data: WorkerData = {
      code: this.#sources.map((source) => [urlOf(source), source.code]),
      running: this.#running.buffer as SharedArrayBuffer,
    }
    const file = new URL(`./worker${extname(import.meta.filename)}`, import.meta.url)
    const worker = new Worker(file, { workerData: data, resourceLimits: mostMemory, stdout: true, stderr: true })
    this.#worker = worker
    worker.unref()
    for (const stream of [worker.stdout, worker.stderr]) createInterface({ input: stream }).on('line', this.#say)
    const { promise, resolve } = Promise.withResolvers<Loaded>()
    const broken: Loaded['broken'][number][] = []
    const timer = setTimeout(() => {
      resolve({ exported: [], broken, isStuck: true })
      void worker.terminate()
    }, timeoutMs)
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'broken') broken.push(message)
      if (message.kind === 'loaded') resolve({ exported: message.exported, broken, isStuck: false })
      if (message.kind === 'loaded') clearTimeout(timer)
      this.#heard(message)
    })
    worker.on('error', (error) => this.#died(worker, error as Error))
    worker.on('exit', () => {
      clearTimeout(timer)
      resolve({ exported: [], broken: [...broken, { url: '', thrown: ended }], isStuck: false })
      this.#died(worker, null)
    })
    return promise
  }

  #heard(message: FromWorker): void {
    if (message.kind === 'result') this.#calls.get(message.id)?.resolve(message.value)
    if (message.kind === 'failed') this.#calls.get(message.id)?.reject(new CallFailed(message.thrown))
    if (message.kind === 'pong') for (const pong of this.#pongs.splice(0)) pong()
  }

  /** The thread has ended by itself, so no call of it comes back. The next one starts it anew. */
  #died(worker: Worker, error: Error | null): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#loaded = null
    const thrown = error ? { message: error.message, stack: error.stack ?? '' } : ended
    for (const { reject } of this.#calls.values()) reject(new CallFailed(thrown))
  }

  /** Waiting code is left waiting; code that never lets go takes its thread with it. */
  async #late(id: number, timeoutMs: number): Promise<void> {
    const call = this.#calls.get(id)
    if (!call) return
    const worker = this.#worker
    if (await this.#answers()) {
      call.reject(new CallFailed(null))
      return
    }
    if (this.#worker !== worker) return
    this.#calls.get(Atomics.load(this.#running, 0))?.reject(new CallFailed(null))
    this.#calls.delete(Atomics.load(this.#running, 0))
    call.reject(new CallFailed(null))
    this.#calls.delete(id)
    this.#worker = null
    await worker?.terminate()
    this.#loaded = this.#start(timeoutMs)
    await this.#loaded
    for (const { message } of this.#calls.values()) this.#post(message)
  }

  async #answers(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#pongs.push(() => resolve(true))
    const timer = setTimeout(() => resolve(false), pongMs)
    this.#post({ kind: 'ping' })
    const isAnswered = await promise
    clearTimeout(timer)
    return isAnswered
  }
}

const ended: Thrown = { message: 'It ended the thread that it runs in', stack: '' }

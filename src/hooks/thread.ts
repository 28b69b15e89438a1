/** A worker thread with the administrator's code in it, and the calls that are under way there. */
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { PythonOutcome } from '#python'
import type { Exported, FromWorker, Thrown, ToWorker } from './messages.ts'
import type { Program } from './program.ts'

/** Thrown for a call: what the code threw, or that it took too long, and where it then was. */
export class CallFailed extends Error {
  readonly thrown: Thrown | null
  readonly interruptedAt: string
  constructor(thrown: Thrown | null, interruptedAt = '') {
    super(thrown?.message ?? 'too late')
    this.thrown = thrown
    this.interruptedAt = interruptedAt
  }
}

export interface Loaded {
  readonly exported: readonly Exported[]
  readonly broken: readonly { readonly url: string; readonly thrown: Thrown }[]
  /** The code that never came to its end while it was loaded. */
  readonly isStuck: boolean
  /** What Python left behind; null of a script. */
  readonly outcome: PythonOutcome | null
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
  readonly #program: () => Program
  readonly #say: (line: string) => void
  readonly #calls = new Map<number, Call>()
  #worker: Worker | null = null
  #present: Program | null = null
  /** Calls whose code was interrupted. */
  readonly #interrupted = new Set<number>()
  #loaded: Promise<Loaded> | null = null
  #pongs: (() => void)[] = []
  #count = 0

  /** `say` is given what the code prints. */
  constructor(program: () => Program, say: (line: string) => void) {
    this.#program = program
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
    const program = this.#program()
    this.#present = program
    const worker = new Worker(program.file, {
      workerData: program.data,
      transferList: [...program.transfer],
      resourceLimits: mostMemory,
      stdout: true,
      stderr: true,
    })
    this.#worker = worker
    for (const stream of program.saysByMessage ? [] : [worker.stdout, worker.stderr]) {
      createInterface({ input: stream }).on('line', this.#say)
    }
    const { promise, resolve } = Promise.withResolvers<Loaded>()
    const broken: Loaded['broken'][number][] = []
    const giveUp = () => {
      resolve({ exported: [], broken, isStuck: true, outcome: null })
      void worker.terminate()
    }
    // Code that is interrupted says where; what does not even hear that is ended.
    const late = () => {
      if (!program.interrupt) return giveUp()
      program.interrupt(true)
      timer = setTimeout(giveUp, pongMs)
    }
    let timer = setTimeout(late, timeoutMs + program.bootMs)
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'broken') broken.push(message)
      if (message.kind === 'booted') {
        clearTimeout(timer)
        timer = setTimeout(late, timeoutMs)
      }
      if (message.kind === 'loaded') {
        clearTimeout(timer)
        program.interrupt?.(false)
        resolve({ exported: message.exported, broken, isStuck: false, outcome: message.outcome ?? null })
      }
      this.#heard(message)
    })
    worker.on('error', (error) => {
      broken.push({ url: '', thrown: thrownBy(error as Error) })
      this.#died(worker, error as Error)
    })
    worker.on('exit', () => {
      clearTimeout(timer)
      resolve({ exported: [], broken: [...broken, { url: '', thrown: gone }], isStuck: false, outcome: null })
      this.#died(worker, null)
    })
    // Listeners hold the process, too: this comes after them.
    worker.unref()
    return promise
  }

  #heard(message: FromWorker): void {
    if (message.kind === 'result') this.#calls.get(message.id)?.resolve(message.value)
    if (message.kind === 'failed') this.#calls.get(message.id)?.reject(this.#failure(message))
    if (message.kind === 'printed') this.#say(message.line)
    if (message.kind === 'pong') for (const pong of this.#pongs.splice(0)) pong()
  }

  #failure({ id, thrown }: { id: number; thrown: Thrown }): CallFailed {
    return this.#interrupted.delete(id) ? new CallFailed(null, thrown.stack) : new CallFailed(thrown)
  }

  /** The thread has ended by itself, so no call of it comes back. The next one starts it anew. */
  #died(worker: Worker, error: Error | null): void {
    if (this.#worker !== worker) return
    this.#worker = null
    this.#loaded = null
    const thrown = error ? thrownBy(error) : gone
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
    if (this.#worker !== worker || !this.#calls.has(id)) return
    if (await this.#interrupt(call)) return
    const running = this.#present?.running() ?? 0
    this.#calls.get(running)?.reject(new CallFailed(null))
    this.#calls.delete(running)
    call.reject(new CallFailed(null))
    this.#calls.delete(id)
    const others = [...this.#calls.values()]
    this.#worker = null
    // Calls that come meanwhile wait for the new thread.
    this.#loaded = Promise.resolve(worker?.terminate()).then(() => this.#start(timeoutMs))
    await this.#loaded
    for (const { message } of others) if (this.#calls.has(message.id)) this.#post(message)
  }

  /** Whether that brought the call to its end. */
  async #interrupt({ message: { id }, done }: Call): Promise<boolean> {
    const program = this.#present
    if (!program?.interrupt) return false
    this.#interrupted.add(id)
    program.interrupt(true)
    const { promise: tooLong, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), pongMs)
    const isOver = await Promise.race([tooLong, done.then(ended, ended)])
    clearTimeout(timer)
    program.interrupt(false)
    this.#interrupted.delete(id)
    return isOver
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

const ended = () => true
const thrownBy = ({ message, stack = '' }: Error): Thrown => ({ message, stack })
const gone: Thrown = { message: 'It ended the thread that it runs in', stack: '' }

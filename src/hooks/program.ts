/** What a thread runs: the worker of scripts, or Python. */
import { extname } from 'node:path'
import type { Transferable } from 'node:worker_threads'
import { type PythonCode, pythonProgram } from '#python'
import type { WorkerData } from './messages.ts'
import { type HookSource, urlOf } from './source.ts'

export interface Program {
  readonly file: URL
  readonly data: unknown
  readonly transfer: readonly Transferable[]
  /** What it prints comes as messages; reading its streams would keep the process from ending. */
  readonly saysByMessage: boolean
  /** How long it may take before the code begins to run. */
  readonly bootMs: number
  /** The call whose code runs right now; 0: none, or not known. */
  running(): number
  /** Stops the code that runs, or lets it run again; null: only ending the thread does. */
  readonly interrupt: ((on: boolean) => void) | null
}

/** WebAssembly has to be compiled, which a busy machine takes its time for. */
const pythonBootMs = 120_000

export function scripts(sources: readonly HookSource[]): Program {
  const running = new Int32Array(new SharedArrayBuffer(4))
  const data: WorkerData = {
    code: sources.map((source) => [urlOf(source), source.code]),
    running: running.buffer as SharedArrayBuffer,
  }
  return {
    file: new URL(`./worker${extname(import.meta.filename)}`, import.meta.url),
    data,
    transfer: [],
    saysByMessage: false,
    bootMs: 0,
    running: () => Atomics.load(running, 0),
    interrupt: null,
  }
}

export function python(code: PythonCode, timeoutSeconds: number): Program {
  const { file, data, transfer, interrupt } = pythonProgram(code, timeoutSeconds)
  const ways = { saysByMessage: true, bootMs: pythonBootMs, running: () => 0, interrupt }
  return { file, data: { program: data }, transfer, ...ways }
}

/** What the hub's thread and the worker say to each other. */
import type { PythonOutcome } from '#python'
import type { HookName } from './hook-names.ts'

export interface WorkerData {
  /** Code by URL, in the order in which it is loaded. */
  readonly code: readonly (readonly [url: string, code: string])[]
  /** The call whose code runs right now, 0 for none: readable while the worker is busy. */
  readonly running: SharedArrayBuffer
}

export type ToWorker =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly url: string
      readonly name: string
      readonly args: readonly unknown[]
    }
  | { readonly kind: 'ping' }

export interface Thrown {
  readonly message: string
  readonly stack: string
  /** What to do about it. */
  readonly hint?: string | null
  /** Of a refusal that was meant: its status for the browser. */
  readonly status?: number | null
}

/** What one piece exports: of an authenticator also what it says of itself. */
export interface Exported {
  readonly url: string
  readonly names: readonly string[]
  /** Hooks that are not what they must be: a function, or an object with `authenticate`. */
  readonly unfit: readonly HookName[]
  readonly authenticator: { readonly service: string | null; readonly asksPassword: boolean } | null
}

export type FromWorker =
  /** The interpreter is there; the code's own time begins. */
  | { readonly kind: 'booted' }
  | { readonly kind: 'printed'; readonly line: string }
  | { readonly kind: 'loaded'; readonly exported: readonly Exported[]; readonly outcome?: PythonOutcome }
  | { readonly kind: 'broken'; readonly url: string; readonly thrown: Thrown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly thrown: Thrown }
  | { readonly kind: 'pong' }

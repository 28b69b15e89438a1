/** HTTP between the thread and the hub. */

export interface HttpRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** In base64. */
  readonly body: string | null
  readonly timeoutSeconds: number | null
  readonly follow: boolean
  readonly verify: boolean
}

export type HttpAnswer =
  | {
      readonly status: number
      readonly reason: string
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
    }
  | { readonly error: string }

export interface PythonData {
  readonly code: import('./code.ts').PythonCode
  readonly limitBytes: number
  /** A 2 in it interrupts what runs. */
  readonly interrupt: SharedArrayBuffer
  readonly http: import('node:worker_threads').MessagePort
  /** Wakes the thread that waits for an answer. */
  readonly bell: SharedArrayBuffer
  readonly mostHttpSeconds: number
}

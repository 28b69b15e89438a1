/** What `hooks` starts for Python, and may do to it. */
import { extname } from 'node:path'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { PythonCode } from './code.ts'
import { answerHttp } from './host-http.ts'
import type { PythonData } from './messages.ts'

const limitBytes = 512 * 1024 * 1024

/** A thread's program: its file, what it is given, and how its code is interrupted. */
export interface PythonProgram {
  readonly file: URL
  readonly data: PythonData
  readonly transfer: readonly MessagePort[]
  interrupt(on: boolean): void
}

/** For one thread; the next one needs another. */
export function pythonProgram(code: PythonCode, timeoutSeconds: number): PythonProgram {
  const { port1, port2 } = new MessageChannel()
  const bell = new SharedArrayBuffer(4)
  const interrupt = new SharedArrayBuffer(1)
  answerHttp(port1, bell)
  return {
    file: new URL(`./worker${extname(import.meta.filename)}`, import.meta.url),
    data: { code, limitBytes, interrupt, http: port2, bell, mostHttpSeconds: timeoutSeconds },
    transfer: [port2],
    interrupt: (on) => {
      new Uint8Array(interrupt)[0] = on ? 2 : 0
    },
  }
}

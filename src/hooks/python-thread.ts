/**
 * The thread of Python is started when the configuration is read, since only running it tells what it sets. The hub
 * takes that thread over for its hooks: another start would cost seconds and as much memory again.
 */
import type { PythonOutcome } from '#python'
import { python } from './program.ts'
import type { Python } from './source.ts'
import { Thread } from './thread.ts'

interface Parked {
  readonly key: string
  readonly thread: Thread
  say: (line: string) => void
}

let parked: Parked | null = null

/**
 * What it left in `c`; a text: why there is nothing, where Python itself ended; null: it did not come to its end in
 * time, and could not be stopped at a line of its own.
 */
export async function runPython(code: Python, timeoutSeconds: number): Promise<PythonOutcome | string | null> {
  const made = open(code, timeoutSeconds, () => {})
  const { outcome, broken } = await made.thread.load(timeoutSeconds * 1000)
  void parked?.thread.end()
  parked = null
  if (!outcome) {
    await made.thread.end()
    return broken[0]?.thrown.message ?? null
  }
  parked = made
  return outcome
}

/** The thread for this code: the one that waits, or a new one. */
export function takePython(code: Python, timeoutSeconds: number, say: (line: string) => void): Thread {
  const key = JSON.stringify(code.code)
  if (parked?.key !== key) return open(code, timeoutSeconds, say).thread
  const { thread } = parked
  parked.say = say
  parked = null
  return thread
}

function open(code: Python, timeoutSeconds: number, say: (line: string) => void): Parked {
  const made: Parked = {
    key: JSON.stringify(code.code),
    say,
    thread: new Thread(
      () => python(code.code, timeoutSeconds),
      (line) => made.say(line),
    ),
  }
  return made
}

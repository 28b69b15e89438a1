import type { Clock } from '#base/clock.ts'
import { errorCatalog } from '#base/errors.ts'

export interface Ending {
  /** The server's own process. */
  readonly leader: { readonly pid: number; readonly isRunning: () => boolean } | null
  /** All that belongs to the server and still runs: kernels, terminals, strays. Remembers whom it named once. */
  readonly others: () => readonly number[]
  readonly timeouts: {
    readonly interruptTimeoutSeconds: number
    readonly termTimeoutSeconds: number
    readonly killTimeoutSeconds: number
  }
  readonly clock: Clock
  readonly now: boolean
  readonly signal: AbortSignal
}

const lookMs = 50

const errors = errorCatalog({
  SERVER_DOES_NOT_END: {
    status: 500,
    message: ({ pids }: { pids: readonly number[] }) => `Processes of the server do not end: ${pids.join(', ')}.`,
    hint: 'They may hang in the disk or the network; the hub tries again.',
  },
})

/** Asks the server to end (SIGINT, then SIGTERM), then ends what is left of it. Returns when nothing of it runs. */
export async function endProcesses({ leader, others, timeouts, clock, now, signal }: Ending): Promise<void> {
  const gone = async (seconds: number, remaining: () => boolean) => {
    for (const deadline = clock.now() + seconds * 1000; remaining() && clock.now() < deadline; ) {
      await clock.sleep(lookMs, signal)
    }
    return !remaining()
  }
  others() // Met while their parents live.
  if (leader?.isRunning() && !now) {
    send(leader.pid, 'SIGINT')
    if (!(await gone(timeouts.interruptTimeoutSeconds, leader.isRunning))) {
      send(leader.pid, 'SIGTERM')
      await gone(timeouts.termTimeoutSeconds, leader.isRunning)
    }
  }
  const rest = () => {
    const found = others()
    return leader?.isRunning() ? [leader.pid, ...found] : found
  }
  const left = () => {
    // Its session goes whole, also where the system has no way to find kernels and terminals one by one; and again:
    // what is ending may have begun something new.
    if (leader?.isRunning()) send(-leader.pid, 'SIGKILL')
    for (const pid of rest()) send(pid, 'SIGKILL')
    return rest().length > 0
  }
  if (!(await gone(timeouts.killTimeoutSeconds, left))) throw errors.SERVER_DOES_NOT_END({ pids: rest() })
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // It ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

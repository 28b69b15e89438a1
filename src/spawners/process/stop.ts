import type { Clock } from '#base/clock.ts'

export interface Ending {
  /** The server's own process. */
  readonly leader: { readonly pid: number; readonly isRunning: () => boolean } | null
  /** All that belongs to the server and still runs: kernels, terminals, strays. */
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

/** Asks the server to end (SIGINT, then SIGTERM), then ends what is left of it. Returns when nothing of it runs. */
export async function endProcesses({ leader, others, timeouts, clock, now, signal }: Ending): Promise<void> {
  const gone = async (seconds: number, remaining: () => boolean) => {
    for (const deadline = clock.now() + seconds * 1000; remaining() && clock.now() < deadline; ) {
      await clock.sleep(lookMs, signal)
    }
    return !remaining()
  }
  if (leader?.isRunning() && !now) {
    send(leader.pid, 'SIGINT')
    if (!(await gone(timeouts.interruptTimeoutSeconds, leader.isRunning))) {
      send(leader.pid, 'SIGTERM')
      await gone(timeouts.termTimeoutSeconds, leader.isRunning)
    }
  }
  // Its session goes whole, also where the system has no way to find kernels and terminals one by one.
  if (leader?.isRunning()) send(-leader.pid, 'SIGKILL')
  for (const pid of others()) send(pid, 'SIGKILL')
  await gone(timeouts.killTimeoutSeconds, () => (leader?.isRunning() ?? false) || others().length > 0)
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    // It ended in between.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

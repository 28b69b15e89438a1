import { constants } from 'node:os'

/**
 * The first signal ends in order; a later one, of a person who won't wait, at once. A signal to a whole process group
 * reaches the hub a second time through the process that started it: within a second that is still the first.
 */
export function onEndSignal(end: () => void): void {
  let first: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (first !== null && performance.now() - first > 1000) process.exit(128 + constants.signals[signal])
      first ??= performance.now()
      end()
    })
}

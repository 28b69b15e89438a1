import { lookup } from 'node:dns/promises'
import type { Clock, Millis } from '#base/clock.ts'
import type { Log } from '#base/log.ts'

/** A burst of routes asks once. */
const freshMs = 500

/** The addresses that a name has just now; while it can't be looked up, those that it had. */
export function proxyFinder(
  name: string,
  { clock, log, find = lookupAll }: { clock: Clock; log: Log; find?: (name: string) => Promise<readonly string[]> },
): () => Promise<readonly string[]> {
  let known: readonly string[] = []
  let at: Millis = Number.NEGATIVE_INFINITY
  let asking: Promise<void> | null = null
  let isLost = false
  const ask = async () => {
    try {
      known = await find(name)
      at = clock.now()
      isLost = false
    } catch (error) {
      if (!isLost) log.warn({ name, problem: (error as Error).message }, 'The proxies can not be found by their name')
      isLost = true
    } finally {
      asking = null
    }
  }
  return async () => {
    if (clock.now() - at >= freshMs) {
      asking ??= ask()
      await asking
    }
    return known.map((address) => `http://${address.includes(':') ? `[${address}]` : address}:8001`)
  }
}

async function lookupAll(name: string): Promise<readonly string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address)
}

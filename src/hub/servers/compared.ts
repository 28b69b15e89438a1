/** A running server beside the one that a start now would make: whether there is a reason to start it again. */
import { messageOf } from '#base/errors.ts'
import type { Edition } from '#spawners'
import { serverById } from '#store'
import type { EditionChange, Server } from './contract.ts'
import type { ServersDeps } from './deps.ts'
import { overridesOf, refOf } from './run.ts'

export async function compared(deps: ServersDeps, server: Server): Promise<Server> {
  const { spawner, store, log } = deps
  const running = editionOf(server)
  if (running === null || !spawner.edition) return server
  try {
    const row = await serverById(store.db, server.id)
    if (!row) return server
    const next = spawner.edition(refOf(row), await overridesOf(deps, row))
    return { ...server, newer: changes(running, next) }
  } catch (error) {
    // What is wrong with a start is told to whoever starts.
    log.debug({ server: server.id, problem: messageOf(error) }, 'What a start would change can not be told')
    return server
  }
}

/** What the spawner keeps of the start, while the server is there. */
function editionOf({ state, handle }: Server): Edition | null {
  const edition = handle?.edition
  if (state.phase !== 'ready' || typeof edition !== 'object') return null
  // Safe: the spawner keeps what it was given.
  return edition as Edition | null
}

export function changes(running: Edition, next: Edition): readonly EditionChange[] {
  const names = new Set([...Object.keys(running), ...Object.keys(next)])
  return [...names]
    .map((what) => ({ what, before: running[what] ?? null, after: next[what] ?? null }))
    .filter(({ before, after }) => before !== after)
}

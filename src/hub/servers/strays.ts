/** What the spawner still has of servers that the hub does not know: reported, and left alone. */
import type { Belonging } from '#spawners'
import { serversInPhase } from '#store'
import type { ServersDeps } from './deps.ts'

const stopped = ['stopped', 'failed'] as const
const active = ['queued', 'starting', 'waiting', 'routing', 'ready', 'stopping'] as const

/** Pods of servers that don't run, and volumes of servers that don't exist. */
export async function strays({ spawner, store }: ServersDeps): Promise<readonly Belonging[]> {
  const all = (await spawner.belongings?.()) ?? []
  if (all.length === 0) return []
  const running = new Set((await serversInPhase(store.db, active)).map((row) => keyOf(row.user_name, row.name)))
  const known = new Set((await serversInPhase(store.db, stopped)).map((row) => keyOf(row.user_name, row.name)))
  return all.filter(({ what, userName, serverName }) => {
    const key = keyOf(userName, serverName)
    return !running.has(key) && !(what === 'volume' && known.has(key))
  })
}

function keyOf(userName: string, serverName: string): string {
  return JSON.stringify([userName, serverName])
}

import type { HubContext } from '../context.ts'

/** Stops the user's servers and forgets them, with what they kept. False: some are still stopping. */
export async function stopAll({ servers, settings }: HubContext, userId: number): Promise<boolean> {
  const all = await servers.ofUser(userId)
  for (const { name } of all) await servers.stop(userId, name, { remove: true })
  const ms = settings().hub.slowStopTimeoutSeconds * 1000
  await Promise.all(all.map(({ id }) => servers.settled(id, ms)))
  const left = await servers.ofUser(userId)
  return left.every(({ state }) => state.phase === 'stopped' || state.phase === 'failed')
}

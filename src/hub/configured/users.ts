import { createUsers, findUser, idsOfUsers, type Store, setAdmin } from '#store'
import type { Configured } from './index.ts'

/** Users that the file names exist, and its administrators are. Who was an administrator otherwise stays one. */
export async function applyUsers({ store, settings, clock, random }: Configured): Promise<void> {
  const { allowedUsers, adminUsers, blockedUsers } = settings.authenticator
  const blocked = new Set(blockedUsers)
  await ensureUsers(
    store,
    [...allowedUsers, ...adminUsers].filter((name) => !blocked.has(name)),
    { clock, random },
  )
  for (const name of adminUsers) await changeAdmin(store, name, !blocked.has(name))
  for (const name of blockedUsers) await changeAdmin(store, name, false)
}

/** Creates those of the names that are not users yet; gives the ids of all. */
export async function ensureUsers(
  store: Store,
  names: readonly string[],
  { clock, random }: Pick<Configured, 'clock' | 'random'>,
): Promise<ReadonlyMap<string, number>> {
  const wanted = [...new Set(names)]
  const known = await idsOfUsers(store.db, wanted)
  const missing = wanted.filter((name) => !known.has(name))
  if (missing.length === 0) return known
  const users = missing.map((name) => ({ name, admin: false, cookieId: random.hex32() }))
  await createUsers(store.db, { users, now: clock.now() })
  return idsOfUsers(store.db, wanted)
}

async function changeAdmin(store: Store, name: string, admin: boolean): Promise<void> {
  const user = await findUser(store.db, name)
  if (user && user.admin !== admin) await setAdmin(store.db, user.id, admin)
}

import { createToken, createUser, findToken, findUser, newTokenSecret, setAdmin, userById } from '#store'
import type { HubContext } from './context.ts'

/**
 * A working API token of an administrator: `before` if it still is one, else a fresh one that replaces those of the same
 * note. It belongs to the first of `admin_users`, or to the person who runs the hub.
 */
export async function adminToken(
  { store, settings, clock, random }: Pick<HubContext, 'store' | 'settings' | 'clock' | 'random'>,
  { before, note, localAdmin }: { before: string; note: string; localAdmin: string },
): Promise<string> {
  const now = clock.now()
  const known = before === '' ? null : await findToken(store.db, before, now)
  const owner = known?.user_id ? await userById(store.db, known.user_id) : null
  if (owner?.admin && known?.note === note) return before
  const secret = newTokenSecret(random)
  const name = settings().authenticator.adminUsers[0] ?? localAdmin
  await store.transaction(async (db) => {
    const user =
      (await findUser(db, name)) ?? (await createUser(db, { name, admin: true, now, cookieId: random.hex32() }))
    if (!user.admin) await setAdmin(db, user.id, true)
    await db.deleteFrom('api_tokens').where('user_id', '=', user.id).where('note', '=', note).execute()
    await createToken(db, { userId: user.id, secret, scopes: ['inherit'], note, now })
  })
  return secret
}

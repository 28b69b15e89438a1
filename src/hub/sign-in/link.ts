import { createUser, findUser, setAdmin, createSignInLink as storeLink } from '#store'
import type { HubContext } from '../context.ts'
import { checkUserName, normaliseUserName } from './user-name.ts'

export const linkLifetimeMs = 86_400_000

/**
 * A link that signs its first visitor in as this user, who is made an administrator. `address` is where browsers find
 * the hub, with the base URL and a slash at its end. Errors: USER_NAME_INVALID.
 */
export async function createSignInLink(
  context: Pick<HubContext, 'store' | 'settings' | 'clock' | 'random'>,
  { userName, address }: { userName: string; address: string },
): Promise<string> {
  const { store, clock, random, settings } = context
  const rules = settings().authenticator
  const name = normaliseUserName(userName, rules)
  // Names of system accounts need not fit the pattern for users.
  checkUserName(name, { usernamePattern: null })
  const secret = random.bytes(32).toString('base64url')
  const now = clock.now()
  await store.transaction(async (db) => {
    const known = await findUser(db, name)
    const user = known ?? (await createUser(db, { name, admin: true, now, cookieId: random.hex32() }))
    if (!user.admin) await setAdmin(db, user.id, true)
    await storeLink(db, { secret, userId: user.id, now, expiresAt: now + linkLifetimeMs })
  })
  return `${address}hub/login?token=${secret}`
}

/** Passwords that another hub kept, as hashes: they go on working, and are hashed anew when their owners come. */
import { isPasswordHash } from '#authenticators'
import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Settings } from '#config'
import { createUser, findPassword, findUser, recordAudit, type Store, savePassword } from '#store'
import { errors } from '../account-errors.ts'
import { checkUserName, normaliseUserName } from './user-name.ts'

export interface ImportedPasswords {
  readonly taken: number
  readonly kept: number
}

interface Parts {
  readonly store: Store
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
}

/** Errors: NO_PASSWORD_LINE, USER_NAME_INVALID. */
export async function importPasswords(
  { store, settings, clock, random }: Parts,
  lines: string,
): Promise<ImportedPasswords> {
  const entries = read(lines, settings)
  const now = clock.now()
  return store.transaction(async (db) => {
    let taken = 0
    for (const { name, hash } of entries) {
      const known = await findUser(db, name)
      const user = known ?? (await createUser(db, { name, admin: false, now, cookieId: random.hex32() }))
      if (await findPassword(db, user.id)) continue
      await savePassword(db, { userId: user.id, hash, approved: true, now })
      const target = `user ${name}`
      await recordAudit(db, { at: now, actor: 'himalia user', action: 'password.import', target })
      taken += 1
    }
    return { taken, kept: entries.length - taken }
  })
}

/** Errors: NO_PASSWORD_LINE, USER_NAME_INVALID. */
function read(lines: string, { authenticator: rules }: Settings): readonly { name: string; hash: string }[] {
  const written = lines.split(/\r?\n/).map((text, index) => ({ text: text.trim(), line: index + 1 }))
  return written
    .filter(({ text }) => text !== '')
    .map(({ text, line }) => {
      // User names may hold colons, and so do our own hashes.
      const found = /^(.+?):(\$.+|scrypt:.+)$/.exec(text)
      if (!found || !isPasswordHash(found[2]!)) throw errors.NO_PASSWORD_LINE({ line })
      const name = normaliseUserName(found[1]!.trim(), rules)
      checkUserName(name, rules)
      return { name, hash: found[2]! }
    })
}

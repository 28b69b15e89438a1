/** Accounts as whoever runs the machine keeps them: before the first start, or beside running hubs. */
import type { Clock } from '#base/clock.ts'
import type { Random } from '#base/ids.ts'
import type { Settings } from '#config'
import {
  type AccountRow,
  adminHasPassword,
  createUser,
  deleteSecondFactor,
  findUser,
  recordAudit,
  type Store,
  setAdmin,
  usersWithPasswords,
} from '#store'
import { errors } from './account-errors.ts'
import { applyConfiguration } from './configured/index.ts'
import { type ImportedPasswords, importPasswords } from './sign-in/import-passwords.ts'
import { setPassword } from './sign-in/passwords.ts'
import { checkUserName, normaliseUserName } from './sign-in/user-name.ts'

export interface Account {
  readonly name: string
  readonly admin: boolean
  /** `waiting`: signed up, and not yet let in by an administrator. */
  readonly password: 'set' | 'waiting' | 'none'
}

export interface Accounts {
  list(): Promise<readonly Account[]>
  /** `password` null: none is kept. Errors: ACCOUNT_EXISTS, NO_PASSWORDS, USER_NAME_INVALID, PASSWORD_UNFIT. */
  add(account: { name: string; admin: boolean; password: string | null }): Promise<void>
  /** Errors: ACCOUNT_UNKNOWN, NO_PASSWORDS, PASSWORD_UNFIT. */
  setPassword(name: string, password: string): Promise<void>
  /** Errors: ACCOUNT_UNKNOWN. */
  makeAdmin(name: string): Promise<void>
  /** Takes the second factor away, of somebody who has lost it. False: there was none. Errors: ACCOUNT_UNKNOWN. */
  removeSecondFactor(name: string): Promise<boolean>
  /**
   * Takes passwords over from lines `NAME:HASH`: all of them or none. Who has one here keeps it. Errors: NO_PASSWORDS,
   * NO_PASSWORD_LINE, USER_NAME_INVALID.
   */
  importPasswords(lines: string): Promise<ImportedPasswords>
}

interface Parts {
  readonly store: Store
  readonly settings: Settings
  readonly clock: Clock
  readonly random: Random
}

/** Who did it, in the audit log. */
const actor = 'himalia user'

/** The database may be new: what the configuration says of roles and users is brought in first, as a start does. */
export async function openAccounts(parts: Parts): Promise<Accounts> {
  const { store, settings, clock, random } = parts
  await applyConfiguration(parts)
  const rules = settings.authenticator
  const change = (userName: string, password: string) => {
    if (!keepsPasswords(settings)) throw errors.NO_PASSWORDS({ classes: rules.classes })
    return setPassword({ store, clock, random, settings: () => settings }, { userName, password, actor })
  }
  const known = async (given: string) => {
    const name = normaliseUserName(given.trim(), rules)
    return (await findUser(store.db, name)) ?? fail(name)
  }
  return {
    list: async () => (await usersWithPasswords(store.db)).map(accountOf),
    async add({ name: given, admin, password }) {
      const name = normaliseUserName(given.trim(), rules)
      checkUserName(name, rules)
      if (await findUser(store.db, name)) throw errors.ACCOUNT_EXISTS({ name })
      // First what may be refused: a password that won't do leaves no user behind.
      if (password !== null) await change(name, password)
      const now = clock.now()
      const user =
        (await findUser(store.db, name)) ??
        (await createUser(store.db, { name, admin: false, now, cookieId: random.hex32() }))
      await recordAudit(store.db, { at: now, actor, action: 'user.create', target: `user ${name}` })
      if (admin) await setAdmin(store.db, user.id, true)
    },
    async setPassword(name, password) {
      await change((await known(name)).name, password)
    },
    async makeAdmin(name) {
      const user = await known(name)
      await setAdmin(store.db, user.id, true)
      await recordAudit(store.db, { at: clock.now(), actor, action: 'user.admin', target: `user ${user.name}` })
    },
    async removeSecondFactor(name) {
      const user = await known(name)
      const target = `user ${user.name}`
      await recordAudit(store.db, { at: clock.now(), actor, action: 'second-factor.remove', target })
      return deleteSecondFactor(store.db, user.id)
    },
    importPasswords: (lines) => {
      if (!keepsPasswords(settings)) throw errors.NO_PASSWORDS({ classes: rules.classes })
      return importPasswords(parts, lines)
    },
  }
}

export function keepsPasswords(settings: Settings): boolean {
  return settings.authenticator.classes.some((name) => name === 'native' || name === 'firstuse')
}

function fail(name: string): never {
  throw errors.ACCOUNT_UNKNOWN({ name })
}

/**
 * Who should be given a password before anybody can let others in: the first of `admin_users`, else "" for somebody new.
 * Null: an administrator can come in, or people do not sign in with passwords of the hub alone.
 */
export async function adminWithoutPassword(store: Store, settings: Settings): Promise<string | null> {
  const { classes, adminUsers } = settings.authenticator
  const isAlone = classes.length === 1 && classes[0] === 'native'
  if (!isAlone || (await adminHasPassword(store.db))) return null
  return adminUsers[0] ?? ''
}

function accountOf({ name, admin, approved }: AccountRow): Account {
  return { name, admin, password: approved === null ? 'none' : approved ? 'set' : 'waiting' }
}

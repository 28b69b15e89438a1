import type { AuthenticatorDeps, Links, Passwords } from '#authenticators'
import {
  createUser,
  findPassword,
  findUser,
  type Store,
  savePassword,
  signInLinkState,
  takeSignInLink,
  userById,
} from '#store'
import type { HubContext } from '../context.ts'

type Parts = Pick<HubContext, 'store' | 'settings' | 'clock' | 'random' | 'log'>

/** What authenticators are given: they know no database. */
export function authenticatorDeps({ store, settings, clock, random, log }: Parts): AuthenticatorDeps {
  const own = { store, settings, clock, random, log }
  return { settings, clock, random, log, passwords: passwordsIn(own), links: linksIn(own) }
}

function passwordsIn({ store, clock, random }: Parts): Passwords {
  return {
    isUser: async (name) => (await findUser(store.db, name)) !== null,
    async find(name) {
      const user = await findUser(store.db, name)
      const row = user && (await findPassword(store.db, user.id))
      return row ? { hash: row.hash, isApproved: row.approved } : null
    },
    save: (name, { hash, isApproved }) =>
      store.transaction(async (db) => {
        const now = clock.now()
        const known = await findUser(db, name)
        const user = known ?? (await createUser(db, { name, admin: false, now, cookieId: random.hex32() }))
        await savePassword(db, { userId: user.id, hash, approved: isApproved, now })
      }),
  }
}

function linksIn({ store, clock }: { store: Store; clock: HubContext['clock'] }): Links {
  return {
    async take(secret) {
      const userId = await takeSignInLink(store.db, secret, clock.now())
      if (userId === null) return { kind: await signInLinkState(store.db, secret) }
      const user = await userById(store.db, userId)
      return user ? { kind: 'taken', userName: user.name } : { kind: 'unknown' }
    },
  }
}

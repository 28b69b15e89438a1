import type { AuthenticatorDeps, Links, Passwords } from '#authenticators'
import type { WaySettings } from '#config'
import {
  addFailure,
  clearFailures,
  createUser,
  failuresOf,
  findPassword,
  findUser,
  firstTime,
  type Store,
  savePassword,
  signInLinkState,
  takeSignInLink,
  userById,
} from '#store'
import type { HubContext } from '../context.ts'
import { endSessionsFrom } from './sessions-from.ts'

type Parts = Pick<HubContext, 'store' | 'settings' | 'spawner' | 'clock' | 'random' | 'log' | 'hooks'>

/** What the authenticator of this way is given: it knows no database. */
export function authenticatorDeps(parts: Parts): (id: string) => AuthenticatorDeps {
  const { store, settings, clock, random, log, hooks } = parts
  const shared = {
    settings,
    serversAreHere: parts.spawner.name !== 'kubernetes',
    clock,
    random,
    log,
    hooks,
    passwords: passwordsIn(parts),
    links: linksIn(parts),
    once: { first: (key: string, until: number) => firstTime(store.db, key, until) },
    failures: {
      count: (key: string) => failuresOf(store.db, key, clock.now()),
      add: (key: string, forgetMs: number) =>
        addFailure(store.db, { key, now: clock.now(), forgetAt: clock.now() + forgetMs }),
      clear: (key: string) => clearFailures(store.db, key),
    },
    sessions: { end: (which: Parameters<AuthenticatorDeps['sessions']['end']>[0]) => endSessionsFrom(parts, which) },
  }
  return (id) => ({ ...shared, own: () => wayOf(parts, id) })
}

/** Its part of the settings; of a way that the configuration does not name (the one-time link), what holds for all. */
export function wayOf({ settings }: Pick<Parts, 'settings'>, id: string): WaySettings {
  const { ways, authenticator } = settings()
  return ways.find((way) => way.id === id) ?? { id, name: id, className: '', rules: authenticator, options: {} }
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

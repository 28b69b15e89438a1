import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { systemClock } from '#base/clock.ts'
import { systemRandom } from '#base/ids.ts'
import { silentLog } from '#base/log.ts'
import type { RoleSetting, ServiceSetting, Settings } from '#config'
import { allServices, findGroup, findToken, findUser, holdersOf, openStore, rolesOf, type Store } from '#store'
import { applyConfiguration } from './index.ts'

type Said = {
  users?: Partial<Settings['authenticator']>
  hub?: Partial<Settings['hub']>
}

function settingsOf({ users, hub }: Said): Settings {
  return {
    authenticator: { allowedUsers: [], adminUsers: [], blockedUsers: [], ...users },
    hub: { baseUrl: '/', loadGroups: {}, loadRoles: [], services: [], customScopes: {}, ...hub },
  } as unknown as Settings
}

const role = (own: Partial<RoleSetting> & { name: string }): RoleSetting => ({
  description: '',
  scopes: null,
  users: null,
  groups: null,
  services: null,
  ...own,
})

const service = (own: Partial<ServiceSetting> & { name: string }): ServiceSetting =>
  ({
    admin: false,
    url: null,
    apiToken: null,
    oauthClientId: null,
    oauthRedirectUri: null,
    oauthNoConfirm: false,
    oauthClientAllowedScopes: [],
    display: true,
    info: {},
    ...own,
  }) as ServiceSetting

async function apply(store: Store, said: Said): Promise<void> {
  await applyConfiguration({ store, settings: settingsOf(said), clock: systemClock, random: systemRandom })
}

async function withStore(work: (store: Store) => Promise<void>): Promise<void> {
  const store = await openStore('sqlite:///:memory:', { log: silentLog, clock: systemClock })
  try {
    await work(store)
  } finally {
    await store.close()
  }
}

async function roleNames(store: Store, user: string): Promise<string[]> {
  const row = await findUser(store.db, user)
  assert.ok(row)
  return (await rolesOf(store.db, row.id)).map(({ name }) => name).sort()
}

describe('the configuration brought into the database', () => {
  test('an administrator of the file exists with the roles of one', () =>
    withStore(async (store) => {
      await apply(store, { users: { adminUsers: ['ada'] } })

      assert.equal((await findUser(store.db, 'ada'))?.admin, true)
      assert.deepEqual(await roleNames(store, 'ada'), ['admin', 'user'])
    }))

  test('a blocked administrator is none', () =>
    withStore(async (store) => {
      await apply(store, { users: { adminUsers: ['ada'] } })

      await apply(store, { users: { adminUsers: ['ada'], blockedUsers: ['ada'] } })

      assert.equal((await findUser(store.db, 'ada'))?.admin, false)
    }))

  test('a role of the file has exactly the holders that the file lists', () =>
    withStore(async (store) => {
      const tutors = (users: string[]) => ({
        hub: { loadRoles: [role({ name: 'tutor', scopes: ['list:users'], users })] },
      })
      await apply(store, tutors(['ada', 'bo']))

      await apply(store, tutors(['bo', 'cy']))

      assert.deepEqual(await holdersOf(store.db, 'tutor', 'user'), ['bo', 'cy'])
    }))

  test('a role that the file no longer names is gone', () =>
    withStore(async (store) => {
      await apply(store, { hub: { loadRoles: [role({ name: 'tutor', scopes: ['list:users'], users: ['ada'] })] } })

      await apply(store, {})

      assert.deepEqual(await roleNames(store, 'ada'), ['user'])
    }))

  test('a role may widen what every user may do, and users keep it', () =>
    withStore(async (store) => {
      await apply(store, { users: { allowedUsers: ['ada'] } })

      await apply(store, { hub: { loadRoles: [role({ name: 'user', scopes: ['self', 'shares!user'] })] } })

      assert.deepEqual(await roleNames(store, 'ada'), ['user'])
    }))

  test('a group of the file gains members and keeps those it had', () =>
    withStore(async (store) => {
      await apply(store, { hub: { loadGroups: { lab: { users: ['ada'], properties: { room: 7 } } } } })

      await apply(store, { hub: { loadGroups: { lab: { users: ['bo'], properties: {} } } } })

      const group = await findGroup(store.db, 'lab')
      assert.deepEqual([group?.users, group?.properties], [['ada', 'bo'], { room: 7 }])
    }))

  test('a service whose token changed is known by the new one only', () =>
    withStore(async (store) => {
      const culler = (apiToken: string) => ({ hub: { services: [service({ name: 'culler', apiToken })] } })
      await apply(store, culler('first-secret'))

      await apply(store, culler('second-secret'))

      assert.equal(await findToken(store.db, 'first-secret', Date.now()), null)
      assert.ok(await findToken(store.db, 'second-secret', Date.now()))
    }))

  test('a service that the file no longer names is gone', () =>
    withStore(async (store) => {
      await apply(store, { hub: { services: [service({ name: 'culler', apiToken: 'first-secret' })] } })

      await apply(store, {})

      assert.deepEqual(await allServices(store.db), [])
    }))

  for (const { code, hub } of [
    { code: 'SERVICE_UNKNOWN', hub: { loadRoles: [role({ name: 'tutor', scopes: [], services: ['nobody'] })] } },
    { code: 'ROLE_TWICE', hub: { loadRoles: [role({ name: 'tutor' }), role({ name: 'tutor' })] } },
    { code: 'ROLE_FIXED', hub: { loadRoles: [role({ name: 'admin', scopes: ['self'] })] } },
    { code: 'SERVICE_TOKEN_SHORT', hub: { services: [service({ name: 'culler', apiToken: 'short' })] } },
    { code: 'SERVICE_CLIENT_ID', hub: { services: [service({ name: 'culler', oauthClientId: 'culler' })] } },
  ] satisfies { code: string; hub: Said['hub'] }[]) {
    test(`a file with this mistake is refused: ${code}`, () =>
      withStore(async (store) => {
        await assert.rejects(apply(store, { hub }), { code })
      }))
  }
})

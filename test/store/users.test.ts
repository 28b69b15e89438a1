import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addMembers,
  assignRole,
  createGroup,
  createUser,
  createUsers,
  type Database,
  deleteGroup,
  deleteUser,
  encryptedAuthState,
  findGroup,
  findUser,
  groupsOf,
  groupsOfUsers,
  holdersOf,
  idsOfUsers,
  pageOfGroups,
  removeMembers,
  renameUser,
  rolesOf,
  saveDefaultRoles,
  saveEncryptedAuthState,
  saveRole,
  setAdmin,
  setGroupProperties,
  setGroupsOf,
  setHolders,
  setUserInfo,
  touchUser,
  UserPages,
  type UserQuery,
  userByCookieId,
  userById,
  withdrawRole,
} from '#store'
import { everyEngine, now, onEngines, openAt } from './engines.ts'

const roles = ['user', 'admin'].map((name) => ({
  name,
  description: '',
  scopes: [name === 'user' ? 'self' : 'tokens'],
}))

const add = (db: Database, name: string, admin = false) =>
  createUser(db, { name, admin, now, cookieId: `cookie of ${name}` })

/** A server row in the given phase; only what a page of users asks about matters here. */
const addServer = (db: Database, user_id: number, phase: string, name = '') =>
  db
    .insertInto('servers')
    .values({
      user_id,
      name,
      phase,
      display_name: '',
      desired: 'running',
      generation: 1,
      user_options: '{}',
      remove_when_stopped: 0,
      attempt: 1,
      created_at: now,
      lease_fence: 0,
      lease_expires_at: 0,
      due_at: 0,
    })
    .execute()

onEngines(everyEngine, (engine) => {
  test('a user is found by name, by id and by cookie, exactly as it was made', async (t) => {
    const { db } = await engine.open(t)
    const ada = await add(db, 'ada@example.org', true)

    const expected = {
      id: ada.id,
      name: 'ada@example.org',
      admin: true,
      created_at: now,
      last_activity: null,
      cookie_id: 'cookie of ada@example.org',
      user_info: null,
    }
    assert.deepEqual(ada, expected)
    assert.deepEqual(await findUser(db, 'ada@example.org'), expected)
    assert.deepEqual(await userById(db, ada.id), expected)
    assert.deepEqual(await userByCookieId(db, ada.cookie_id), expected)
    assert.equal(await findUser(db, 'Ada@example.org'), null)
  })

  test('a name is given once', async (t) => {
    const { db } = await engine.open(t)
    await add(db, 'ada')
    const bob = await add(db, 'bob')

    await assert.rejects(add(db, 'ada'), { code: 'USER_EXISTS', status: 409 })
    await assert.rejects(renameUser(db, bob.id, 'ada'), { code: 'USER_EXISTS' })
    await renameUser(db, bob.id, 'rob')
    assert.deepEqual([...(await idsOfUsers(db, ['ada', 'bob', 'rob'])).keys()].sort(), ['ada', 'rob'])
  })

  test('10,000 users are created in one go, those that exist are left alone, each has its role', async (t) => {
    const store = await engine.open(t)
    const { db } = store
    await saveDefaultRoles(db, roles)
    const before = await add(db, 'user5', true)
    const users = Array.from({ length: 10_000 }, (_, i) => ({ name: `user${i}`, admin: false, cookieId: `c${i}` }))

    const created = await createUsers(db, { users: [...users, users[7]!], now })

    assert.equal(created.length, 9_999)
    assert.deepEqual(await findUser(db, 'user5'), before)
    assert.equal((await holdersOf(db, 'user', 'user')).length, 10_000)
    assert.deepEqual(await holdersOf(db, 'admin', 'user'), ['user5'])
    assert.equal((await new UserPages(store).page({ offset: 0, limit: 1 })).total, 10_000)
  })

  test('a name of any characters is a name and nothing else', async (t) => {
    const { db } = await engine.open(t)
    const names = [`o'neil"; drop table users;--`, 'ünïcode ☃ 你好', '100%_\\', 'a b', '[1,2]', '{"a":1}']

    await createUsers(db, { users: names.map((name) => ({ name, admin: false, cookieId: name })), now })

    for (const name of names) assert.equal((await findUser(db, name))?.name, name)
    assert.equal((await idsOfUsers(db, names)).size, names.length)
  })

  test('the admin flag and the admin role go together', async (t) => {
    const { db } = await engine.open(t)
    const bob = await add(db, 'bob', true)
    await saveDefaultRoles(db, roles)
    assert.deepEqual(await holdersOf(db, 'admin', 'user'), ['bob'])

    const ada = await add(db, 'ada')
    await setAdmin(db, ada.id, true)
    await setAdmin(db, bob.id, false)

    assert.deepEqual(await holdersOf(db, 'admin', 'user'), ['ada'])
    assert.deepEqual(await holdersOf(db, 'user', 'user'), ['ada', 'bob'])
    assert.equal((await findUser(db, 'bob'))?.admin, false)

    await setHolders(db, { role: 'admin', holder: 'user', names: ['bob'] })
    assert.deepEqual([(await findUser(db, 'ada'))?.admin, (await findUser(db, 'bob'))?.admin], [false, true])
    await assignRole(db, { role: 'admin', holder: 'user', id: ada.id })
    await withdrawRole(db, { role: 'admin', holder: 'user', id: bob.id })
    assert.deepEqual([(await findUser(db, 'ada'))?.admin, (await findUser(db, 'bob'))?.admin], [true, false])
  })

  test('activity never goes back in time', async (t) => {
    const { db } = await engine.open(t)
    const { id } = await add(db, 'ada')

    for (const at of [50, 70, 60]) await touchUser(db, id, at)

    assert.equal((await userById(db, id))?.last_activity, 70)
  })

  test('auth state and user info are kept and cleared', async (t) => {
    const { db } = await engine.open(t)
    const { id } = await add(db, 'ada')
    await saveEncryptedAuthState(db, id, 'gAAAA')
    await setUserInfo(db, id, { display_name: 'Ada' })

    assert.equal(await encryptedAuthState(db, id), 'gAAAA')
    assert.deepEqual((await userById(db, id))?.user_info, { display_name: 'Ada' })
    await saveEncryptedAuthState(db, id, null)
    assert.equal(await encryptedAuthState(db, id), null)
  })

  test('a page of users carries groups, own roles and servers of each', async (t) => {
    const store = await engine.open(t)
    const { db } = store
    await saveDefaultRoles(db, roles)
    const ada = await add(db, 'ada')
    await add(db, 'bob')
    await setGroupsOf(db, ada.id, ['z', 'a'])
    await addServer(db, ada.id, 'ready')
    await addServer(db, ada.id, 'stopped', 'lab')

    const { rows, total } = await new UserPages(store).page({ offset: 0, limit: 50 })

    assert.equal(total, 2)
    assert.deepEqual(
      rows.map(({ name, groups, roles, servers }) => [name, groups, roles, servers.map((server) => server.name)]),
      [
        ['ada', ['a', 'z'], ['user'], ['', 'lab']],
        ['bob', [], ['user'], []],
      ],
    )
  })

  test('pages are filtered and sorted as asked, and the total counts what the filter leaves', async (t) => {
    const store = await engine.open(t)
    const { db } = store
    const pages = new UserPages(store)
    const ids = new Map<string, number>()
    for (const name of ['eve', 'ada', 'Bob_1', 'bobX1', 'élan']) ids.set(name, (await add(db, name)).id)
    await touchUser(db, ids.get('ada')!, 20)
    await touchUser(db, ids.get('eve')!, 10)
    await addServer(db, ids.get('ada')!, 'ready')
    await addServer(db, ids.get('eve')!, 'queued')
    await addServer(db, ids.get('bobX1')!, 'failed')
    await setGroupsOf(db, ids.get('élan')!, ['class'])
    await setGroupsOf(db, ids.get('eve')!, ['class', 'more'])

    const cases: [Partial<UserQuery>, string[]][] = [
      [{}, ['eve', 'ada', 'Bob_1', 'bobX1', 'élan']],
      [{ sort: '-id' }, ['élan', 'bobX1', 'Bob_1', 'ada', 'eve']],
      [{ sort: 'name' }, ['Bob_1', 'ada', 'bobX1', 'eve', 'élan']],
      [{ sort: '-name' }, ['élan', 'eve', 'bobX1', 'ada', 'Bob_1']],
      [{ sort: 'last_activity' }, ['Bob_1', 'bobX1', 'élan', 'eve', 'ada']],
      [{ sort: '-last_activity' }, ['ada', 'eve', 'élan', 'bobX1', 'Bob_1']],
      [{ state: 'active' }, ['eve', 'ada']],
      [{ state: 'ready' }, ['ada']],
      [{ state: 'inactive' }, ['Bob_1', 'bobX1', 'élan']],
      [{ nameFilter: 'bOB' }, ['Bob_1', 'bobX1']],
      [{ nameFilter: 'b_' }, ['Bob_1']],
      [{ nameFilter: 'ÉL' }, ['élan']],
      [{ nameFilter: '%' }, []],
      [{ onlyNames: ['ada', 'nobody'] }, ['ada']],
      [{ onlyNames: ['ada'], onlyGroups: ['class'] }, ['eve', 'ada', 'élan']],
      [{ onlyGroups: ['class', 'more'] }, ['eve', 'élan']],
      [{ onlyGroups: [] }, []],
      [{ onlyGroups: ['class'], state: 'active', nameFilter: 'v' }, ['eve']],
    ]
    for (const [query, expected] of cases) {
      const { rows, total } = await pages.page({ offset: 0, limit: 50, ...query })
      assert.deepEqual([rows.map(({ name }) => name), total], [expected, expected.length], JSON.stringify(query))
    }
    const part = await pages.page({ offset: 1, limit: 2, sort: 'name' })
    assert.deepEqual([part.rows.map(({ name }) => name), part.total], [['ada', 'bobX1'], 5])
  })

  test('what is kept between pages is never older than what was written', async (t) => {
    const url = await engine.fresh(t)
    const store = await openAt(t, url)
    // Another hub of the same database, where there can be one.
    const { db } = url.endsWith(':memory:') ? store : await openAt(t, url)
    await saveDefaultRoles(db, roles)
    const pages = new UserPages(store)
    const seen = async () => {
      const { rows, total } = await pages.page({ offset: 0, limit: 50 })
      return [total, ...rows.map(({ name, groups, roles: held }) => [name, groups.join(), held.join()].join(' '))]
    }
    const ada = await add(db, 'ada')
    assert.deepEqual(await seen(), [1, 'ada  user'])

    await setGroupsOf(db, ada.id, ['class'])
    assert.deepEqual(await seen(), [1, 'ada class user'])
    await setAdmin(db, ada.id, true)
    assert.deepEqual(await seen(), [1, 'ada class admin,user'])
    const bob = await add(db, 'bob')
    assert.deepEqual(await seen(), [2, 'ada class admin,user', 'bob  user'])
    await deleteUser(db, ada.id)
    await renameUser(db, bob.id, 'bo')
    assert.deepEqual(await seen(), [1, 'bo  user'])
    await touchUser(db, bob.id, 20)
    await addServer(db, bob.id, 'ready')
    const [row] = (await pages.page({ offset: 0, limit: 50 })).rows
    assert.deepEqual([row?.last_activity, row?.servers.length], [20, 1])
  })

  test('a deleted user takes along all that was theirs, and nobody gets the id again', async (t) => {
    const { db } = await engine.open(t)
    await saveDefaultRoles(db, roles)
    const ada = await add(db, 'ada')
    await setGroupsOf(db, ada.id, ['class'])
    await addServer(db, ada.id, 'ready')

    assert.equal(await deleteUser(db, ada.id), true)

    assert.equal(await deleteUser(db, ada.id), false)
    assert.deepEqual((await findGroup(db, 'class'))?.users, [])
    assert.deepEqual(await db.selectFrom('servers').select('id').execute(), [])
    assert.ok((await add(db, 'ada')).id > ada.id)
  })

  test('groups have members, properties and an end', async (t) => {
    const { db } = await engine.open(t)
    const [ada, bob] = [await add(db, 'ada'), await add(db, 'bob')]
    const group = await createGroup(db, { name: 'class', properties: { room: 5 } })
    await assert.rejects(createGroup(db, { name: 'class' }), { code: 'GROUP_EXISTS' })

    await addMembers(db, group.id, [ada.id, bob.id])
    await addMembers(db, group.id, [ada.id, 999])
    await addMembers(db, group.id, [])
    await removeMembers(db, group.id, [bob.id])
    assert.deepEqual(await findGroup(db, 'class'), {
      id: group.id,
      name: 'class',
      properties: { room: 5 },
      users: ['ada'],
      roles: [],
    })

    await setGroupProperties(db, group.id, {})
    assert.deepEqual((await findGroup(db, 'class'))?.properties, {})
    assert.equal(await deleteGroup(db, group.id), true)
    assert.deepEqual(await groupsOf(db, ada.id), [])
  })

  test('the groups of a user are made exactly what they are set to, and are made where missing', async (t) => {
    const { db, revision } = await engine.open(t)
    const ada = await add(db, 'ada')
    await setGroupsOf(db, ada.id, ['a', 'b', 'b'])
    await setGroupsOf(db, ada.id, ['c', 'b'])
    assert.deepEqual(await groupsOf(db, ada.id), ['b', 'c'])
    assert.deepEqual([...(await groupsOfUsers(db, ['ada', 'bob']))], [['ada', ['b', 'c']]])

    const before = await revision('access')
    await setGroupsOf(db, ada.id, ['b', 'c'])
    assert.equal(await revision('access'), before)

    await setGroupsOf(db, ada.id, [])
    const page = await pageOfGroups(db, { offset: 1, limit: 1 })
    assert.deepEqual([page.rows.map(({ name }) => name), page.total], [['b'], 3])
    assert.equal((await pageOfGroups(db, { onlyNames: ['c'], offset: 0, limit: 9 })).total, 1)
  })

  test('roles reach a user directly and through groups, each once', async (t) => {
    const { db } = await engine.open(t)
    const ada = await add(db, 'ada')
    for (const name of ['one', 'two', 'three']) await saveRole(db, { name, description: name, scopes: ['tokens'] })
    const group = await createGroup(db, { name: 'class' })
    await addMembers(db, group.id, [ada.id])

    await assignRole(db, { role: 'one', holder: 'user', id: ada.id })
    await assignRole(db, { role: 'one', holder: 'user', id: ada.id })
    await assignRole(db, { role: 'one', holder: 'group', id: group.id })
    await assignRole(db, { role: 'two', holder: 'group', id: group.id })
    await assignRole(db, { role: 'missing', holder: 'user', id: ada.id })
    await assignRole(db, { role: 'three', holder: 'user', id: 999 })
    assert.deepEqual(
      (await rolesOf(db, ada.id)).map(({ name, scopes }) => [name, scopes]),
      [
        ['one', ['tokens']],
        ['two', ['tokens']],
      ],
    )

    await withdrawRole(db, { role: 'one', holder: 'user', id: ada.id })
    await withdrawRole(db, { role: 'two', holder: 'group', id: group.id })
    assert.deepEqual(
      (await rolesOf(db, ada.id)).map(({ name }) => name),
      ['one'],
    )
  })

  test('the holders of a role are made exactly what they are set to', async (t) => {
    const { db } = await engine.open(t)
    for (const name of ['ada', 'bob', 'eve']) await add(db, name)
    await saveRole(db, { name: 'grader', description: '', scopes: [] })

    await setHolders(db, { role: 'grader', holder: 'user', names: ['ada', 'bob'] })
    await setHolders(db, { role: 'grader', holder: 'user', names: ['bob', 'eve', 'nobody'] })

    assert.deepEqual(await holdersOf(db, 'grader', 'user'), ['bob', 'eve'])
    await setHolders(db, { role: 'grader', holder: 'user', names: [] })
    assert.deepEqual(await holdersOf(db, 'grader', 'user'), [])
  })

  test('saving a role that is the same already is no change', async (t) => {
    const { db, revision } = await engine.open(t)
    const role = { name: 'grader', description: 'x', scopes: ['tokens'] }
    const saved = await saveRole(db, role)
    const before = await revision('access')

    assert.deepEqual(await saveRole(db, role), saved)
    assert.equal(await revision('access'), before)
    assert.deepEqual((await saveRole(db, { ...role, scopes: [] })).scopes, [])
    assert.ok((await revision('access')) > before)
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  approve,
  awaitingApproval,
  createSession,
  createSignInLink,
  createToken,
  createUser,
  type Database,
  deleteOauthClient,
  deleteService,
  deleteSession,
  deleteToken,
  deleteTokensOfClient,
  deleteTokensOfServer,
  deleteTokensOfSession,
  deleteUser,
  findIdentity,
  findOauthClient,
  findPassword,
  findService,
  findSession,
  findToken,
  identitiesOfUser,
  purgeExpired,
  recordAudit,
  saveCode,
  saveIdentity,
  saveOauthClient,
  savePassword,
  saveService,
  sessionsOfUser,
  takeCode,
  takeSignInLink,
  tokenById,
  tokensOfUser,
  touchSession,
  touchToken,
} from '#store'
import { everyEngine, now, onEngines } from './engines.ts'

const addUser = (db: Database, name = 'ada') => createUser(db, { name, admin: false, now, cookieId: name })

const plain = { note: 'test', scopes: ['inherit'], now }

const client = {
  identifier: 'jupyterhub-user-ada',
  description: 'Server at /user/ada/',
  secretHash: 'sha512:1:aa:bb',
  redirectUri: '/user/ada/oauth_callback',
  allowedScopes: ['access:servers!server=ada/'],
}

onEngines(everyEngine, (engine) => {
  test('a token is found by its plain text, which is stored nowhere', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const secret = 'abcd0123abcd0123abcd0123abcd0123'
    const made = await createToken(db, { ...plain, userId, secret })

    assert.deepEqual(await findToken(db, secret, now), made)
    assert.deepEqual(made.scopes, ['inherit'])
    assert.equal(made.prefix, 'abcd')
    assert.equal(made.client_id, 'jupyterhub')
    for (const wrong of ['abcd0123abcd0123abcd0123abcd0124', 'abcd', '', 'zzzz', 'abcd'.repeat(5000)]) {
      assert.equal(await findToken(db, wrong, now), null)
    }
    assert.doesNotMatch(JSON.stringify(await db.selectFrom('api_tokens').selectAll().execute()), new RegExp(secret))
  })

  test('tokens with one prefix are told apart, whatever their rounds', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const first = await createToken(db, { ...plain, userId, secret: 'same-one' })
    const second = await createToken(db, { ...plain, userId, secret: 'same-two', rounds: 16_384 })

    assert.equal((await findToken(db, 'same-one', now))?.id, first.id)
    assert.equal((await findToken(db, 'same-two', now))?.id, second.id)
  })

  test('a token ends when it expires', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const { id } = await createToken(db, { ...plain, userId, secret: 'secret', expiresAt: now + 10 })

    assert.equal((await findToken(db, 'secret', now + 9))?.id, id)
    assert.equal(await findToken(db, 'secret', now + 10), null)
    assert.equal(await tokenById(db, id, now + 10), null)
    assert.deepEqual(await tokensOfUser(db, userId, now + 10), [])
  })

  test('the tokens of a user are listed by last use, with the name of their client', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    await saveOauthClient(db, client)
    const unused = await createToken(db, { ...plain, userId, secret: 'aaaa1' })
    const used = await createToken(db, { ...plain, userId, secret: 'aaaa2', clientId: client.identifier })
    await touchToken(db, used.id, 50)
    await touchToken(db, used.id, 40)

    const tokens = await tokensOfUser(db, userId, now)

    assert.deepEqual(
      tokens.map((token) => [token.id, token.last_activity, token.client_description]),
      [
        [used.id, 50, client.description],
        [unused.id, null, ''],
      ],
    )
    assert.deepEqual(await tokenById(db, used.id, now), tokens[0])
  })

  test('tokens are deleted one by one, by session and by client, and no others with them', async (t) => {
    const { db } = await engine.open(t)
    const [ada, bob] = [await addUser(db), await addUser(db, 'bob')]
    await saveOauthClient(db, client)
    const clientId = client.identifier
    await createToken(db, { ...plain, userId: ada.id, secret: 'own' })
    await createToken(db, { ...plain, userId: ada.id, secret: 'of session', sessionId: 's', clientId })
    await createToken(db, { ...plain, userId: ada.id, secret: 'of client', sessionId: 'other', clientId })
    await createToken(db, { ...plain, userId: bob.id, secret: 'of bob', sessionId: 's', clientId })

    assert.equal(await deleteTokensOfSession(db, ada.id, 's'), 1)
    assert.equal(await findToken(db, 'of session', now), null)
    assert.equal(await deleteTokensOfClient(db, ada.id, clientId), 1)
    assert.equal(await findToken(db, 'of client', now), null)
    const own = await findToken(db, 'own', now)
    assert.equal(await deleteToken(db, own!.id), true)
    assert.equal(await deleteToken(db, own!.id), false)
    assert.ok(await findToken(db, 'of bob', now))
  })

  test('the tokens of a server end with it', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const { id: serverId } = await db
      .insertInto('servers')
      .values({
        user_id: userId,
        name: '',
        display_name: '',
        desired: 'running',
        generation: 1,
        user_options: '{}',
        remove_when_stopped: 0,
        phase: 'ready',
        attempt: 1,
        created_at: now,
        lease_fence: 0,
        lease_expires_at: 0,
        due_at: 0,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await createToken(db, { ...plain, userId, secret: 'first run', serverId })
    assert.equal(await deleteTokensOfServer(db, serverId), 1)
    await createToken(db, { ...plain, userId, secret: 'second run', serverId })
    await saveOauthClient(db, { ...client, serverId })

    await db.deleteFrom('servers').where('id', '=', serverId).execute()

    assert.equal(await findToken(db, 'second run', now), null)
    assert.equal(await findOauthClient(db, client.identifier), null)
  })

  test('a token belongs to a user or to a service, never to both or neither', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const service = await saveService(db, {
      name: 'culler',
      admin: false,
      url: null,
      display: true,
      info: { a: 1 },
      fromConfig: true,
    })
    const token = await createToken(db, { ...plain, serviceId: service.id, secret: 'of service' })
    assert.deepEqual([token.user_id, token.service_id], [null, service.id])

    const both = db.updateTable('api_tokens').set({ user_id: userId }).execute()
    await assert.rejects(both)
    await assert.rejects(db.updateTable('api_tokens').set({ service_id: null }).execute())

    assert.deepEqual(await findService(db, 'culler'), service)
    assert.equal(await deleteService(db, service.id), true)
    assert.equal(await findToken(db, 'of service', now), null)
  })

  test('a client is replaced when saved again, and takes codes and tokens along when deleted', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const first = await saveOauthClient(db, client)
    const second = await saveOauthClient(db, { ...client, redirectUri: '/other' })
    assert.deepEqual([second.id, second.redirect_uri], [first.id, '/other'])
    assert.deepEqual(await findOauthClient(db, client.identifier), second)
    await createToken(db, { ...plain, userId, secret: 'browser', clientId: client.identifier })
    await saveCode(db, { ...code, userId })

    assert.equal(await deleteOauthClient(db, client.identifier), true)

    assert.equal(await findToken(db, 'browser', now), null)
    assert.equal(await takeCode(db, code.code, now), null)
  })

  const code = {
    code: 'a'.repeat(30),
    clientId: client.identifier,
    redirectUri: client.redirectUri,
    sessionId: 'session',
    scopes: ['access:servers!server=ada/'],
    codeChallenge: 'challenge',
    codeChallengeMethod: 'S256',
    expiresAt: now + 300_000,
  }

  test('of many that take one code at the same time exactly one gets it', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    await saveOauthClient(db, client)
    await saveCode(db, { ...code, userId })

    const taken = await Promise.all(Array.from({ length: 8 }, () => takeCode(db, code.code, now)))

    const [row, ...more] = taken.filter((got) => got !== null)
    assert.equal(more.length, 0)
    assert.deepEqual([row?.user_id, row?.scopes, row?.code_challenge], [userId, code.scopes, 'challenge'])
  })

  test('an expired code is worth nothing, and neither is a wrong one', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    await saveOauthClient(db, client)
    await saveCode(db, { ...code, userId })

    assert.equal(await takeCode(db, 'b'.repeat(30), now), null)
    assert.equal(await takeCode(db, code.code, code.expiresAt), null)
    assert.equal(await takeCode(db, code.code, now), null)
  })

  test('a sign-in link works once', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    await createSignInLink(db, { secret: 'link', userId, now, expiresAt: now + 10 })
    await createSignInLink(db, { secret: 'late', userId, now, expiresAt: now + 10 })

    const taken = await Promise.all([1, 2, 3].map(() => takeSignInLink(db, 'link', now)))

    assert.deepEqual(
      taken.filter((id) => id !== null),
      [userId],
    )
    assert.equal(await takeSignInLink(db, 'late', now + 10), null)
    assert.equal(await takeSignInLink(db, 'other', now), null)
  })

  test('a session lives until it expires or is ended', async (t) => {
    const { db } = await engine.open(t)
    const [ada, bob] = [await addUser(db), await addUser(db, 'bob')]
    const session = { id: 's1', userId: ada.id, now, expiresAt: now + 100, ip: '::1', userAgent: 'x'.repeat(2000) }
    const made = await createSession(db, session)
    await createSession(db, { ...session, id: 's2' })
    assert.equal(made.user_agent.length, 512)
    assert.deepEqual(await findSession(db, 's1', now + 99), made)
    assert.equal(await findSession(db, 's1', now + 100), null)

    await touchSession(db, 's2', now + 5)
    assert.deepEqual(
      (await sessionsOfUser(db, ada.id, now)).map(({ id }) => id),
      ['s2', 's1'],
    )

    await createSession(db, { ...session, userId: bob.id })
    assert.equal((await findSession(db, 's1', now))?.user_id, bob.id)
    assert.equal(await deleteSession(db, 's1'), true)
    assert.equal(await findSession(db, 's1', now), null)
  })

  test('what has expired is swept out, and nothing else; an idle sweep drops no cache', async (t) => {
    const { db, revision } = await engine.open(t)
    const { id: userId } = await addUser(db)
    const session = { userId, now, ip: '', userAgent: '' }
    await saveOauthClient(db, client)
    await createToken(db, { ...plain, userId, secret: 'for ever' })
    for (const at of [now, now + 1]) {
      await createToken(db, { ...plain, userId, secret: `until ${at}`, expiresAt: at })
      await createSession(db, { ...session, id: `${at}`, expiresAt: at })
      await createSignInLink(db, { secret: `${at}`, userId, now, expiresAt: at })
      await saveCode(db, { ...code, userId, code: `${at}`, expiresAt: at })
    }

    assert.equal(await purgeExpired(db, now), 4)

    assert.equal((await tokensOfUser(db, userId, 0)).length, 2)
    const before = await revision('access')
    assert.equal(await purgeExpired(db, now), 0)
    assert.equal(await revision('access'), before)
  })

  test('a password is replaced, and waits for its approval once', async (t) => {
    const { db } = await engine.open(t)
    const { id: userId } = await addUser(db)
    await savePassword(db, { userId, hash: 'one', approved: false, now })
    assert.deepEqual(await awaitingApproval(db), ['ada'])

    assert.equal(await approve(db, userId), true)
    await savePassword(db, { userId, hash: 'two', approved: false, now: now + 1 })

    assert.deepEqual(await findPassword(db, userId), {
      user_id: userId,
      hash: 'two',
      created_at: now + 1,
      approved: true,
    })
    assert.deepEqual(await awaitingApproval(db), [])
    assert.equal(await approve(db, 999), false)
  })

  test('an identity leads to one user for good', async (t) => {
    const { db } = await engine.open(t)
    const [ada, bob] = [await addUser(db), await addUser(db, 'bob')]
    const seen = { issuer: 'https://idp', subject: '42' }
    await saveIdentity(db, { ...seen, way: 'generic-oauth', userId: ada.id, now })

    await saveIdentity(db, { ...seen, way: 'generic-oauth', userId: bob.id, now: now + 1 })

    const found = await findIdentity(db, 'https://idp', '42')
    assert.deepEqual([found?.user_id, found?.last_seen_at], [ada.id, now + 1])
    assert.equal((await identitiesOfUser(db, bob.id)).length, 0)
    await deleteUser(db, ada.id)
    assert.equal(await findIdentity(db, 'https://idp', '42'), null)
  })

  test('the audit log outlives the user it tells about', async (t) => {
    const { db } = await engine.open(t)
    const { id } = await addUser(db)
    await recordAudit(db, { at: now, actor: 'user ada', action: 'sign-in', target: 'user ada', detail: { ip: '::1' } })
    await deleteUser(db, id)

    const rows = await db.selectFrom('audit').select(['actor', 'detail']).execute()

    assert.deepEqual(rows, [{ actor: 'user ada', detail: '{"ip":"::1"}' }])
  })
})

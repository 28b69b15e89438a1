/** What a sign-in leaves behind: sealed as JupyterHub seals it, renewed before a start, handed to servers. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { encryptedAuthState, findUser, saveEncryptedAuthState } from '#store'
import { authState, environmentFromAuthState, saveAuthState } from '../../src/hub/auth-state.ts'
import { refreshBeforeStart } from '../../src/hub/sign-in/index.ts'
import { pythonEnvironment } from '../harness/python.ts'
import { clientId, clientSecret, type RunningProvider, startProvider } from './provider.ts'
import { Traveller } from './traveller.ts'
import { settingsOf, startTestHub, type TestHub } from './world.ts'

const callback = 'http://127.0.0.1:1/hub/oauth_callback'
let provider: RunningProvider

before(async () => {
  provider = await startProvider([callback])
})
after(() => provider.close())

interface Asked {
  /** Newest first. */
  readonly keys: readonly string[]
  readonly what: 'encrypt' | 'decrypt'
  readonly value: string
}

/** JupyterHub's own keeper of secrets; all at once, since Python takes its time. */
function jupyterHub(...asked: readonly Asked[]): readonly string[] {
  const program = `
import asyncio, json, sys
from jupyterhub.crypto import CryptKeeper

async def answer(keys, what, value):
    keeper = CryptKeeper(parent=None, keys=[key.encode() for key in keys])
    if what == 'encrypt':
        return (await keeper.encrypt(json.loads(value))).decode()
    return json.dumps(await keeper.decrypt(value.encode()))

async def main():
    return [await answer(**one) for one in json.load(sys.stdin)]

print(json.dumps(asyncio.run(main())))
`
  const python = join(pythonEnvironment('5.4'), 'bin', 'python')
  const { stdout, stderr, status } = spawnSync(python, ['-c', program], {
    input: JSON.stringify(asked),
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

const hex = () => randomBytes(32).toString('hex')
/** With padding, as Python wants it. */
const base64 = () => `${randomBytes(32).toString('base64url')}=`
const config = (keys: readonly string[], more = '', rules = '') => `
hub:
  config:
    JupyterHub: {authenticator_class: generic-oauth}
    CryptKeeper: {keys: [${keys.map((key) => `"${key}"`).join(', ')}]}
    Authenticator: {allow_all: true, enable_auth_state: true, ${rules}}
    GenericOAuthenticator:
      oidc_issuer: ${provider.issuer}
      client_id: ${clientId}
      client_secret: ${clientSecret}
      oauth_callback_url: ${callback}
      scope: [openid, profile, email]
      username_claim: preferred_username
${more}`

async function signIn(hub: TestHub, person: string): Promise<{ browser: Traveller; userId: number }> {
  const browser = new Traveller()
  provider.signsIn = person
  const stopped = await browser.open(`${hub.url}/hub/oauth_login?at=here`, { until: (url) => url.port === '1' })
  await browser.open(`${hub.url}/hub/oauth_callback${new URL(stopped.url).search}`, {
    until: (url) => url.pathname === '/hub/spawn',
  })
  const user = await findUser(hub.store.db, person)
  assert.ok(user, JSON.stringify(hub.denials()))
  return { browser, userId: user.id }
}

test('what a real JupyterHub sealed is read, sealed anew with the newest key, and read by it again', async (t) => {
  const [old, newest] = [hex(), base64()]
  provider.people.set('ada', { preferred_username: 'ada' })
  const hub = await startTestHub(t, { config: config([newest, old]) })
  const { userId } = await signIn(hub, 'ada')
  const state = { access_token: 'gho_ä€😀', github_user: { login: 'ada', id: 7 }, nothing: null }
  const [sealedThere] = jupyterHub({ keys: [old], what: 'encrypt', value: JSON.stringify(state) })
  await saveEncryptedAuthState(hub.store.db, userId, sealedThere!)

  assert.deepEqual(await authState(hub.context, userId), state)
  const renewed = (await encryptedAuthState(hub.store.db, userId))!
  await saveAuthState(hub.context, userId, { ...state, access_token: 'other' })
  const ours = (await encryptedAuthState(hub.store.db, userId))!
  const read = jupyterHub(
    { keys: [newest], what: 'decrypt', value: renewed },
    { keys: [newest, old], what: 'decrypt', value: ours },
  )
  assert.deepEqual(JSON.parse(read[0]!), state)
  assert.equal(JSON.parse(read[1]!).access_token, 'other')

  // Once no key of ours opens it, it counts as none, and the log says so.
  await saveEncryptedAuthState(hub.store.db, userId, sealedThere!)
  const settings = await settingsOf(config([hex()]))
  assert.equal(await authState({ ...hub.context, settings: () => settings }, userId), null)
  assert.ok(hub.logged.some(({ level, message }) => level === 'warn' && message.startsWith('auth_state was sealed')))
})

test('before a start the tokens are renewed, and the server gets the fresh ones', async (t) => {
  provider.people.set('cat', { preferred_username: 'cat', name: 'Cat', groups: ['lab'] })
  const env =
    'env_from_auth_state: {TOKEN: access_token, WHO: oauth_user.name, GROUPS: oauth_user.groups, NO: not.there}'
  const hub = await startTestHub(t, { config: config([hex()], '', env) })
  const { userId } = await signIn(hub, 'cat')
  const first = await environmentFromAuthState(hub.context, userId)
  assert.deepEqual([first.WHO, first.GROUPS, 'NO' in first], ['Cat', '["lab"]', false])

  provider.people.set('cat', { preferred_username: 'cat', name: 'Cat II', groups: ['lab'] })
  hub.pass(1_000)
  await refreshBeforeStart(hub.context, userId)
  const second = await environmentFromAuthState(hub.context, userId)
  assert.equal(second.WHO, 'Cat II')
  assert.ok(second.TOKEN)
})

test('who is gone at the provider starts nothing, and is signed out', async (t) => {
  provider.people.set('dan', { preferred_username: 'dan' })
  const hub = await startTestHub(t, { config: config([hex()]) })
  const { browser, userId } = await signIn(hub, 'dan')
  provider.people.delete('dan')
  hub.pass(1_000)
  await assert.rejects(refreshBeforeStart(hub.context, userId), { code: 'AUTH_EXPIRED', status: 403 })
  assert.equal(JSON.parse((await browser.open(`${hub.url}/hub/who`)).text).name, null)
})

test('groups of the provider are for the rules even where the hub does not manage them', async (t) => {
  provider.people.set('eva', { preferred_username: 'eva', groups: ['lab', 'staff'] })
  const rules = 'allow_all: false, allowed_groups: [lab], admin_groups: [staff]'
  const text = config([hex()], '      claim_groups_key: groups', rules).replace('allow_all: true, ', '')
  const hub = await startTestHub(t, { config: text })
  const { browser } = await signIn(hub, 'eva')
  const who = JSON.parse((await browser.open(`${hub.url}/hub/who`)).text)
  assert.deepEqual(who, { name: 'eva', admin: true, groups: [] })
})

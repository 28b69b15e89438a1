/** The presets, each with a stand-in for its provider's API: what is asked there, and what comes of the answers. */
import assert from 'node:assert/strict'
import { after, before, beforeEach, type TestContext, test } from 'node:test'
import { findUser } from '#store'
import { authState } from '../../src/hub/auth-state.ts'
import { kid, own, rogue, signed } from './hostile-provider.ts'
import { type Answer, type Asked, type StandIn, startStandIn } from './stand-in.ts'
import { Traveller } from './traveller.ts'
import { startTestHub, type TestHub } from './world.ts'

let api: StandIn

before(async () => {
  api = await startStandIn()
})
beforeEach(() => {
  api.routes = {}
  api.asked.length = 0
})
after(() => api.close())

const tokens = { access_token: 'a-token', token_type: 'Bearer', scope: 'read' }

async function hubWith(t: TestContext, way: string, section: object, rules: object = {}): Promise<TestHub> {
  const [className, options] = Object.entries(section)[0]!
  const config = {
    JupyterHub: { authenticator_class: way },
    Authenticator: { enable_auth_state: true, ...rules },
    [className]: { client_id: 'hub', client_secret: 'secret', ...(options as object) },
  }
  return startTestHub(t, { config: JSON.stringify({ hub: { config } }) })
}

/** As a browser that the provider sends back at once. Null: not let in. */
async function come(hub: TestHub): Promise<{ name: string; admin: boolean; groups: string[] } | null> {
  const browser = new Traveller()
  const { url } = await browser.open(`${hub.url}/hub/oauth_login?at=here`, { until: () => true })
  const state = new URL(url).searchParams.get('state') ?? ''
  await browser.open(`${hub.url}/hub/oauth_callback?${new URLSearchParams({ code: 'a-code', state })}`, {
    until: ({ pathname }) => pathname === '/hub/spawn',
  })
  const who = JSON.parse((await browser.open(`${hub.url}/hub/who`)).text)
  return who.name === null ? null : who
}

const bearer = ({ headers }: Asked) => headers.authorization === 'Bearer a-token'
const asOwner = (answer: Answer) => (asked: Asked) => (bearer(asked) ? answer : 401)
const lastDenial = (hub: TestHub) => hub.denials().at(-1)

test('GitLab: members of a group, and developers of a project', async (t) => {
  const gitlab = (options: object) => ({ GitLabOAuthenticator: { gitlab_url: api.url, ...options } })
  const member = (level: number) => asOwner({ id: 7, username: 'Ada', access_level: level })
  const routes = { '/oauth/token': () => tokens, '/api/v4/user': asOwner({ id: 7, username: 'Ada' }) }
  api.routes = { ...routes, '/api/v4/groups/school%2Fphysics/members/all/7': member(10) }
  const groups = await hubWith(t, 'gitlab', gitlab({ allowed_gitlab_groups: ['school/physics'] }))
  assert.equal((await come(groups))?.name, 'ada')
  api.routes = routes
  assert.equal(await come(groups), null)
  assert.match(lastDenial(groups)!.log, /school\/physics/)

  const projects = await hubWith(t, 'gitlab', gitlab({ allowed_project_ids: ['42'] }))
  api.routes = { ...routes, '/api/v4/projects/42/members/all/7': member(20) }
  assert.equal(await come(projects), null, 'a reporter is no developer')
  api.routes = { ...routes, '/api/v4/projects/42/members/all/7': member(30) }
  assert.equal((await come(projects))?.name, 'ada')
})

const tenant = '11111111-2222-3333-4444-555555555555'
const entraClaims = (more: object = {}) => {
  const iat = Math.floor(Date.now() / 1000)
  const who = { name: 'Ada', upn: 'ada@x.org', oid: 'o-1', sub: 's-1', tid: tenant, groups: ['g-1'] }
  return { iss: `https://sts.windows.net/${tenant}/`, aud: 'hub', iat, exp: iat + 300, ...who, ...more }
}

test('Microsoft Entra: the ID token is verified: its key, its tenant, its groups', async (t) => {
  const options = { graph_url: api.url, tenant_id: tenant, username_claim: 'upn' }
  const rules = { allowed_groups: ['g-1'], manage_groups: true }
  const hub = await hubWith(t, 'azuread', { AzureAdOAuthenticator: options }, rules)
  const jwks = { keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }
  const answer = (claims: object, key = own.privateKey) => {
    const id_token = signed({ header: { alg: 'RS256', kid }, claims: { ...claims } }, key)
    api.routes = {
      [`/${tenant}/oauth2/token`]: () => ({ ...tokens, id_token }),
      [`/${tenant}/discovery/keys`]: () => jwks,
    }
    return come(hub)
  }
  assert.deepEqual(await answer(entraClaims()), { name: 'ada@x.org', admin: false, groups: ['g-1'] })
  const other = '99999999-2222-3333-4444-555555555555'
  const bad: readonly [what: string, claims: object, key?: typeof own.privateKey][] = [
    ['signed by another', entraClaims(), rogue.privateKey],
    ['of another tenant', entraClaims({ tid: other, iss: `https://sts.windows.net/${other}/` })],
    ['of a tenant that its issuer is not', entraClaims({ iss: `https://sts.windows.net/${other}/` })],
    ['for another application', entraClaims({ aud: 'other' })],
    ['that has expired', entraClaims({ exp: 1 })],
    ['that leaves its groups out', entraClaims({ groups: undefined, _claim_names: { groups: 'src1' } })],
    ['of other groups', entraClaims({ groups: ['g-2'] })],
  ]
  for (const [what, claims, key] of bad) assert.equal(await answer(claims, key), null, what)
  assert.equal(hub.denials().length, bad.length)
})

const globusTokens = {
  ...tokens,
  resource_server: 'auth.globus.org',
  other_tokens: [
    { access_token: 'groups-token', resource_server: 'groups.api.globus.org', scope: 'groups' },
    { access_token: 'transfer-token', resource_server: 'transfer.api.globus.org', scope: 'transfer' },
  ],
}

test('Globus: groups are asked with their own token, and which tokens are kept is said', async (t) => {
  const options = {
    token_url: `${api.url}/token`,
    userdata_url: `${api.url}/userinfo`,
    globus_groups_url: `${api.url}/my_groups`,
    allowed_globus_groups: ['group-1'],
    identity_provider: 'uni.edu',
  }
  const hub = await hubWith(t, 'globus', { GlobusOAuthenticator: options })
  const routes = (name: string, groups: readonly object[]) => ({
    '/token': () => globusTokens,
    '/userinfo': asOwner({ sub: `sub-of-${name}`, preferred_username: name }),
    '/my_groups': ({ headers }: Asked) => (headers.authorization === 'Bearer groups-token' ? groups : 403),
  })
  api.routes = routes('ada@uni.edu', [{ id: 'group-1' }])
  assert.equal((await come(hub))?.name, 'ada')
  const kept = await authState(hub.context, (await findUser(hub.store.db, 'ada'))!.id)
  assert.deepEqual(Object.keys((kept?.tokens ?? {}) as object), ['transfer.api.globus.org'])
  api.routes = routes('bob@uni.edu', [{ id: 'group-2' }])
  assert.equal(await come(hub), null)
  api.routes = routes('eve@uni.edu.evil.org', [{ id: 'group-1' }])
  assert.equal(await come(hub), null)
  assert.equal(lastDenial(hub)?.code, 'ACCOUNT_NOT_TAKEN')
})

test('Bitbucket: workspaces over several pages of the same API, and of no other', async (t) => {
  const options = {
    token_url: `${api.url}/token`,
    userdata_url: `${api.url}/2.0/user`,
    allowed_teams: ['physics'],
  }
  const hub = await hubWith(t, 'bitbucket', { BitbucketOAuthenticator: options })
  const pages = (next: string) => ({
    '/token': () => tokens,
    '/2.0/user': asOwner({ username: 'Ada', uuid: '{1}' }),
    '/2.0/workspaces': (asked: Asked) => {
      if (!bearer(asked)) return 401
      const isSecond = asked.query.get('page') === '2'
      return isSecond ? { values: [{ name: 'physics' }] } : { values: [{ name: 'chemistry' }], next }
    },
  })
  api.routes = pages(`${api.url}/2.0/workspaces?role=member&page=2`)
  assert.equal((await come(hub))?.name, 'ada')
  const elsewhere = await startStandIn()
  api.routes = pages(`${elsewhere.url}/2.0/workspaces?page=2`)
  assert.equal(await come(hub), null)
  assert.deepEqual(elsewhere.asked, [], 'the token went nowhere else')
  await elsewhere.close()
})

test('OpenShift: its own discovery, and groups that stand beside the name', async (t) => {
  const options = { openshift_url: api.url, openshift_rest_api_url: api.url }
  const rules = { allowed_groups: ['lab'], admin_groups: ['admins'], manage_groups: true }
  const hub = await hubWith(t, 'openshift', { OpenShiftOAuthenticator: options }, rules)
  const user = { metadata: { name: 'Ada', uid: 'u-1' }, groups: ['lab', 'admins'] }
  api.routes = {
    '/.well-known/oauth-authorization-server': () => ({ issuer: `${api.url}/sso` }),
    '/sso/oauth/token': () => tokens,
    '/apis/user.openshift.io/v1/users/~': asOwner(user),
  }
  assert.deepEqual(await come(hub), { name: 'ada', admin: true, groups: ['admins', 'lab'] })
})

test('Canvas: the address of the profile, without the domain that is stripped', async (t) => {
  const options = { canvas_url: api.url, strip_email_domain: 'uni.edu', allow_all: true }
  const hub = await hubWith(t, 'canvas', { CanvasOAuthenticator: options })
  const routes = (primary_email: string) => ({
    '/login/oauth2/token': () => tokens,
    '/api/v1/users/self/profile': asOwner({ id: primary_email, primary_email }),
  })
  api.routes = routes('Ada@uni.edu')
  assert.equal((await come(hub))?.name, 'ada')
  api.routes = routes('bob@other.edu')
  assert.equal((await come(hub))?.name, 'bob@other.edu')
})

test('Auth0: an address that nobody verified is nobody’s', async (t) => {
  const options = {
    auth0_domain: 'x.auth0.com',
    token_url: `${api.url}/oauth/token`,
    userdata_url: `${api.url}/userinfo`,
    allow_all: true,
  }
  const hub = await hubWith(t, 'auth0', { Auth0OAuthenticator: options })
  const routes = (user: object) => ({ '/oauth/token': () => tokens, '/userinfo': asOwner({ sub: 'auth0|1', ...user }) })
  api.routes = routes({ email: 'ada@x.org', email_verified: true })
  assert.equal((await come(hub))?.name, 'ada@x.org')
  for (const email_verified of [false, 'true', undefined]) {
    api.routes = routes({ email: 'ada@x.org', ...(email_verified === undefined ? {} : { email_verified }) })
    assert.equal(await come(hub), null)
    assert.equal(lastDenial(hub)?.code, 'MAIL_NOT_VERIFIED')
  }
})

test('Okta, as a generic provider: groups of a claim, under the names of the hub', async (t) => {
  const options = {
    authorize_url: `${api.url}/oauth2/v1/authorize`,
    token_url: `${api.url}/oauth2/v1/token`,
    userdata_url: `${api.url}/oauth2/v1/userinfo`,
    username_claim: 'preferred_username',
    claim_groups_key: 'groups',
    groups_map: { 'Okta-Physics': 'physics' },
  }
  const rules = { manage_groups: true, allowed_groups: ['physics'] }
  const hub = await hubWith(t, 'generic-oauth', { GenericOAuthenticator: options }, rules)
  api.routes = {
    '/oauth2/v1/token': () => tokens,
    '/oauth2/v1/userinfo': asOwner({ sub: '00u1', preferred_username: 'Ada', groups: ['Everyone', 'Okta-Physics'] }),
  }
  assert.deepEqual(await come(hub), { name: 'ada', admin: false, groups: ['Everyone', 'physics'] })
})

test('a provider that answers with nonsense lets nobody in, and the log says what it was', async (t) => {
  const options = {
    authorize_url: `${api.url}/authorize`,
    token_url: `${api.url}/token`,
    userdata_url: `${api.url}/user`,
    username_claim: 'name',
    allow_all: true,
  }
  const hub = await hubWith(t, 'generic-oauth', { GenericOAuthenticator: options })
  const nonsense: readonly Readonly<Record<string, () => Answer>>[] = [
    { '/token': () => 500 },
    { '/token': () => ({ error: 'bad_verification_code', error_description: 'The code is wrong.' }) },
    { '/token': () => ({ token_type: 'Bearer' }) },
    { '/token': () => tokens, '/user': () => 401 },
    { '/token': () => tokens, '/user': () => ['ada'] },
    { '/token': () => tokens, '/user': () => ({ name: { first: 'Ada' } }) },
    { '/token': () => tokens, '/user': () => ({ name: '' }) },
  ]
  for (const routes of nonsense) {
    api.routes = routes
    assert.equal(await come(hub), null)
  }
  assert.equal(hub.denials().length, nonsense.length)
  assert.ok(
    hub.denials().every(({ log }) => log !== '' && !log.includes('a-token')),
    JSON.stringify(hub.denials()),
  )
})

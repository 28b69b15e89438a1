import assert from 'node:assert/strict'
import { test } from 'node:test'
import { builtInClient, createToken } from '#store'
import type { ServerState } from '../../src/hub/servers/contract.ts'
import { start } from '../oauth/hub.ts'
import { pagesHub, profile } from './hub.ts'
import { registerSampleForms } from './sample-forms.ts'
import { problemsOf } from './structure.ts'

const evil = `"><img src=x onerror=alert(1)>'</script><b>`
const reason = { code: 'EXITED', message: `It ended ${evil}.`, hint: evil, logTail: ['first', evil] }
const image = {
  name: 'image',
  displayName: evil,
  choices: [{ name: 'x', displayName: evil, description: evil, isDefault: true, override: {}, allowedGroups: null }],
  unlistedChoice: {
    displayName: evil,
    displayNameInChoices: evil,
    description: evil,
    validationRegex: evil,
    validationMessage: evil,
    allowedGroups: null,
    override: {},
  },
}
const profiles = [
  profile('Plain', evil, { slug: 'plain', isDefault: true }),
  profile(evil, evil, { slug: 'evil', options: [image] }),
]
const states: Record<string, ServerState> = {
  '': { phase: 'ready', since: start, url: 'http://127.0.0.1:9' },
  failed: { phase: 'failed', reason },
  queued: { phase: 'queued', position: 3 },
  starting: { phase: 'starting', since: start },
  stopping: { phase: 'stopping', since: start },
  stopped: { phase: 'stopped' },
}

const paths: [path: string, status: number][] = [
  ['home', 200],
  ['spawn/USER', 200],
  ['spawn/USER/stopped', 200],
  [`spawn/USER/stopped?next=${encodeURIComponent(`/user/${evil}`)}`, 200],
  [`spawn/USER/new?display_name=${encodeURIComponent(evil)}`, 200],
  ['spawn-pending/USER/failed', 500],
  ['spawn-pending/USER/queued', 200],
  ['spawn-pending/USER/starting', 200],
  ['spawn-pending/USER/stopping', 200],
  ['spawn-pending/USER/stopped', 200],
  ['user/USER/stopped/lab', 424],
  ['token', 200],
  ['admin', 200],
  ['error/503', 503],
  [`nothing/${encodeURIComponent(evil)}`, 404],
  ['sample/login', 200],
  ['sample/login-failed', 200],
  ['sample/signup', 200],
  ['sample/logout', 200],
  ['sample/oauth', 200],
  ['sample/approvals', 200],
]

test('every page is sound in both languages, and shows markup in names as text', async (t) => {
  const hub = await pagesHub(t, { profiles, hub: { services: [service('evil')], templateVars: {} } })
  registerSampleForms(hub.app, hub.context)
  const user = await hub.addUser(evil.replaceAll('/', ''), { admin: true })
  for (const [name, state] of Object.entries(states)) {
    const options = { profile: `gone${evil}` }
    hub.servers.put({
      userId: user.id,
      userName: user.name,
      name,
      displayName: name && evil,
      state,
      userOptions: options,
    })
  }
  const token = { userId: user.id, scopes: ['inherit'], now: start, clientId: builtInClient }
  await createToken(hub.store.db, { ...token, secret: 'secret-of-a-token', note: evil })
  const browser = await hub.signedIn(user)

  for (const [path, status] of paths) {
    for (const language of ['en', 'de']) {
      const url = `/hub/${path.replace('USER', encodeURIComponent(user.name))}`
      const answer = await browser.request({ url, headers: { 'accept-language': language, accept: 'text/html' } })

      assert.equal(answer.statusCode, status, `${url}: ${answer.body.slice(0, 300)}`)
      assert.deepEqual(problemsOf(answer.body), [], `${url} in ${language}`)
      assert.doesNotMatch(answer.body, /<img src=x|\[object Object\]|\bundefined\b/, url)
      assert.match(answer.body, new RegExp(`<html lang="${language}">`))
    }
  }
})

test('pages may not be framed and run no inline script', async (t) => {
  const hub = await pagesHub(t)
  const browser = await hub.signedIn(await hub.addUser('ada'))

  const { headers } = await browser.open('/hub/home')

  const policy = String(headers['content-security-policy'])
  assert.match(policy, /script-src 'self';/)
  assert.match(policy, /style-src 'self';/)
  assert.match(policy, /frame-ancestors 'none'/)
  assert.match(policy, /form-action 'self'/)
  assert.equal(headers['cache-control'], 'no-store')
})

test('static files with their version in the address are kept, others asked for again', async (t) => {
  const hub = await pagesHub(t)
  const { body } = await hub.browser().open('/hub/error/404')
  const [, url = ''] = /href="(\/hub\/static\/himalia\.css\?v=\w+)"/.exec(body) ?? []

  const kept = await hub.browser().open(url)
  const asked = await hub.browser().open('/hub/static/himalia.css')
  const bootstrap = await hub.browser().open('/hub/static/components/bootstrap/dist/css/bootstrap.min.css')
  const missing = await hub.browser().open('/hub/static/../templates/page.html')
  const logo = await hub.browser().open('/hub/logo')

  assert.match(String(kept.headers['cache-control']), /immutable/)
  assert.equal(kept.headers['content-type'], 'text/css; charset=utf-8')
  assert.equal(asked.headers['cache-control'], 'no-cache')
  assert.deepEqual(
    [kept, asked, bootstrap, missing, logo].map((answer) => answer.statusCode),
    [200, 200, 200, 404, 200],
  )
  assert.equal(logo.headers['content-type'], 'image/svg+xml')
})

function service(name: string) {
  return {
    name,
    admin: false,
    url: 'http://127.0.0.1:9',
    apiToken: null,
    oauthClientId: null,
    oauthRedirectUri: null,
    oauthNoConfirm: false,
    oauthClientAllowedScopes: [],
    display: true,
    info: {},
  }
}

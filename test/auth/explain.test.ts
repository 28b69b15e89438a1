/** What administrators learn about those who came, and those who were turned away. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createUser, findUser, setAdmin } from '#store'
import { tell } from '../../src/cli/commands/auth.ts'
import { explain } from '../../src/hub/sign-in/index.ts'
import { Traveller } from './traveller.ts'
import { settingsOf, startTestHub, type TestHub } from './world.ts'

const config = (rules: string) =>
  `hub: {config: {JupyterHub: {authenticator_class: remote-user}, Authenticator: {${rules}}, RemoteUserAuthenticator: {trusted_proxies: [192.0.2.80], groups_header: Groups, mail_header: Mail}}}`

/** As the web server sends them. */
async function come(hub: TestHub, headers: Record<string, string>, browser = new Traveller()) {
  const all = { 'x-forwarded-for': '192.0.2.80', ...headers }
  const page = await browser.open(`${hub.url}/hub/login?next=%2Fhub%2Fsign-ins`, { headers: all })
  return { browser, page }
}

const ada = { REMOTE_USER: 'Ada', Groups: 'guests;lab', Mail: 'ada@x.org' }

test('a denial is replayed with what came in, and with rules that were changed since', async (t) => {
  const hub = await startTestHub(t, { config: config('allowed_groups: [staff], allowed_email_domains: [y.org]') })
  assert.equal((await come(hub, ada)).page.status, 403)
  const then = await explain(hub.context, 'ADA')
  assert.equal(then.decision.outcome, 'no-rule')
  const text = tell(then)
  assert.match(text, /ada was turned away: NO_RULE_ALLOWS/)
  assert.match(text, /Groups: guests;lab/)
  assert.match(text, /not met {2}allowed_groups: members of staff/)
  assert.match(text, /Result: may not enter\./)

  const changed = await settingsOf(config('allowed_groups: [staff, lab], admin_groups: [lab]'))
  const now = await explain({ store: hub.store, settings: () => changed }, 'ada')
  assert.equal(now.decision.outcome, 'enters')
  assert.match(tell(now), /met +allowed_groups[\s\S]*Result: may enter, as an administrator\./)
  assert.equal(await findUser(hub.store.db, 'ada'), null, 'nobody was made')
})

test('who came in is told with the rule; blocked is blocked; nobody known is asked by name', async (t) => {
  const hub = await startTestHub(t, { config: config('allowed_groups: [lab]') })
  await come(hub, ada)
  assert.match(
    tell(await explain(hub.context, 'ada')),
    /let in by allowed_groups[\s\S]*The account ada: no administrator/,
  )
  const blocked = await settingsOf(config('allow_all: true, blocked_users: [ada]'))
  assert.match(tell(await explain({ store: hub.store, settings: () => blocked }, 'ada')), /blocked by blocked_users/)
  assert.match(tell(await explain(hub.context, 'eve')), /no record of a visit of eve[\s\S]*There is no account eve/)
})

test('a mistake on the way in does not hide the visit that tells something', async (t) => {
  const hub = await startTestHub(t, { config: config('allowed_groups: [lab]') })
  await come(hub, { ...ada, Groups: 'guests' })
  await new Traveller().open(`${hub.url}/hub/login`, { headers: { 'x-forwarded-for': '203.0.113.9', ...ada } })
  const { visit } = await explain(hub.context, 'ada')
  assert.deepEqual(visit?.seen?.groups, ['guests'])
})

test('administrators see on a page what came in at a denial; others see nothing', async (t) => {
  const hub = await startTestHub(t, { config: config('allowed_groups: [lab]') })
  await come(hub, { REMOTE_USER: 'eve', Groups: '<b>guests</b>', Mail: 'eve@x.org' })
  const user = await createUser(hub.store.db, { name: 'teacher', admin: true, now: 0, cookieId: 'a'.repeat(32) })
  await setAdmin(hub.store.db, user.id, true)
  const { browser, page } = await come(hub, { REMOTE_USER: 'teacher', Groups: 'lab' })
  assert.equal(page.status, 200, page.text.slice(0, 500))
  assert.match(page.text, /NO_RULE_ALLOWS/)
  assert.match(page.text, /<dt>Groups<\/dt><dd>&lt;b&gt;guests/)
  const explained = await browser.open(`${hub.url}/hub/sign-ins?user=eve`)
  assert.match(explained.text, /Not met:<\/strong> <code>allowed_groups/)
  assert.equal((await come(hub, ada)).page.status, 403)
})

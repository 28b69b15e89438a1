/** The installation guide's config.yaml for Shibboleth, behind Apache and mod_shib, with pysaml2's identity provider. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { loadConfig } from '../../src/config/index.ts'
import { type RunningHub, startHub } from '../harness/hub.ts'
import { Browser } from './browser.ts'
import { type RunningApache, startApache } from './mod-shib.ts'
import { freePort, type RunningIdp, startIdp } from './pysaml2.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-shib-'))
const spMetadata = join(folder, 'sp.xml')
let idp: RunningIdp
let hub: RunningHub
let apache: RunningApache

/** As the guide has it, with the address of the site, and the line that the check asks for. */
const guide = (logoutUrl: string) => `
hub:
  image:
    name: gesiscss/k8s-hub
    tag: 0.8.2-v1.5.0
  extraConfig: |
    c.Authenticator.shibboleth_logout_url = '${logoutUrl}'
  config:
    Authenticator:
      allow_all: true
auth:
  type: custom
  custom:
    className: "jhub_shibboleth_auth.shibboleth_auth.ShibbolethAuthenticator"
  state:
    enabled: true
`

/** Here the servers of users are processes of the machine that Apache is on, so an address alone proves nothing. */
const proxySecret = 'a-secret-of-apache-and-the-hub'
const guideHere = (logoutUrl: string) =>
  guide(logoutUrl).replace('  config:', `  config:\n    ShibbolethAuthenticator: {proxy_secret: ${proxySecret}}`)

before(async () => {
  await chmod(folder, 0o755)
  const [port, hubPort] = [await freePort(), await freePort()]
  const logoutUrl = `http://127.0.0.1:${port}/Shibboleth.sso/Logout`
  const starting = startHub({ config: guideHere(logoutUrl), port: hubPort })
  idp = await startIdp({ folder: join(folder, 'idp'), serviceProviders: [spMetadata], signResponse: true })
  const idpMetadata = join(folder, 'idp.xml')
  writeFileSync(idpMetadata, idp.metadata)
  const idpEntityId = `${idp.url}/idp`
  apache = await startApache({ folder: join(folder, 'apache'), port, hubPort, idpEntityId, idpMetadata, proxySecret })
  writeFileSync(spMetadata, await (await fetch(`${apache.url}/Shibboleth.sso/Metadata`)).text())
  hub = await starting
})

after(async () => {
  await apache?.[Symbol.asyncDispose]()
  await hub?.[Symbol.asyncDispose]()
  await idp?.[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('the check accepts the configuration of the guide, and asks for the allow line where it is missing', async () => {
  const text = guide('https://hub.example.org/Shibboleth.sso/Logout')
  const withLine = await loadConfig({ text, mode: 'cluster' })
  assert.ok(withLine.settings, JSON.stringify(withLine.problems))
  const without = await loadConfig({ text: text.replace('allow_all: true', 'allow_all: null'), mode: 'cluster' })
  assert.ok(without.problems.some(({ code }) => code === 'NO_ALLOW_RULE'))
})

/** The command lines of programs that were started with this folder. */
function processesOf(path: string): readonly string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const lines = ids.map((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8')
    } catch {
      return ''
    }
  })
  return lines.filter((line) => line.includes(path))
}

test('where servers are processes the hub does not start without the secret, and says why', async () => {
  const dataDir = join(folder, 'refused')
  mkdirSync(dataDir, { mode: 0o700 })
  const starting = startHub({ config: guide('https://hub.example.org/Shibboleth.sso/Logout'), dataDir })
  await assert.rejects(starting, /would believe headers that come from this machine[\s\S]*proxy_secret/)
  assert.deepEqual(processesOf(dataDir), [], 'no proxy is left behind')
})

async function signIn(browser: Browser, person: string) {
  const form = await browser.open(`${apache.url}/hub/login?next=%2Fhub%2Fhome`)
  assert.match(form.text, /Identity provider/, apache.log().slice(-3000))
  return browser.submit(await browser.submit(form, { person }))
}

test('a person signs in through mod_shib, and auth_state has what the original kept', async () => {
  const page = await signIn(new Browser(), 'ada')
  assert.equal(page.status, 200, `${page.text.slice(0, 1500)}${apache.log().slice(-3000)}`)
  assert.equal(page.url.href, `${apache.url}/hub/home`)
  const answer = await hub.api('/users/ada.lovelace@example.edu')
  const { auth_state } = (await answer.json()) as { auth_state: Record<string, string> }
  assert.deepEqual(auth_state, {
    mail: 'Ada.Lovelace@example.edu',
    jh_name: 'Ada.Lovelace@example.edu',
    Eppn: 'ada@example.edu',
    cn: 'Ada Lovelace-Müller',
    Givenname: 'Ada',
    sn: 'Lovelace-Müller',
  })
})

test('signing out leads to shibboleth_logout_url, and mod_shib ends its session', async () => {
  const browser = new Browser()
  await signIn(browser, 'ada')
  const page = await browser.open(`${apache.url}/hub/logout`)
  assert.equal(page.url.pathname, '/Shibboleth.sso/Logout')
  assert.equal(page.status, 200)
  const again = await browser.open(`${apache.url}/hub/login`)
  assert.match(again.text, /Identity provider/)
})

test('somebody without a mail address reads what is missing', async () => {
  const page = await signIn(new Browser(), 'nobody')
  assert.equal(page.status, 403)
  assert.match(page.text, /did not tell “mail”/)
  assert.match(hub.output(), /SHIBBOLETH_NAME_MISSING/)
})

test('headers of a browser are worth nothing: mod_shib takes them away, and the hub believes no other way in', async () => {
  const forged = { mail: 'admin@example.edu', eppn: 'admin@example.edu', 'shib-session-id': '_1' }
  const throughApache = await new Browser().open(`${apache.url}/hub/login`, { headers: forged })
  assert.match(throughApache.text, /Identity provider|spoof/i)
  for (const [name, value] of Object.entries({ Mail: 'admin@example.edu', MAIL: 'admin@example.edu', mail_: 'x' })) {
    const page = await new Browser().open(`${apache.url}/hub/home`, { headers: { [name]: value } })
    assert.doesNotMatch(page.text, /admin@example\.edu/)
  }
  const users = (await (await hub.api('/users')).json()) as { name: string }[]
  assert.ok(!users.some(({ name }) => name.startsWith('admin@')))
})

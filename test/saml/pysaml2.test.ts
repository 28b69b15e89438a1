/** The hub's own SAML with pysaml2's identity provider, which signs and encrypts with xmlsec1. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { type RunningHub, startHub } from '../harness/hub.ts'
import { Browser } from './browser.ts'
import { freePort, type IdpOptions, keyFiles, type RunningIdp, startIdp } from './pysaml2.ts'

const folder = mkdtempSync(join(tmpdir(), 'himalia-saml-'))
const kinds: Readonly<Record<string, Partial<IdpOptions>>> = {
  'signed assertions': {},
  'signed responses': { signResponse: true, signAssertion: false },
  'both signed, signed requests wanted': { signResponse: true, wantSigned: true },
  'encrypted assertions in signed responses': { signResponse: true, encrypt: true },
}
const scopeOf = (index: number) => `campus-${index}.example.edu`
const spMetadata = join(folder, 'sp.xml')
const idps: RunningIdp[] = []
let hub: RunningHub

before(async () => {
  const starting = Object.values(kinds).map((options, index) =>
    startIdp({ folder: join(folder, `${index}`), serviceProviders: [spMetadata], scope: scopeOf(index), ...options }),
  )
  idps.push(...(await Promise.all(starting)))
  const files = idps.map(({ metadata }, index) => {
    const file = join(folder, `idp-${index}.xml`)
    writeFileSync(file, metadata)
    return { file }
  })
  const port = await freePort()
  const config = {
    hub: {
      config: {
        JupyterHub: { authenticator_class: 'saml', public_url: `http://127.0.0.1:${port}/` },
        Authenticator: { allow_all: true, enable_auth_state: true },
        SAMLAuthenticator: {
          metadata: files,
          keys: [keyFiles(folder, 'hub.example.org'), keyFiles(folder, 'next.example.org')],
        },
      },
    },
  }
  hub = await startHub({ config: JSON.stringify(config), port })
  writeFileSync(spMetadata, await (await fetch(`${hub.url}/hub/saml/metadata`)).text())
})

after(async () => {
  await hub?.[Symbol.asyncDispose]()
  for (const idp of idps) await idp[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

const loginOf = (index: number, next = '/hub/home') =>
  `${hub.url}/hub/saml/login?entityID=${encodeURIComponent(`${idps[index]!.url}/idp`)}&next=${encodeURIComponent(next)}`

/** From the button to the page that the hub answers with in the end. */
async function signIn(browser: Browser, index: number, person: string) {
  const form = await browser.open(loginOf(index))
  assert.match(form.text, /Identity provider/)
  const posting = await browser.submit(form, { person })
  return browser.submit(posting)
}

for (const [index, name] of Object.keys(kinds).entries()) {
  test(`a person comes in from pysaml2 with ${name}`, async () => {
    const page = await signIn(new Browser(), index, 'ada')
    assert.equal(page.status, 200, page.text.slice(0, 2000) + hub.output())
    assert.equal(page.url.pathname, '/hub/home')
    const user = (await (await hub.api(`/users/ada@${scopeOf(index)}`)).json()) as {
      auth_state: { attributes: Record<string, string[]> }
    }
    const { attributes } = user.auth_state
    assert.deepEqual(attributes.displayName, ['Ada Lovelace-Müller'])
    assert.deepEqual(attributes.affiliation, [`staff@${scopeOf(index)}`, `member@${scopeOf(index)}`])
  })
}

test('an institution can not speak for people of another one, and both sides read why', async () => {
  const page = await signIn(new Browser('de'), 0, 'eve')
  assert.equal(page.status, 403)
  assert.match(page.text, /hat nicht mitgeteilt, was dieser Hub von Ihnen wissen muss/)
  assert.match(hub.output(), /SAML_IDENTIFIER_MISSING.*the scope b\.edu is not of/)
})

test('an answer that was posted by somebody else signs nobody in', async () => {
  const attacker = new Browser()
  const posting = await attacker.submit(await attacker.open(loginOf(0)), { person: 'ada' })
  const victim = new Browser()
  const page = await victim.submit(posting)
  assert.equal(page.status, 403)
  assert.match(page.text, /another browser/)
  assert.deepEqual(
    victim.cookies(hub.url).filter((name) => name.includes('login')),
    [],
  )
})

test('an answer works once', async () => {
  const browser = new Browser()
  const posting = await browser.submit(await browser.open(loginOf(0)), { person: 'ada' })
  assert.equal((await browser.submit(posting)).status, 200)
  const again = await new Browser().submit(posting)
  assert.equal(again.status, 403)
  assert.match(again.text, /used before/)
})

test('signing out here signs out there, by a signed request, and the answer ends at the hub', async () => {
  const browser = new Browser()
  await signIn(browser, 0, 'ada')
  const page = await browser.open(`${hub.url}/hub/logout`)
  assert.equal(page.status, 200, page.text.slice(0, 1000))
  assert.equal(page.url.origin, hub.url)
  assert.equal(page.url.pathname, '/hub/saml/logout')
  const home = await browser.open(`${hub.url}/hub/home`)
  assert.match(home.url.pathname, /login/)
})

test('the page to choose an institution offers all of them, and a choice leads on', async () => {
  const browser = new Browser()
  const page = await browser.open(`${hub.url}/hub/saml/login?next=%2Fhub%2Ftoken`)
  assert.equal(page.url.pathname, '/hub/saml/discovery')
  const links = [...page.text.matchAll(/href="([^"]*entityID[^"]*)"/g)].map(([, href = '']) =>
    href.replaceAll('&amp;', '&'),
  )
  assert.equal(links.length, idps.length)
  const form = await browser.open(new URL(links[0]!, hub.url))
  const end = await browser.submit(await browser.submit(form, { person: 'ada' }))
  assert.equal(end.url.pathname, '/hub/token')
})

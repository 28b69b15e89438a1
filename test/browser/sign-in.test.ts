/** Several ways of signing in on one page, and the pages after it, by keyboard alone in a real browser. */
import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, test } from 'node:test'
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { setPassword } from '../../src/hub/sign-in/index.ts'
import { startTestHub } from '../auth/world.ts'
import { noBrowser, openBrowser } from '../harness/browser.ts'
import { faintTexts } from './contrast.ts'

const password = 'correct horse battery'
const config = `
hub:
  config:
    JupyterHub: {authenticator_class: [generic-oauth, native, ldap]}
    GenericOAuthenticator:
      login_service: Example University
      client_id: hub
      client_secret: secret
      authorize_url: http://127.0.0.1:1/authorize
      token_url: http://127.0.0.1:1/token
      userdata_url: http://127.0.0.1:1/user
      allow_all: true
    NativeAuthenticator: {allow_2fa: true, check_common_password: true, minimum_password_length: 8}
    LDAPAuthenticator:
      server_address: 127.0.0.1
      bind_dn_template: ['uid={username},dc=example']
      allow_all: true`

let browser: Browser

before(async () => {
  if (!noBrowser) browser = await openBrowser()
})
after(async () => browser?.close())
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close()
})

/** Where set, pictures of every page are left there, for people to look at. */
const pictures = process.env.HIMALIA_PICTURES

async function look(page: Page, name: string): Promise<void> {
  assert.deepEqual(await page.evaluate(faintTexts), [], name)
  assert.equal(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), true, name)
  if (!pictures) return
  mkdirSync(pictures, { recursive: true })
  await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
}

/** Presses Tab until that is reached; a person without a mouse can't do otherwise. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`${selector} can't be reached with the keyboard`)
}

async function typeAt(page: Page, selector: string, text: string): Promise<void> {
  await tabTo(page, selector)
  await page.keyboard.type(text)
}

async function press(page: Page, selector: string): Promise<void> {
  await tabTo(page, selector)
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
}

const looks: readonly { locale: 'en' | 'de'; options: BrowserContextOptions }[] = [
  { locale: 'en', options: { colorScheme: 'light', viewport: { width: 1100, height: 800 } } },
  { locale: 'de', options: { colorScheme: 'dark', viewport: { width: 360, height: 700 } } },
]

for (const { locale, options } of looks) {
  test(`${locale}: ways, second factor and account, with the keyboard`, { skip: noBrowser }, async (t) => {
    const hub = await startTestHub(t, { config })
    await setPassword(hub.context, { userName: 'ada', password, actor: 'test' })
    const context = await browser.newContext({ locale, ...options })
    const page = await context.newPage()
    const failures: string[] = []
    page.on('pageerror', ({ message }) => failures.push(message))
    page.on('console', (line) => {
      if (/Content Security Policy/i.test(line.text())) failures.push(line.text())
    })

    await page.goto(`${hub.url}/hub/login?next=%2Fhub%2Faccount`)
    assert.match((await page.locator('.way').first().textContent())!, /Example University/)
    assert.equal(await page.locator('form.way').count(), 2)
    await look(page, `login-${locale}`)

    await typeAt(page, '#username-native', 'ada')
    await typeAt(page, '#password-native', 'wrong horse')
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    assert.match((await page.locator('[role=alert]').textContent())!, locale === 'de' ? /ungültig|falsch/i : /Invalid/)
    assert.equal(await page.locator('#username-native').inputValue(), 'ada')
    assert.equal(await page.locator('#username-ldap').inputValue(), '')
    assert.ok(await page.locator('.way').first().locator('#password-native').isVisible(), 'what was tried comes first')
    await look(page, `login-wrong-${locale}`)

    await typeAt(page, '#password-native', password)
    await Promise.all([page.waitForURL('**/hub/account'), page.keyboard.press('Enter')])
    await look(page, `account-${locale}`)

    await typeAt(page, '#password-for-factor', password)
    await press(page, 'button[value=second-factor]')
    const secret = (await page.locator('.otp-secret').textContent())!.replaceAll(' ', '')
    await look(page, `second-factor-new-${locale}`)
    const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: hub.context.clock.now() })
    await typeAt(page, '#first-code', code())
    await press(page, 'button[value=confirm]')
    assert.equal(await page.locator('.recovery-codes li').count(), 10)
    await look(page, `recovery-codes-${locale}`)

    await page.goto(`${hub.url}/hub/logout`)
    assert.ok(await page.locator('.way').first().locator('#username-native').isVisible(), 'the last way comes first')
    assert.match((await page.locator('#way-native').textContent())!, locale === 'de' ? /zuletzt/ : /last time/)
    await look(page, `login-again-${locale}`)
    hub.pass(60_000)
    await typeAt(page, '#username-native', 'ada')
    await typeAt(page, '#password-native', password)
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    await look(page, `second-step-${locale}`)
    await typeAt(page, '#otp', code())
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
    await page.goto(`${hub.url}/hub/account`)
    assert.equal(await page.locator('#sessions').count(), 1)

    assert.deepEqual(failures, [])
  })
}

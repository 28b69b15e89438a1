import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { noBrowser, openBrowser } from '../harness/browser.ts'
import { start } from '../oauth/hub.ts'
import { type Scene, scene, scenePages } from '../pages/scene.ts'
import { faintTexts } from './contrast.ts'

let browser: Browser

before(async () => {
  if (!noBrowser) browser = await openBrowser()
})

after(async () => browser?.close())
afterEach(async () => {
  for (const context of browser?.contexts() ?? []) await context.close()
})

async function visit({ origin, cookies }: Scene, path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en', ...options })
  await context.addCookies([...cookies])
  const page = await context.newPage()
  await page.goto(`${origin}/hub/${path}`)
  return page
}

const looks = [
  { look: 'light', options: { colorScheme: 'light' } },
  { look: 'dark', options: { colorScheme: 'dark' } },
  { look: '320 pixels wide', options: { viewport: { width: 320, height: 640 }, locale: 'de' } },
] as const

for (const { look, options } of looks) {
  test(`every page, ${look}: no script fails, nothing sticks out, all text can be read`, {
    skip: noBrowser,
  }, async (t) => {
    const here = await scene(t)
    const errors: string[] = []
    const page = await visit(here, 'health', options)
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (line) => {
      if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text())
    })
    for (const [name, path] of Object.entries(scenePages)) {
      await page.goto(`${here.origin}/hub/${path}`)

      assert.deepEqual(errors, [], name)
      assert.deepEqual(await page.evaluate(faintTexts), [], name)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), true, name)
    }
  })
}

test('a server is started with the keyboard, its progress followed, and opened', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'spawn/ada/old?next=%2Fhub%2Ftoken')

  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.getAttribute("href")'), '#content')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate('document.activeElement.value'), 'gpu')
  await page.keyboard.press('ArrowUp')
  assert.equal(await page.evaluate('document.activeElement.value'), 'learning-data-science')
  await page.keyboard.press('Enter')

  await page.waitForURL('**/hub/spawn-pending/ada/old?next=**')
  assert.deepEqual(here.hub.servers.wishes.at(-1)?.userOptions, { profile: 'learning-data-science' })
  await page.locator('#progress-log li', { hasText: 'Launching' }).waitFor()
  assert.equal(await page.locator('#progress-frame').getAttribute('aria-valuenow'), '45')
  here.hub.servers.emit({ kind: 'progress', progress: 80, message: 'Nearly <b>there</b>' })
  await page.locator('#progress-message', { hasText: 'Nearly <b>there</b>' }).waitFor()
  assert.equal(await page.locator('#progress-log li').count(), 3)
  const server = (await here.hub.servers.find(here.user.id, 'old'))!
  here.hub.servers.put({ ...server, state: { phase: 'ready', since: start, url: 'http://127.0.0.1:9' } })
  here.hub.servers.emit({ kind: 'ready', progress: 100, message: 'Ready' })

  await page.waitForURL('**/hub/token')
})

test('the reason of a failed start appears on the progress page by itself', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'spawn-pending/ada/gpu')
  const server = (await here.hub.servers.find(here.user.id, 'gpu'))!
  const reason = { code: 'TIMEOUT', message: 'It took too long.', hint: null, logTail: ['last words'] }
  here.hub.servers.put({ ...server, state: { phase: 'failed', reason } })

  here.hub.servers.emit({ kind: 'failed', progress: null, message: 'Spawn failed' })

  await page.locator('.failure', { hasText: 'It took too long.' }).waitFor()
  await page.locator('.log', { hasText: 'last words' }).waitFor()
})

test('without JavaScript a server is switched, watched and stopped', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'home', { javaScriptEnabled: false })

  await page.getByRole('link', { name: 'Switch environment', exact: true }).first().click()
  await page.getByRole('radio', { name: 'Datascience environment' }).check()
  await page.getByRole('button', { name: 'Stop and start with this environment' }).click()
  await page.waitForURL('**/hub/spawn-pending/ada')
  assert.match(await page.content(), /http-equiv="refresh"/)
  await page.getByRole('button', { name: 'Cancel the start' }).click()
  await page.waitForURL('**/hub/home')

  assert.equal(here.hub.servers.wishes.at(-1)?.replace, true)
  assert.deepEqual(here.hub.servers.stops, [{ userId: here.user.id, serverName: '', remove: false }])
})

test('an image of one’s own is asked for only where it was chosen', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'spawn/ada/old')
  const own = page.getByLabel('Name of the image')

  assert.equal(await own.isVisible(), false)
  await page.getByLabel('Image', { exact: true }).selectOption('unlisted-choice')
  await own.fill('quay.io/x:1')
  await page.getByRole('button', { name: 'Start' }).click()
  await page.waitForURL('**/hub/spawn-pending/**')

  assert.deepEqual(here.hub.servers.wishes.at(-1)?.userOptions, {
    profile: 'gpu',
    'image--unlisted-choice': 'quay.io/x:1',
  })
})

test('the choice of light or dark outlives the page', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'home', { colorScheme: 'light' })
  const theme = () => page.evaluate('document.documentElement.dataset.bsTheme')

  assert.equal(await theme(), 'light')
  await page.getByRole('button', { name: 'Switch between light and dark' }).click()
  await page.reload()

  assert.equal(await theme(), 'dark')
})

test('an administrator searches, starts a server and adds users', { skip: noBrowser }, async (t) => {
  const here = await scene(t)
  const page = await visit(here, 'admin')

  await page.getByLabel('Search by user name').fill('GRACE')
  await page.keyboard.press('Enter')
  await page.locator('#admin-status', { hasText: '1–1 of 1' }).waitFor()
  await page.getByRole('button', { name: 'Start the server grace, default server' }).click()
  await page.getByLabel('User names, one on each line').fill('lise\n\n hedy \n')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.locator('#add-status', { hasText: 'Added: lise, hedy' }).waitFor()
  await page.reload()

  await page.locator('#admin-status', { hasText: '1–1 of 1' }).waitFor()
  assert.equal(here.hub.servers.wishes.length, 1)
})

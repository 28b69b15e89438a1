/** Pictures of every page with data as in real use, light, dark and narrow: `node test/pages/gallery.ts <folder>`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { openBrowser } from '../harness/browser.ts'
import { scene, scenePages } from './scene.ts'

const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1100, height: 800 }, locale: 'en' },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1100, height: 800 }, locale: 'de' },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 320, height: 640 }, locale: 'de' },
] as const

const folder = process.argv[2] ?? 'gallery'
mkdirSync(folder, { recursive: true })
const endings: (() => unknown)[] = []
const { origin, cookies } = await scene({ after: (end: () => unknown) => endings.push(end) } as unknown as TestContext)
const browser = await openBrowser()
for (const { name: look, ...options } of looks) {
  const context = await browser.newContext(options)
  await context.addCookies([...cookies])
  for (const [name, path] of Object.entries(scenePages)) {
    const page = await context.newPage()
    await page.goto(`${origin}/hub/${path}`)
    await page.waitForFunction('!document.querySelector("#admin") || document.querySelector("#user-table tbody tr")')
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true })
    await page.close()
  }
  await context.close()
}
await browser.close()
for (const end of endings) await end()

/** A real browser: Debian's Chromium, driven by Playwright. It talks to loopback only. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Why browser tests can't run here, or false: for `test(name, { skip: noBrowser }, …)`. */
export const noBrowser: string | false = existsSync(executablePath)
  ? false
  : `there is no ${executablePath}; install Debian's package chromium, or set CHROMIUM`

/** Headless; close it when done (`await using` does). */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args, headless: true })
}

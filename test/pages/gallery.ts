/** Pictures of every page with data as in real use, light, dark and narrow: `node test/pages/gallery.ts <folder>`. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { builtInClient, createToken } from '#store'
import type { ServerState } from '../../src/hub/servers/contract.ts'
import { openBrowser } from '../harness/browser.ts'
import { start } from '../oauth/hub.ts'
import { fourProfiles, pagesHub, profile } from './hub.ts'
import { registerSampleForms } from './sample-forms.ts'

const folder = process.argv[2] ?? 'gallery'
mkdirSync(folder, { recursive: true })
const endings: (() => unknown)[] = []
const t = { after: (end: () => unknown) => endings.push(end) } as unknown as TestContext

const image = {
  name: 'image',
  displayName: 'Image',
  choices: [
    { name: 'small', displayName: 'Python 3.13', description: '', isDefault: true, override: {}, allowedGroups: null },
    {
      name: 'large',
      displayName: 'Python and R',
      description: '',
      isDefault: false,
      override: {},
      allowedGroups: null,
    },
  ],
  unlistedChoice: {
    displayName: 'Name of the image',
    displayNameInChoices: 'Another image …',
    description: 'As in <code>docker pull</code>.',
    validationRegex: '^.+:.+$',
    validationMessage: 'name:tag',
    override: {},
  },
}
const gpu = profile(
  'GPU <b>A100</b>',
  'A <a href="https://example.org">large card</a>, for <em>two hours</em> a day.',
  {
    slug: 'gpu',
    options: [image],
  },
)
const hub = await pagesHub(t, { profiles: [...fourProfiles, gpu] })
registerSampleForms(hub.app, hub.context)
const ada = await hub.addUser('ada', { admin: true })
for (const name of ['grace', 'emmy', 'margaret.hamilton-of-apollo@example.org']) await hub.addUser(name)
const reason = {
  code: 'EXITED',
  message: 'The server ended with exit code 1 before it answered.',
  hint: 'Read the last lines of its log below; often a package is missing in the environment.',
  logTail: [
    '[I 2026-08-20 12:00:01.123 ServerApp] jupyterlab | extension was successfully linked.',
    'Traceback (most recent call last):',
    '  File "/opt/conda/bin/jupyterhub-singleuser", line 5, in <module>',
    '    from jupyterhub.singleuser import main',
    "ModuleNotFoundError: No module named 'jupyterhub'",
  ],
}
const put = (name: string, displayName: string, state: ServerState) =>
  hub.servers.put({
    userId: ada.id,
    userName: 'ada',
    name,
    displayName,
    state,
    userOptions: { profile: 'spark-environment' },
    startedAt: start - 7_200_000,
    lastActivity: Date.now() - 300_000,
  })
const url = 'http://127.0.0.1:9'
put('', '', { phase: 'ready', since: start, url })
put('thesis', 'Thesis, chapter 3', { phase: 'failed', reason })
put('waiting', 'Waiting one', { phase: 'queued', position: 4 })
put('gpu', 'GPU <b>runs</b>', { phase: 'starting', since: start })
hub.servers.put({ ...put('old', 'Old project', { phase: 'stopped' }), userOptions: { profile: 'gpu', image: 'large' } })
put('going', 'Going away', { phase: 'stopping', since: start })
hub.servers.events = [
  [5, 'Server requested'],
  [20, 'Preparing the working directory of ada'],
  [45, 'Launching jupyterhub-singleuser'],
  [60, 'Waiting until the server answers at http://127.0.0.1:41234'],
].map(([progress, message], index) => ({
  id: index + 1,
  at: start,
  kind: 'progress' as const,
  progress: progress as number,
  message: message as string,
  htmlMessage: null,
  rawEvent: null,
}))
for (const [note, scopes] of [
  ['Upload script on my laptop', ['inherit']],
  ['Dashboard', ['read:servers!user=ada', 'read:users:activity!user=ada']],
] as const) {
  await createToken(hub.store.db, { userId: ada.id, secret: note, scopes, note, now: start, clientId: builtInClient })
}
const origin = await hub.app.listen({ port: 0, host: '127.0.0.1' })
const cookies = [...(await hub.signedIn(ada)).cookies].map(([name, { path, value }]) => ({
  name,
  value,
  domain: '127.0.0.1',
  path,
}))
const pages: Record<string, string> = {
  home: 'home',
  switch: 'spawn/ada',
  spawn: 'spawn/ada/old',
  pending: 'spawn-pending/ada/gpu',
  queued: 'spawn-pending/ada/waiting',
  stopping: 'spawn-pending/ada/going',
  failed: 'spawn-pending/ada/thesis',
  'not-running': 'user/grace/lab',
  token: 'token',
  admin: 'admin',
  error: 'error/503',
  missing: 'nothing-here',
  login: 'sample/login',
  'login-failed': 'sample/login-failed',
  'sign-up': 'sample/signup',
  logout: 'sample/logout',
  oauth: 'sample/oauth',
}
const browser = await openBrowser()
const looks = [
  { name: 'light', colorScheme: 'light', viewport: { width: 1100, height: 800 }, locale: 'en' },
  { name: 'dark', colorScheme: 'dark', viewport: { width: 1100, height: 800 }, locale: 'de' },
  { name: 'narrow', colorScheme: 'light', viewport: { width: 320, height: 640 }, locale: 'de' },
] as const
for (const { name: look, ...options } of looks) {
  const context = await browser.newContext(options)
  await context.addCookies(cookies)
  for (const [name, path] of Object.entries(pages)) {
    const page = await context.newPage()
    page.on('console', (line) => line.type() === 'error' && console.log(name, look, line.text()))
    page.on('pageerror', (error) => console.log(name, look, error.message))
    await page.goto(`${origin}/hub/${path}`, {
      waitUntil: name === 'pending' || name === 'queued' ? 'load' : 'networkidle',
    })
    const width = await page.evaluate('document.documentElement.scrollWidth')
    if (width !== options.viewport.width) console.log(`${name} ${look} is ${width} wide`)
    await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true })
    await page.close()
  }
  await context.close()
}
await browser.close()
for (const end of endings) await end()

/** A hub with a person and servers in every state, as a real one looks. */
import type { TestContext } from 'node:test'
import { builtInClient, createToken, type UserRow } from '#store'
import type { ServerState } from '../../src/hub/servers/contract.ts'
import { start } from '../oauth/hub.ts'
import { fourProfiles, type PagesHub, pagesHub, profile } from './hub.ts'
import { registerSampleForms } from './sample-forms.ts'

const choice = { description: '', override: {}, allowedGroups: null }
const image = {
  name: 'image',
  displayName: 'Image',
  choices: [
    { ...choice, name: 'small', displayName: 'Python 3.13', isDefault: true },
    { ...choice, name: 'large', displayName: 'Python and R', isDefault: false },
  ],
  unlistedChoice: {
    displayName: 'Name of the image',
    displayNameInChoices: 'Another image …',
    description: 'As in <code>docker pull</code>.',
    validationRegex: '^.+:.+$',
    validationMessage: 'name:tag',
    allowedGroups: null,
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
const newImage = {
  what: 'image',
  before: 'quay.io/jupyter/scipy-notebook:2026-07',
  after: 'quay.io/jupyter/scipy-notebook:2026-08',
}
const states: [name: string, displayName: string, state: ServerState][] = [
  ['', '', { phase: 'ready', since: start, url: 'http://127.0.0.1:9' }],
  ['thesis', 'Thesis, chapter 3', { phase: 'failed', reason }],
  ['waiting', 'Waiting one', { phase: 'queued', position: 4 }],
  ['gpu', 'GPU <b>runs</b>', { phase: 'starting', since: start }],
  ['old', 'Old project', { phase: 'stopped' }],
  ['going', 'Going away', { phase: 'stopping', since: start }],
]

/** The pages below `/hub/`, by a short name. */
export const scenePages: Readonly<Record<string, string>> = {
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
  approvals: 'sample/approvals',
  oauth: 'sample/oauth',
}

export interface Scene {
  readonly hub: PagesHub
  readonly user: UserRow
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string
  /** For Playwright. */
  readonly cookies: readonly { name: string; value: string; domain: string; path: string }[]
}

export async function scene(t: TestContext): Promise<Scene> {
  const hub = await pagesHub(t, { profiles: [...fourProfiles, gpu] })
  registerSampleForms(hub.app, hub.context)
  const user = await hub.addUser('ada', { admin: true })
  for (const name of ['grace', 'emmy', 'margaret.hamilton-of-apollo@example.org']) await hub.addUser(name)
  for (const [name, displayName, state] of states) {
    const userOptions = name === 'old' ? { profile: 'gpu', image: 'large' } : { profile: 'spark-environment' }
    const times = { startedAt: start - 7_200_000, lastActivity: start - 300_000 }
    const newer = name === '' ? [newImage] : []
    hub.servers.put({ userId: user.id, userName: 'ada', name, displayName, state, userOptions, newer, ...times })
  }
  hub.servers.emit({ kind: 'progress', progress: 5, message: 'Server requested' })
  hub.servers.emit({ kind: 'progress', progress: 45, message: 'Launching jupyterhub-singleuser' })
  const token = { userId: user.id, now: start, clientId: builtInClient }
  await createToken(hub.store.db, { ...token, secret: 'one', scopes: ['inherit'], note: 'Upload script on my laptop' })
  await createToken(hub.store.db, { ...token, secret: 'two', scopes: ['read:servers!user=ada'], note: 'Dashboard' })
  const origin = await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const cookies = [...(await hub.signedIn(user)).cookies].map(([name, cookie]) => ({
    name,
    ...cookie,
    domain: '127.0.0.1',
  }))
  return { hub, user, origin, cookies }
}

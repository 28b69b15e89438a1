/** A hub with its pages, over a real database and servers whose states the test sets. */
import type { TestContext } from 'node:test'
import { systemClock } from '#base/clock.ts'
import type { Profile, Settings } from '#config'
import { createApp } from '../../src/hub/http/server.ts'
import { registerIdentity } from '../../src/hub/identify.ts'
import { registerPages, renderError } from '../../src/hub/pages/index.ts'
import { registerApi } from '../../src/hub/routes/index.ts'
import { Browser, type TestHub, testHub } from '../oauth/hub.ts'
import { PageServers } from './page-servers.ts'

export interface PagesHub extends TestHub {
  readonly servers: PageServers
}

export async function pagesHub(
  t: TestContext,
  { hub = {}, profiles = fourProfiles }: { hub?: Partial<Settings['hub']>; profiles?: readonly Profile[] } = {},
): Promise<PagesHub> {
  const servers = new PageServers(profiles)
  const control = { proxyRoutes: async () => new Map(), checkRoutes: async () => {}, shutDown: () => {} }
  const settings = {
    allowNamedServers: true,
    namedServerLimitPerUser: 0,
    defaultServerName: '',
    implicitSpawnSeconds: 0,
    useLegacyStoppedServerStatusCode: false,
    tokenExpiresInMaxSeconds: 0,
    apiPageDefaultLimit: 50,
    apiPageMaxLimit: 200,
    logoFile: null,
    extraHeaders: {},
    ...hub,
  } as Partial<Settings['hub']>
  const made = await testHub(t, { hub: settings, more: { profiles } })
  const { context } = made
  const clock = { now: context.clock.now, sleep: systemClock.sleep }
  const reloadState = () => ({ at: null, waiting: [], refused: null })
  Object.assign(context, { servers, clock, reloadState, spawner: { name: 'process' } })
  const app = createApp(context, { renderError: (request, problem) => renderError(request, context, problem) })
  registerIdentity(app, context)
  registerPages(app, context)
  registerApi(app, context, { control })
  t.after(() => app.close())
  return {
    ...made,
    app,
    servers,
    browser: () => new Browser(app),
    async signedIn(user) {
      const browser = new Browser(app)
      for (const [name, cookie] of (await made.signedIn(user)).cookies) browser.cookies.set(name, cookie)
      return browser
    },
  }
}

const profile = (displayName: string, description: string, more: Partial<Profile> = {}): Profile => ({
  slug: displayName.toLowerCase().replaceAll(' ', '-'),
  displayName,
  description,
  isDefault: false,
  override: {},
  allowedGroups: null,
  options: [],
  ...more,
})

/** Those of the guide that z2jh's users follow. */
export const fourProfiles: readonly Profile[] = [
  profile('Minimal environment', 'To avoid too much bells and whistles: Python.', { isDefault: true }),
  profile('Datascience environment', 'If you want the additional bells and whistles: Python, R, and Julia.'),
  profile('Spark environment', 'The Jupyter Stacks spark image!'),
  profile('Learning Data Science', 'Datascience Environment with Sample Notebooks'),
]
export { profile }

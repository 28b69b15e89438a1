/** What ours decides about the same cases: the real authenticator, with a provider on loopback that answers as told. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAuthenticators, type Step } from '#authenticators'
import { HimaliaError } from '#base/errors.ts'
import type { Settings } from '#config'
import { testDeps } from '../../src/authenticators/deps.fixture.ts'
import { testBrowser } from '../../src/authenticators/visit.fixture.ts'
import { checkMayEnter } from '../../src/hub/sign-in/may-enter.ts'
import { checkUserName, normaliseUserName } from '../../src/hub/sign-in/user-name.ts'
import type { PeerCase } from './cases.ts'
import { settingsOf } from './world.ts'

export interface Decided {
  readonly name?: string
  readonly admin?: boolean | null
  readonly groups?: readonly string[] | null
  readonly denied?: string
}

/** Answers with the case's tokens, user and statuses, whatever the path begins with. */
export async function scriptedProvider() {
  let current: PeerCase | null = null
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const json = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (path === '/token') return void json(current?.tokens)
    if (path === '/me') return void json(current?.user)
    const status =
      Object.entries(current?.answers ?? {}).find(([address]) => new URL(address).pathname === path)?.[1] ?? 404
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    close: () => new Promise((resolve) => server.close(resolve)),
    async decide(one: PeerCase): Promise<Decided> {
      current = one
      return decide(one, url)
    },
  }
}

async function decide(one: PeerCase, url: string): Promise<Decided> {
  const where = { authorize_url: `${url}/auth`, token_url: `${url}/token`, userdata_url: `${url}/me` }
  const api = one.way === 'github' ? { github_api: url } : {}
  const section = { client_id: 'hub', client_secret: 'secret', ...where, ...api, ...one.traits }
  const config = { hub: { config: { JupyterHub: { authenticator_class: one.way }, [one.class]: section } } }
  const { ways } = await settingsOf(JSON.stringify(config))
  return enters(await walk(ways[0]!), ways[0]!.rules)
}

async function walk(way: Settings['ways'][number]): Promise<Step> {
  const [authenticator] = await createAuthenticators([way], () => testDeps(way))
  const route = (path: string) => authenticator!.routes!.find((one) => one.path === path)!
  const browser = testBrowser()
  const begun = (await route('oauth_login').run(browser({ url: '/hub/oauth_login' }))) as { url: string }
  const state = new URL(begun.url).searchParams.get('state')
  return route('oauth_callback').run(browser({ url: `/hub/oauth_callback?code=a-code&state=${state}` }))
}

function enters(step: Step, rules: Settings['ways'][number]['rules']): Decided {
  if (step.kind !== 'identity') return { denied: step.kind === 'denied' ? step.code : step.kind }
  const { identity } = step
  const name = normaliseUserName(identity.userName.trim(), rules)
  try {
    checkUserName(name, rules)
    const { isAdmin } = checkMayEnter({ name, isKnown: false, identity }, rules)
    return { name, admin: isAdmin, groups: rules.manageGroups ? identity.groups : null }
  } catch (error) {
    if (error instanceof HimaliaError) return { denied: error.code }
    throw error
  }
}

/** The hub that nonsense is sent to, with the people, tokens and clients whose rights it tries to get. */
import assert from 'node:assert/strict'
import { eventually, type RunningHub } from '../../harness/hub.ts'
import { type Answer, exchangeBytes, type RawRequest, requestBytes } from '../../harness/raw-request.ts'
import { Visitor } from '../../harness/visitor.ts'

export interface Client {
  readonly id: string
  readonly secret: string
  readonly redirectUri: string
}

export interface World {
  readonly hub: RunningHub
  readonly port: number
  /** Signed in; her default server runs, her server `data` is defined. */
  readonly ada: Visitor
  /** Signed in; never started anything. */
  readonly bob: Visitor
  readonly tokens: Readonly<Record<'admin' | 'bob' | 'narrow' | 'expired', string>>
  readonly course: Client
  readonly other: Client
}

/** A row of the tables. */
export interface Nonsense {
  readonly name: string
  readonly wanted: readonly number[]
  readonly send: (world: World) => Promise<Answer>
  /** What must be true of the answer beyond its status. */
  readonly holds?: (answer: Answer, world: World) => void
}

export const password = 'the right password'
/** A user name that breaks out of an attribute and of an element. */
export const markup = `"><img src=x onerror=alert(1)>`

/** What the hub must be started with. */
export const config = `
hub:
  allowNamedServers: true
  config:
    JupyterHub:
      authenticator_class: dummy
      load_groups:
        students:
          users: [ada]
    DummyAuthenticator:
      password: ${password}
    Authenticator:
      allow_all: true
  services:
    course:
      apiToken: course-secret-0123456789
      oauth_client_id: service-course
      oauth_redirect_uri: http://127.0.0.1:9/callback
      oauth_no_confirm: true
    other:
      apiToken: other-secret-0123456789
      oauth_client_id: service-other
      oauth_redirect_uri: http://127.0.0.1:9/other
      oauth_no_confirm: true
  loadRoles:
    everybody:
      description: may use the services
      scopes: [access:services, self]
      groups: [students]
`

export async function makeWorld(hub: RunningHub): Promise<World> {
  const [ada, bob] = [new Visitor(hub.url), new Visitor(hub.url)]
  // Signing in leads to the page that starts a server; these two only take the cookies.
  for (const [name, visitor] of [['ada', ada] as const, ['bob', bob] as const]) await enter(visitor, name)
  await createUser(hub, markup)
  await startServers(hub)
  const token = (user: string, body: object) => newToken(hub, user, body)
  const tokens = {
    admin: hub.adminToken,
    bob: await token('bob', {}),
    narrow: await token('bob', { scopes: ['read:users:name!user=bob'] }),
    expired: await token('bob', { expires_in: 1 }),
  }
  await eventually('the short-lived token has ended', async () => {
    const answer = await hub.api('/user', { token: tokens.expired })
    return answer.status === 403
  })
  return {
    hub,
    port: Number(new URL(hub.url).port),
    ada,
    bob,
    tokens,
    course: client('course', 'callback'),
    other: client('other', 'other'),
  }
}

function client(name: string, path: string): Client {
  return { id: `service-${name}`, secret: `${name}-secret-0123456789`, redirectUri: `http://127.0.0.1:9/${path}` }
}

async function enter(visitor: Visitor, username: string): Promise<void> {
  await visitor.request('/hub/login')
  const body = new URLSearchParams({ username, password, _xsrf: visitor.cookie('_xsrf') ?? '' }).toString()
  const page = await visitor.request('/hub/login', { method: 'POST', headers: form, body })
  assert.equal(page.status, 302, page.text)
}

async function createUser(hub: RunningHub, name: string): Promise<void> {
  const answer = await hub.api(`/users/${encodeURIComponent(name)}`, { method: 'POST' })
  assert.equal(answer.status, 201, await answer.text())
}

async function startServers(hub: RunningHub): Promise<void> {
  assert.equal((await hub.api('/users/ada/servers/data', { method: 'PUT' })).status, 201)
  assert.ok((await hub.api('/users/ada/server', { method: 'POST' })).ok)
  await eventually('the server of ada is ready', async () => {
    const user = (await (await hub.api('/users/ada')).json()) as { server: string | null }
    return user.server
  })
}

async function newToken(hub: RunningHub, user: string, body: object): Promise<string> {
  const answer = await hub.api(`/users/${user}/tokens`, { method: 'POST', body: JSON.stringify(body) })
  assert.equal(answer.status, 201, await answer.clone().text())
  return ((await answer.json()) as { token: string }).token
}

/** Headers of a form on a page of the hub. */
export const form = {
  'Content-Type': 'application/x-www-form-urlencoded',
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
}

/** Bytes as they are. */
export function bytes(text: string | Uint8Array): Nonsense['send'] {
  return ({ port }) => exchangeBytes(port, text)
}

export function plain(request: RawRequest): Nonsense['send'] {
  return bytes(requestBytes(request))
}

type Who = keyof World['tokens']

/** A request of the API with somebody's token; a body that is no text is sent as JSON. */
export function api(method: string, path: string, { as = 'admin', body, headers = {} }: ApiNonsense = {}) {
  return ({ port, tokens }: World) =>
    exchangeBytes(
      port,
      requestBytes({
        method,
        path: `/hub/api${path}`,
        headers: { Authorization: `token ${tokens[as]}`, ...headers },
        ...(body === undefined
          ? {}
          : { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) }),
      }),
    )
}

interface ApiNonsense {
  readonly as?: Who
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** A request with the cookies of a signed-in browser. */
export function browser(
  who: 'ada' | 'bob',
  request: (world: World) => RawRequest & { readonly cookie?: string },
): Nonsense['send'] {
  return (world) => {
    const { cookie, ...made } = request(world)
    const own = cookie ?? world[who].cookieHeader(made.path)
    return exchangeBytes(
      world.port,
      requestBytes({ ...made, headers: { Host: `127.0.0.1:${world.port}`, Cookie: own, ...made.headers } }),
    )
  }
}

export function fields(record: Readonly<Record<string, string>>): string {
  return new URLSearchParams(record).toString()
}

export function row(
  name: string,
  wanted: readonly number[],
  send: Nonsense['send'],
  holds?: Nonsense['holds'],
): Nonsense {
  return holds ? { name, wanted, send, holds } : { name, wanted, send }
}

/** Unmodified `jupyterhub-singleuser` of JupyterHub 2 to 6 under one hub. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { eventually, type RunningHub, startHub } from '../harness/hub.ts'
import { runInKernel, startKernel } from '../harness/kernel.ts'
import { serverProcesses } from '../harness/processes.ts'
import { pythonEnvironment, singleUserVersions } from '../harness/python.ts'
import { Visitor } from '../harness/visitor.ts'

const programs = singleUserVersions.map((version) => ({
  version,
  user: `hub-${version.replace('.', '-')}`,
  program: join(pythonEnvironment(version), 'bin', 'jupyterhub-singleuser'),
  hasPkce: Number.parseInt(version, 10) >= 6,
}))

// Servers believe what the hub said of a visitor for five minutes, unless told otherwise.
const config = `
hub:
  config:
    JupyterHub:
      authenticator_class: dummy
    Authenticator:
      allow_all: true
singleuser:
  extraEnv:
    JUPYTERHUB_ACTIVITY_INTERVAL: "2"
  profileList:
${programs
  .map(
    ({ version, user, program }) => `
    - display_name: JupyterHub ${version}
      slug: ${user}
      kubespawner_override:
        cmd: ["${program}", "--HubOAuth.cache_max_age=1"]`,
  )
  .join('\n')}
`

interface ServerModel {
  readonly ready: boolean
  readonly last_activity: string
  readonly started: string
}

async function serverOf(hub: RunningHub, user: string): Promise<ServerModel | null> {
  const { servers } = (await (await hub.api(`/users/${user}`)).json()) as { servers: Record<string, ServerModel> }
  return servers[''] ?? null
}

test('servers of every JupyterHub from 2 to 6 work under one hub', async (t) => {
  await using hub = await startHub({ config })
  const stranger = new Visitor(hub.url)
  await stranger.signIn('stranger')

  for (const { version, user, hasPkce } of programs) {
    await t.test(`JupyterHub ${version}`, async (t) => {
      const path = `/user/${user}/`
      const visitor = new Visitor(hub.url)
      const kernels = { origin: hub.url, path, visitor }
      await visitor.signIn(user)

      await t.test('the server becomes ready', async () => {
        const began = await hub.api(`/users/${user}/server`, {
          method: 'POST',
          body: JSON.stringify({ profile: user }),
        })
        assert.ok([201, 202].includes(began.status), await began.text())
        await eventually(`${user} is ready`, async () => (await serverOf(hub, user))?.ready ?? false, 180_000)
      })

      await t.test(`its owner comes in ${hasPkce ? 'with' : 'without'} PKCE`, async () => {
        const away = await visitor.request(`${path}lab`)
        const authorize = new URL(away.headers.get('location') ?? '', hub.url)
        assert.equal(authorize.pathname, '/hub/api/oauth2/authorize')
        assert.equal(authorize.searchParams.has('code_challenge'), hasPkce)

        const lab = await visitor.open(`${path}lab`)
        assert.equal(lab.status, 200)
        assert.equal(new URL(lab.url).pathname, `${path}lab`)
        assert.match(lab.text, /jupyter-config-data/)
      })

      await t.test('another user is refused', async () => {
        const refused = await stranger.open(`${path}lab`)
        assert.equal(refused.status, 403)
        assert.doesNotMatch(refused.text, /jupyter-config-data/)
      })

      await t.test('a kernel runs code over the websocket, started with cookie and XSRF token only', async () => {
        assert.equal((await startKernel(kernels, 'without')).status, 403)
        const made = await startKernel(kernels, 'with')
        assert.equal(made.status, 201, made.text)
        const { id } = JSON.parse(made.text) as { id: string }

        assert.equal(await runInKernel(kernels, { id, code: 'print(6*7)' }), '42\n')
      })

      await t.test('its activity is known to the hub', async () => {
        const before = Date.parse((await serverOf(hub, user))?.last_activity ?? '')
        await visitor.request(`${path}api/contents`)

        await eventually('a later activity has come', async () => {
          return Date.parse((await serverOf(hub, user))?.last_activity ?? '') > before
        })
      })

      await t.test('who signs out of the hub is out of the server, too', async () => {
        assert.equal((await visitor.request(`${path}lab`)).status, 200, 'in before')
        const cookies = { cookie: visitor.cookieHeader(path) }
        await visitor.open('/hub/logout')

        await eventually('the old cookies open nothing', async () => {
          const { status } = await visitor.request(`${path}lab`, { headers: cookies })
          return status === 302 || status === 403
        })
        assert.equal(new URL((await visitor.open(`${path}lab`)).url).pathname, '/hub/login')
      })

      await t.test('a stop ends it with its kernel', async () => {
        assert.ok(serverProcesses(hub.dataDir).length >= 2, 'the server and its kernel run')
        const stopped = await hub.api(`/users/${user}/server`, { method: 'DELETE' })
        assert.ok([202, 204].includes(stopped.status))
        await eventually('it has stopped', async () => (await serverOf(hub, user)) === null)

        assert.deepEqual(serverProcesses(hub.dataDir), [])
        assert.equal((await fetch(`${hub.url}${path}api/kernels`)).status, 424)
      })
    })
  }
})
